"""`bin/run`: web, worker and beat in one terminal, with a Valkey if none is given.

One loop, no threads: it prefixes what its children print, starts again whoever died, and
stops them all, by force where asking does not help.
"""

import contextlib
import fcntl
import http.client
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from config import process, valkey

POLITE_SECONDS = 6  # between asking a child to stop and ending it
LONGEST_BACK_OFF_SECONDS = 30
COLOURS = {"valkey": 35, "setup": 32, "web": 36, "worker": 33, "beat": 34}


class CannotStart(Exception):
    """What keeps the site from starting, in words for the person at the terminal."""


class Stopped(Exception):
    """Ctrl-C or SIGTERM."""


@dataclass
class Program:
    name: str
    command: Callable[[], list[str]]
    child: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    due_at: float = 0.0  # when to start it, after it died
    deaths: int = 0
    unfinished_line: bytes = b""

    @property
    def is_running(self) -> bool:
        return self.child is not None and self.child.poll() is None

    def signal(self, number: signal.Signals) -> None:
        """To the child and all that it started: they share a process group."""
        if self.child is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.child.pid, number)


@dataclass
class Supervisor:
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    programs: list[Program] = field(default_factory=list)

    # --- printing

    def say(self, text: str, name: str = "run") -> None:
        prefix = f"{name:<6} | "
        if sys.stdout.isatty() and "NO_COLOR" not in os.environ:
            prefix = f"\033[{COLOURS.get(name, 37)}m{prefix}\033[0m"
        for line in text.splitlines() or [""]:
            # What a machine is to read (LOG_FORMAT=json) is passed on as it is.
            print(line if line.startswith("{") else prefix + line, flush=True)

    def listen(self, seconds: float) -> None:
        """Pass on what the children print, for at most so long."""
        for key, _ in self.selector.select(seconds):
            program: Program = key.data
            chunk = os.read(key.fd, 65536)
            *lines, program.unfinished_line = (program.unfinished_line + chunk).split(b"\n")
            for line in lines:
                self.say(line.decode(errors="replace"), program.name)
            if not chunk:
                self.selector.unregister(key.fileobj)
                os.close(key.fd)

    # --- starting and minding

    def start(self, program: Program) -> None:
        reading, writing = os.pipe()
        try:
            program.child = subprocess.Popen(  # noqa: S603 - our own programs
                program.command(),
                stdin=subprocess.DEVNULL,
                stdout=writing,
                stderr=subprocess.STDOUT,
                env={**os.environ, process.SUPERVISED: "1", "PYTHONUNBUFFERED": "1"},
                start_new_session=True,
                preexec_fn=process.die_with_parent,
            )
        finally:
            os.close(writing)
        os.set_blocking(reading, False)
        self.selector.register(reading, selectors.EVENT_READ, program)
        program.started_at = time.monotonic()

    def run_to_end(self, program: Program) -> int:
        self.programs.append(program)
        self.start(program)
        while program.is_running:
            self.listen(0.2)
        self.listen(0.1)
        self.programs.remove(program)
        return program.child.wait() if program.child else 1

    def mind(self) -> None:
        """Start again whoever died, later and later while it keeps dying."""
        now = time.monotonic()
        for program in self.programs:
            if program.child is not None and program.child.poll() is not None:
                if now - program.started_at > 60:
                    program.deaths = 0
                wait = min(2**program.deaths, LONGEST_BACK_OFF_SECONDS)
                program.deaths += 1
                program.due_at = now + wait
                ending = _ending(program.child.returncode)
                self.say(f"{program.name} {ending}; starting it again in {wait} s", program.name)
                program.signal(signal.SIGKILL)  # what it may have left behind
                program.child = None
            elif program.child is None and now >= program.due_at:
                self.start(program)

    # --- stopping

    def stop(self) -> None:
        """The queue goes last, so that a worker can put back what it did not finish."""
        signal.signal(signal.SIGINT, lambda *_: self._end(self.programs))
        others = [program for program in self.programs if program.name != "valkey"]
        for group in (others, [program for program in self.programs if program.name == "valkey"]):
            for program in group:
                program.signal(signal.SIGTERM)
            limit = time.monotonic() + POLITE_SECONDS
            while any(program.is_running for program in group) and time.monotonic() < limit:
                self.listen(0.1)
            self._end(group)

    def _end(self, programs: list[Program]) -> None:
        for program in programs:
            if program.is_running:
                self.say(f"{program.name} did not stop by itself; ended", program.name)
            program.signal(signal.SIGKILL)
            if program.child is not None:
                program.child.wait()


def _ending(code: int) -> str:
    return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"


