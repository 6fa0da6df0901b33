"""A site for one run: its own folder, database, Valkey and server, gone afterwards."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class BenchSite:
    folder: Path
    port: int
    server: subprocess.Popen[bytes] | None = None
    postgres_url: str = ""
    stack: ExitStack = field(default_factory=ExitStack)

    @property
    def same_bytes(self) -> Path:
        return self.folder / "same_bytes"

    def postgres(self) -> str:
        """The address of a PostgreSQL for scenarios that need one; started by the first."""
        if not self.postgres_url:
            from bench.postgres import server

            self.postgres_url = self.stack.enter_context(server())
        return self.postgres_url

    def start(self) -> None:
        """The server as bin/run starts it, and wait until it answers."""
        with (self.folder / "web.log").open("wb") as log:
            self.server = subprocess.Popen(
                [
                    *(sys.executable, "-m", "granian", "--interface", "wsgi"),
                    *("bench.wsgi:application", "--host", "127.0.0.1", "--port", str(self.port)),
                    *("--workers", "1", "--blocking-threads", os.environ.get("WEB_THREADS", "4")),
                    *("--no-ws", "--http", "1", "--log-level", "warning"),
                ],
                cwd=ROOT,
                stdout=log,
                stderr=log,
                env={**os.environ, "BENCH_SAME_BYTES": str(self.same_bytes)},
                start_new_session=True,
            )
        limit = time.monotonic() + 30
        while time.monotonic() < limit:
            try:
                if self.get("/healthz")[0] == 200:
                    return
            except OSError:
                time.sleep(0.1)
        sys.exit(f"The server did not start:\n{(self.folder / 'web.log').read_text()[-3000:]}")

    def stop(self) -> None:
        if self.server is not None:
            self.server.terminate()
            try:
                self.server.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.server.pid, 9)

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            host = {"Host": f"localhost:{self.port}"}
            connection.request("GET", path, headers=host | headers)
            response = connection.getresponse()
            named = {name.lower(): value for name, value in response.getheaders()}
            return response.status, named, response.read()
        finally:
            connection.close()

    def cpu_seconds(self) -> float:
        """Processor time of the server and its workers so far; 0 where there is no /proc."""
        if self.server is None:
            return 0.0
        return sum(_ticks(pid) for pid in _family(self.server.pid)) / TICKS


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(found for child in children for found in _family(int(child)))]


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


@contextmanager
def bench_site() -> Iterator[BenchSite]:
    """The environment of a newcomer, whatever the caller has set for a site of theirs."""
    folder = Path(tempfile.mkdtemp(prefix="orangery-bench-"))
    for name in ("ENVIRONMENT", "DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS", "SECRET_KEY"):
        os.environ.pop(name, None)
    port = _free_port()
    os.environ |= {
        "VAR_DIR": str(folder),
        "PORT": str(port),
        "SITE_URL": f"http://localhost:{port}",
        "RATE_LIMITS": "off",
        "DEBUG": "off",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    from config import valkey

    queue, path = valkey.start(folder / "valkey", keeps=False)
    os.environ["REDIS_URL"] = f"unix://{path}"
    site = BenchSite(folder, port)
    try:
        yield site
    finally:
        site.stop()
        site.stack.close()
        queue.terminate()
        queue.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
