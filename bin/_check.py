"""Run every check, two at a time; print what fails, and how long each took."""

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PYTHON = sys.executable

# The longest first, so that both cores are busy to the end.
CHECKS = [
    ("types", [str(BIN / "mypy")]),
    ("templates", [str(BIN / "djlint"), "--lint", "--quiet", *sorted(
        str(folder.relative_to(ROOT)) for folder in ROOT.glob("*/templates")
    )]),
    ("arrows between rooms", [str(BIN / "lint-imports")]),
    ("settings, routes and their policies", [PYTHON, "manage.py", "check", "--fail-level", "WARNING"]),
    ("migrations", [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"]),
    ("lint", [str(BIN / "ruff"), "check", "."]),
    ("format", [str(BIN / "ruff"), "format", "--check", "."]),
    ("translations", [PYTHON, "bin/_translations.py"]),
    ("nothing private", [PYTHON, "bin/_private.py"]),
    ("locks", [PYTHON, "bin/_locks.py"]),
]  # fmt: skip


def run(name: str, command: list[str], folder: str) -> bool:
    started = time.monotonic()
    # The checks read settings only: a folder of their own keeps them off a running site.
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "VAR_DIR": folder, "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    took = time.monotonic() - started
    print(f"  {'ok' if done.returncode == 0 else 'FAILED':<7}{name} ({took:.1f} s)", flush=True)
    if done.returncode:
        print(done.stdout, flush=True)
    return done.returncode == 0


def main() -> int:
    print("bin/check", flush=True)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda check: run(*check, folder), CHECKS))
    if not all(results):
        print(f"bin/check: {results.count(False)} of {len(results)} checks failed", flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