# --- what bin/run runs --------------------------------------------------------------------


def programs(settings: object) -> list[Program]:
    python, workers = sys.executable, getattr(settings, "WEB_WORKERS", 1)
    celery = [python, "-m", "celery", "-A", "config", "--quiet"]
    pool = ["-P", "threads"] if getattr(settings, "USES_SQLITE", True) else ["-P", "prefork"]
    web = [
        *(python, "-m", "granian", "--interface", "wsgi", "config.wsgi:application"),
        *("--host", _host(), "--port", str(_port()), "--workers", str(workers)),
        *("--blocking-threads", os.environ.get("WEB_THREADS", "4"), "--no-ws", "--http", "1"),
        *("--respawn-failed-workers", "--workers-kill-timeout", "4", "--log-level", "warning"),
    ]
    worker = [
        *celery,
        *("worker", *pool, "-c", os.environ.get("WORKER_CONCURRENCY", "2")),
        *("--without-gossip", "--without-mingle", "--loglevel", "WARNING"),
    ]
    beat = [*celery, "beat", "--pidfile=", "--loglevel", "WARNING"]
    return [
        Program("web", lambda: web),
        Program("worker", lambda: worker),
        Program("beat", lambda: beat),
    ]


def _host() -> str:
    return os.environ.get("HOST", "127.0.0.1")


def _port() -> int:
    given = os.environ.get("PORT", "8000")
    if not given.isdigit() or not 1 <= int(given) <= 65535:
        raise CannotStart(f"PORT is {given!r}; it must be a number from 1 to 65535.")
    return int(given)


def require_free_port() -> None:
    family = socket.AF_INET6 if ":" in _host() else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_host(), _port()))
        except OSError as problem:
            raise CannotStart(
                f"Port {_port()} is taken, or not ours to take ({problem.strerror}).\n"
                f"Stop what runs there, or choose another:  PORT={_port() + 1} bin/run"
            ) from None


def lock(folder: Path) -> None:
    """Held until this process ends: two supervisors would fight over one database and socket."""
    held = os.open(folder / "run.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        other = os.read(held, 20).decode() or "?"
        raise CannotStart(
            f"Orangery already runs on {folder} (process {other}). Stop that one first,\n"
            f"or give this one a folder of its own:  VAR_DIR=/another/folder PORT=8001 bin/run"
        ) from None
    os.truncate(held, 0)
    os.write(held, str(os.getpid()).encode())


def site_answers(site_url: str) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(_host(), _host())  # noqa: S104 - read, not bound
    connection = http.client.HTTPConnection(host, _port(), timeout=2)
    try:
        connection.request("GET", "/healthz", headers={"Host": urlsplit(site_url).netloc})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _raise_stopped(number: int, frame: FrameType | None) -> None:
    raise Stopped


def _start_valkey(supervisor: Supervisor, folder: Path) -> None:
    program = Program("valkey", lambda: valkey.command(folder, keeps=True))
    supervisor.programs.append(program)
    supervisor.start(program)
    limit = time.monotonic() + 30
    while not valkey.answers(folder):
        supervisor.listen(0.05)
        if not program.is_running or time.monotonic() > limit:
            supervisor.listen(0.1)
            raise CannotStart(
                f"The embedded Valkey did not start; its last words are in {folder / 'valkey.log'}."
            )


def serve(supervisor: Supervisor, arguments: list[str]) -> None:
    try:
        from django.conf import settings

        folder: Path = settings.VAR_DIR
    except ImproperlyConfigured as problem:
        raise CannotStart(str(problem)) from None
    require_free_port()
    lock(folder)
    if "REDIS_URL" not in os.environ:
        _start_valkey(supervisor, folder)
    setup = [sys.executable, "manage.py", "prepare_site", *arguments]
    if supervisor.run_to_end(Program("setup", lambda: setup)):
        raise CannotStart("Not started; the reason is above.")
    supervisor.programs += programs(settings)
    supervisor.say("starting web, worker and beat")
    welcomed = False
    while True:
        supervisor.mind()
        supervisor.listen(0.2)
        if not welcomed and site_answers(settings.SITE_URL):
            welcomed = True
            supervisor.say((folder / "welcome.txt").read_text())


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.umask(0o077)  # what the site writes is nobody else's to read
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _raise_stopped)
    supervisor = Supervisor()
    started = time.monotonic()
    try:
        serve(supervisor, arguments)
    except CannotStart as reason:
        supervisor.say(str(reason))
        return 1
    except Stopped:
        supervisor.say("stopping")
        started = time.monotonic()
    finally:
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        supervisor.stop()
    supervisor.say(f"stopped after {time.monotonic() - started:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
