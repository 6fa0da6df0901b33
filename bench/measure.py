"""Rates over HTTP, taken in turns, and the rows of the table."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.site import BenchSite

CONNECTIONS = 8


class Absent(Exception):
    """Something this scenario needs is not on this machine; says what."""


@dataclass(frozen=True)
class Sizes:
    rounds: int
    seconds: float
    threads: int
    replies: int
    few_wishes: int  # a hundred times as many votes
    many_wishes: int
    votes_a_connection: int  # of one round of the storm
    reports: int  # of one week


QUICK = Sizes(
    rounds=5,
    seconds=1.5,
    threads=150,
    replies=3,
    few_wishes=1_000,
    many_wishes=10_000,
    votes_a_connection=2,
    reports=10_000,
)
FULL = Sizes(
    rounds=9,
    seconds=4,
    threads=2_000,
    replies=10,
    few_wishes=1_000,
    many_wishes=100_000,
    votes_a_connection=8,
    reports=100_000,
)


@dataclass(frozen=True)
class Row:
    scenario: str
    ours: str
    reference: str
    ratio: str
    bar: str
    ok: bool | None  # None: not measured, `ratio` says why
    note: str = ""


@dataclass(frozen=True)
class Address:
    path: str
    cookie: str = ""

    def request(self, port: int) -> bytes:
        cookie = f"Cookie: {self.cookie}\r\n" if self.cookie else ""
        return (
            f"GET {self.path} HTTP/1.1\r\nHost: localhost:{port}\r\n"
            f"Accept-Language: en\r\n{cookie}\r\n"
        ).encode()


@dataclass(frozen=True)
class Rates:
    ours: float
    reference: float
    ours_ms: float  # processor time of the server per answer
    reference_ms: float
    generator_load: float

    @property
    def ratio(self) -> float:
        return self.ours / self.reference


def in_turns(site: BenchSite, ours: Address, reference: Address, sizes: Sizes) -> Rates:
    """A B A B …, the median of each."""
    for address in (ours, reference):
        _rate(site, address, 0.5)
    found: dict[str, list[tuple[float, float, float]]] = {"ours": [], "reference": []}
    for _ in range(sizes.rounds):
        found["ours"].append(_rate(site, ours, sizes.seconds))
        found["reference"].append(_rate(site, reference, sizes.seconds))

    def middle(name: str, column: int) -> float:
        return median(row[column] for row in found[name])

    return Rates(
        middle("ours", 0),
        middle("reference", 0),
        middle("ours", 1),
        middle("reference", 1),
        max(row[2] for rows in found.values() for row in rows),
    )


def _rate(site: BenchSite, address: Address, seconds: float) -> tuple[float, float, float]:
    """Answers a second, the server's processor milliseconds for each, the generator's load."""
    before = site.cpu_seconds()
    answer = subprocess.run(
        [sys.executable, "-m", "bench.load", str(site.port), str(seconds), str(CONNECTIONS)],
        input=address.request(site.port),
        capture_output=True,
        check=True,
        cwd=Path(__file__).resolve().parent.parent,
    )
    found = json.loads(answer.stdout)
    spent = site.cpu_seconds() - before
    return found["rate"], 1000 * spent / max(found["answers"], 1), found["own_load"]
