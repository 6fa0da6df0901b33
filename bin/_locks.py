"""The two lock files agree, every pin has hashes, and the .in files ask for nothing else."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    return {normal(package): version for package, version in PIN.findall((ROOT / name).read_text())}


def normal(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


def asked(name: str) -> set[str]:
    lines = (ROOT / name).read_text().splitlines()
    found = (
        re.match(r"[A-Za-z0-9._-]+", line) for line in lines if not line.startswith(("#", "-"))
    )
    return {normal(match[0]) for match in found if match}


def main() -> int:
    runtime, development = pins("requirements.txt"), pins("requirements-dev.txt")
    found = [
        f"{package} is {version} in requirements.txt and {development.get(package)} in requirements-dev.txt"
        for package, version in runtime.items()
        if development.get(package) != version
    ]
    found += [
        f"{name} is asked for but not locked: run bin/lock"
        for name in asked("requirements.in") - set(runtime)
    ]
    found += [
        f"{name} is asked for but not locked: run bin/lock"
        for name in asked("requirements-dev.in") - set(development)
    ]
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()
        blocks = re.split(r"^(?=[A-Za-z0-9._-]+(?:\[[^\]]*\])?==)", text, flags=re.MULTILINE)[1:]
        found += [
            f"{name}: no hash for {block.split()[0]}" for block in blocks if "--hash=" not in block
        ]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
