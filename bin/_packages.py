"""Make `.venv` hold exactly what a lock file says, and say what is happening meanwhile.

Standard library only: it runs before anything is installed. Usage: _packages.py LOCK
"""

import fcntl
import hashlib
import re
import subprocess
import sys
import time
from collections import deque
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
# The development lock holds all of the runtime's pins, so installing it serves both.
SERVED_BY = {
    "requirements.txt": ["requirements.txt"],
    "requirements-dev.txt": ["requirements-dev.txt", "requirements.txt"],
}


def say(text: str) -> None:
    print(text, flush=True)


def fingerprint(lock: str) -> str:
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


def stamp(lock: str) -> Path:
    return VENV / f".{lock}.installed"


def is_current(lock: str) -> bool:
    return PYTHON.exists() and stamp(lock).exists() and stamp(lock).read_text() == fingerprint(lock)


def works() -> bool:
    """A copied folder or a removed Python leaves an environment that no longer starts."""
    if not PYTHON.exists():
        return False
    asked = subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False)
    return asked.returncode == 0


def make_environment() -> None:
    say("Making a virtual environment in .venv")
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        sys.exit(
            f"{made.stdout}{made.stderr}\nThe virtual environment could not be made. "
            "On Debian and Ubuntu this adds what is missing:  sudo apt install python3-venv"
        )


def show(done: int, count: int) -> None:
    if sys.stdout.isatty():
        print(f"\r  {done} of {count} packages", end="", flush=True)
    elif done % 20 == 0:
        say(f"  {done} of {count} packages")


def install(lock: str) -> None:
    count = len(re.findall(r"^[A-Za-z0-9].*==", (ROOT / lock).read_text(), re.MULTILINE))
    say(f"Installing {count} packages from {lock} (once; about a minute)")
    started = time.monotonic()
    pip = subprocess.Popen(
        [
            *(str(PYTHON), "-m", "pip", "install", "--require-hashes", "--no-deps"),
            *("--only-binary", ":all:", "--no-input", "--progress-bar", "off"),
            *("--disable-pip-version-check", "-r", lock),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert pip.stdout is not None
    last_lines: deque[str] = deque(maxlen=25)
    done = 0
    for line in pip.stdout:
        last_lines.append(line)
        if line.startswith(("Collecting ", "Requirement already satisfied")):
            done += 1
            show(done, count)
        elif line.startswith("Installing collected"):
            say("\n  unpacking" if sys.stdout.isatty() else "  unpacking")
    if pip.wait():
        sys.exit("".join(last_lines) + "\nThe packages could not be installed; see above.")
    for served in SERVED_BY[lock]:
        stamp(served).write_text(fingerprint(served))
    say(f"  done in {time.monotonic() - started:.0f} seconds")


def main(lock: str) -> None:
    if is_current(lock):
        return
    with Path(__file__).open() as itself:
        fcntl.flock(itself, fcntl.LOCK_EX)  # two commands started at once install once
        if is_current(lock):
            return
        if not works():
            make_environment()
        install(lock)


if __name__ == "__main__":
    main(sys.argv[1])
