"""bin/run: everything starts, what dies comes back, and nothing outlives the one who started it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from config import supervisor, valkey

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE_SECONDS = 90
SERVICE_NAMES = ("DATABASE_URL", "REDIS_URL", "VAR_DIR", "PORT")


@dataclass
class Site:
    process: subprocess.Popen[str]
    folder: Path
    port: int
    log: Path

    def said(self) -> str:
        return self.log.read_text()

    def answers(self) -> bool:
        with suppress(OSError):
            return bool(urllib.request.urlopen(self.url, timeout=2).status == 200)  # noqa: S310
        return False

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}/healthz"

    def processes(self, command: str = "") -> list[int]:
        """All that was started with this site's folder, whoever its parent is now."""
        mine = f"VAR_DIR={self.folder}".encode()
        found = []
        for entry in Path("/proc").iterdir():
            with suppress(OSError):
                words = (entry / "cmdline").read_bytes() if entry.name.isdecimal() else b""
                if command.encode() in words and words and mine in (entry / "environ").read_bytes():
                    found.append(int(entry.name))
        return found


def wait_until(is_so: Callable[[], bool], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    limit = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < limit, f"waited {seconds} s for {what}"
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start(folder: Path, port: int, log: Path) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if name not in SERVICE_NAMES}
    with log.open("w") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "config.supervisor", "--empty"],
            cwd=ROOT,
            env={**environment, "VAR_DIR": str(folder), "PORT": str(port)},
            stdout=output,
            stderr=output,
            text=True,
        )


@contextmanager
def running(folder: Path) -> Iterator[Site]:
    port, log = free_port(), folder / "output.log"
    site = Site(start(folder, port, log), folder, port, log)
    try:
        wait_until(lambda: "Orangery is ready" in site.said(), f"the site to start: {site.said()}")
        yield site
    finally:
        site.process.kill()
        site.process.wait()
        for number in site.processes():
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second start finds the tables of the first."""
    return tmp_path_factory.mktemp("site")


@pytest.fixture
def site(folder: Path) -> Iterator[Site]:
    with running(folder) as started:
        yield started


def test_what_dies_comes_back_and_a_stop_stops_everything(site: Site, tmp_path: Path) -> None:
    assert site.answers()
    assert f"http://localhost:{site.port}/" in site.said()
    wait_until(lambda: "ready." in site.said(), "the worker")

    for number in site.processes("granian"):
        os.kill(number, signal.SIGKILL)
    wait_until(
        lambda: "web was killed by SIGKILL; starting it again in 1 s" in site.said(), "words"
    )
    wait_until(site.answers, "the site to answer again")

    second = start(site.folder, free_port(), tmp_path / "second.log")
    assert second.wait(PATIENCE_SECONDS) == 1
    assert "Orangery already runs on" in (tmp_path / "second.log").read_text()

    started_at = time.monotonic()
    site.process.send_signal(signal.SIGTERM)
    assert site.process.wait(PATIENCE_SECONDS) == 0
    assert time.monotonic() - started_at < 15
    assert site.processes() == []


def test_nothing_outlives_a_supervisor_that_was_killed(site: Site) -> None:
    wait_until(lambda: "ready." in site.said(), "the worker")
    # Itself, queue, web and its child, worker, timetable.
    wait_until(lambda: len(site.processes()) >= 5, "all of them to be there")
    site.process.kill()
    site.process.wait()
    wait_until(lambda: site.processes() == [], "all of them to end", seconds=10)


def test_a_taken_port_is_told_in_words(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = start(tmp_path, port, tmp_path / "output.log")
        assert process.wait(PATIENCE_SECONDS) == 1
    assert f"Port {port} is taken" in (tmp_path / "output.log").read_text()


@pytest.mark.parametrize("given", ["0", "99999", "http", "-1"])
def test_a_port_that_is_none_is_told_in_words(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", given)
    with pytest.raises(supervisor.CannotStart, match="PORT is"):
        supervisor.require_free_port()


def test_the_queue_of_a_deeply_nested_checkout_listens_in_a_short_place(tmp_path: Path) -> None:
    deep = tmp_path / "/".join(["a-folder-with-a-long-name"] * 6)
    server, path = valkey.start(deep, keeps=True)
    try:
        assert len(str(path)) < 60
        assert valkey.answers(deep)
        assert path.parent.stat().st_mode & 0o077 == 0
    finally:
        server.terminate()
        server.wait(10)


def test_a_short_place_that_somebody_else_made_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_to_all = tmp_path / "orangery-0-123"
    open_to_all.mkdir(mode=0o777)
    open_to_all.chmod(0o777)
    monkeypatch.setattr(valkey, "socket_in", lambda folder: open_to_all / "valkey.sock")
    with pytest.raises(PermissionError, match="not ours alone"):
        valkey.command(tmp_path / "var", keeps=True)
