"""Measure the bars and print one table. The exit status says whether one was missed."""

import argparse
import logging
import sys
import time
import unicodedata

import django
from django.core.management import call_command

from bench.measure import FULL, QUICK, Absent, Row, Sizes
from bench.site import BenchSite, bench_site

HEADS = ("scenario", "ours", "reference", "ratio", "bar", "ok", "")


def say(text: str) -> None:
    print(text, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, in minutes")
    parser.add_argument("only", nargs="*", metavar="P1", help="only these scenarios")
    chosen = parser.parse_args()
    sizes = QUICK if chosen.quick else FULL
    with bench_site() as site:
        rows = _measured(site, sizes, {name.upper() for name in chosen.only})
    _print(rows)
    return 1 if any(row.ok is False for row in rows) else 0


def _measured(site: BenchSite, sizes: Sizes, only: set[str]) -> list[Row]:
    started = time.monotonic()
    say("making a site to measure …")
    django.setup()
    logging.disable(logging.WARNING)
    call_command("migrate", verbosity=0)
    from bench.scenarios import ALL
    from bench.seed import seed

    seeded = seed(sizes.threads, sizes.replies)
    site.start()
    rows: list[Row] = []
    for name, scenario in ALL.items():
        if only and name not in only:
            continue
        say(f"{time.monotonic() - started:4.0f} s  {scenario.__doc__}")
        try:
            found = scenario(site, seeded, sizes)
        except Absent as reason:
            found = Row(name, "–", "–", "not measured", "", None, str(reason))
        rows += found if isinstance(found, list) else [found]
    say(f"{time.monotonic() - started:4.0f} s  done\n")
    return rows


def _print(rows: list[Row]) -> None:
    marks = {True: "yes", False: "NO", None: "–"}
    lines = [HEADS] + [
        (row.scenario, row.ours, row.reference, row.ratio, row.bar, marks[row.ok], row.note)
        for row in rows
    ]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (
            cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)
        )
        say("  ".join(cells).rstrip())


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


if __name__ == "__main__":
    sys.exit(main())
