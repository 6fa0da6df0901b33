"""The whole suite, twice: as a newcomer runs the site, and as a large one does."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
# One more than the cores of the gate: much of a test is waiting for a browser or a worker.
WORKERS = ("-n", "3", "--dist", "worksteal")
IN_CI = os.environ.get("CI") == "true"


class Missing(Exception):
    """A server that is not on this machine, with the command that adds it."""


def say(text: str) -> None:
    print(text, flush=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def find(program: str, *folders: Path) -> str | None:
    path = os.pathsep.join([*map(str, folders), os.environ.get("PATH", "")])
    return shutil.which(program, path=path)


def postgres_binaries() -> Path:
    """Debian keeps the server's programs off the PATH; the newest version wins."""
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name)
    )
    initdb = find("initdb", *reversed(versions))
    if initdb is None:
        raise Missing("PostgreSQL is not here. On Debian: sudo apt install postgresql")
    return Path(initdb).resolve().parent


def unprivileged() -> dict[str, object]:
    """PostgreSQL refuses to run as root; then somebody who owns nothing runs it."""
    if os.geteuid() != 0:
        return {}
    import pwd

    for name in ("postgres", "nobody"):
        try:
            person = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}
    raise Missing("PostgreSQL does not run as root, and there is no user «postgres» or «nobody».")


@contextmanager
def folder_of(who: dict[str, object]) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="orangery-services-"))
    try:
        if who:
            os.chown(folder, who["user"], who["group"])  # type: ignore[arg-type]
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def stop(server: subprocess.Popen[bytes], how: signal.Signals) -> None:
    server.send_signal(how)
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    limit = time.monotonic() + 30
    while time.monotonic() < limit and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    sys.exit(f"A server did not start:\n{log.read_text()}")


@contextmanager
def postgres() -> Iterator[str]:
    """A cluster for this run alone. fsync is off: what it holds need not outlive the run."""
    binaries, who = postgres_binaries(), unprivileged()
    with folder_of(who) as folder:
        data, log, port = folder / "data", folder / "log", free_port()
        subprocess.run(
            [
                *(binaries / "initdb", "-D", data, "-U", "orangery", "-A", "trust"),
                *("-E", "UTF8", "--locale=C.UTF-8", "--no-sync"),
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
            **who,  # type: ignore[call-overload]
        )
        with log.open("wb") as output:
            server = subprocess.Popen(
                [
                    *(binaries / "postgres", "-D", data, "-p", str(port), "-k", folder),
                    *("-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"),
                    *("-c", "synchronous_commit=off", "-c", "full_page_writes=off"),
                    *("-c", "max_connections=200"),
                ],
                stdout=output,
                stderr=output,
                cwd=folder,
                **who,  # type: ignore[call-overload]
            )
        try:
            wait_for(port, server, log)
            yield f"postgresql://orangery@127.0.0.1:{port}/postgres"
        finally:
            stop(server, signal.SIGINT)


@contextmanager
def redis() -> Iterator[str]:
    binary = find("redis-server") or find("valkey-server")
    if binary is None:
        raise Missing("Redis is not here. On Debian: sudo apt install redis-server")
    with folder_of({}) as folder:
        log, port = folder / "log", free_port()
        server = subprocess.Popen(
            [
                *(binary, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)),
                *("--save", "", "--appendonly", "no", "--logfile", str(log)),
            ],
        )
        try:
            wait_for(port, server, log)
            yield f"redis://127.0.0.1:{port}"
        finally:
            stop(server, signal.SIGTERM)


def pytest(title: str, environment: dict[str, str], arguments: list[str]) -> bool:
    say(f"\n=== {title} ===")
    started = time.monotonic()
    command = [PYTHON, "-m", "pytest", *WORKERS, *arguments]
    code = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, check=False
    ).returncode
    say(f"=== {title}: {time.monotonic() - started:.0f} s ===")
    # 5: nothing was chosen, as with `bin/test tests/browser` on the second engine.
    return code == 0 or (code == 5 and bool(arguments[2:]))


def on_sqlite(arguments: list[str]) -> bool:
    return pytest("SQLite and the embedded Valkey", {}, ["-m", "not postgres", *arguments])


def on_postgres(arguments: list[str]) -> bool:
    with ExitStack() as servers:
        try:
            services = {
                "TEST_DATABASE_URL": servers.enter_context(postgres()),
                "TEST_REDIS_URL": servers.enter_context(redis()),
            }
        except Missing as what:
            say(f"\nNot run on PostgreSQL and Redis. {what}")
            return not IN_CI
        return pytest("PostgreSQL and Redis", services, ["-m", "not browser", *arguments])


def main(arguments: list[str]) -> int:
    own = {"--full", "--sqlite", "--postgres"}
    chosen, rest = own & set(arguments), [word for word in arguments if word not in own]
    if "--full" in chosen:
        os.environ["TEST_SIZE"] = "full"
    started = time.monotonic()
    results = []
    if not rest:
        results.append(
            subprocess.run([PYTHON, "bin/_check.py"], cwd=ROOT, check=False).returncode == 0
        )
    if "--postgres" not in chosen:
        results.append(on_sqlite(rest))
    if "--sqlite" not in chosen:
        results.append(on_postgres(rest))
    say(
        f"\nbin/test: {'all well' if all(results) else 'FAILED'} ({time.monotonic() - started:.0f} s)"
    )
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
