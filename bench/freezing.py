"""P10: a week of reports is frozen, counted and awarded, against the bare GROUP BYs of its rows.

The reference reads no rule and writes nothing: by rating, by each mark, by trouble, area and
recommendation; what was chosen; the ballots; and the active fans by each segment.
"""

import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

from django.db import connection, transaction

from bench import postgres
from bench.measure import Row, Sizes
from bench.seed import Seeded
from bench.site import BenchSite
from community.fridays.actions.freezing import freeze
from community.fridays.actions.passing_on import pass_on
from community.fridays.actions.paying import pay_reports
from community.fridays.models import Cycle

BAR = 3.0
_REPORTS = "count(*) FROM community_report WHERE cycle_id = {cycle}"
_ACTIVE = (
    "count(*) FROM fans_fan AS fan LEFT JOIN fans_tierstanding AS standing ON fan_id = fan.id"
    " LEFT JOIN fans_place AS place ON place.id = place_id WHERE fan.id IN"
    " (SELECT fan_id FROM fans_activeday WHERE day > '{day}'::date - 28 AND day <= '{day}')"
)
BARE = [
    f"SELECT overall, is_late, {_REPORTS} GROUP BY 1, 2",
    *(f"SELECT {m}, {_REPORTS} GROUP BY 1" for m in ("tier", "region_level", "join_channel")),
    f"SELECT tenure, is_busiest, {_REPORTS} GROUP BY 1, 2",
    f"SELECT not_good_severity, not_good_frequency, {_REPORTS} GROUP BY 1, 2",
    f"SELECT not_good_area, {_REPORTS} GROUP BY 1",
    f"SELECT would_recommend, {_REPORTS} GROUP BY 1",
    "SELECT grid, item_id, feature_request_id, count(*) FROM community_choice JOIN community_report"
    " AS report ON report.id = report_id WHERE cycle_id = {cycle} GROUP BY 1, 2, 3",
    "SELECT item_id, count(*) FROM community_ballot WHERE cycle_id = {cycle} GROUP BY 1",
    f"SELECT tier, region_level, join_channel, {_ACTIVE} GROUP BY 1, 2, 3",
]


def freeze_a_week(site: BenchSite, seeded: Seeded, sizes: Sizes) -> list[Row]:
    """P10: freeze and aggregate a week, against the bare GROUP BYs; then what follows in pieces."""
    url = site.postgres()
    address = postgres.week(url, sizes.reports)
    other = postgres.connection_to(address)
    with postgres.used_by_default(other):
        cycle = Cycle.objects.get()
        found: dict[Callable[[Cycle], None], list[float]] = {_freeze: [], _bare: []}
        for _ in range(sizes.rounds + 1):  # the first pair warms up
            for way, took in found.items():
                took.append(_seconds(way, cycle))
        ours, bare = (median(took[1:]) for took in found.values())
        pieces = _pieces(cycle)
        other.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        Row(
            scenario=f"P10 freeze a week of {sizes.reports:,} reports",
            ours=f"{ours:.2f} s",
            reference=f"{bare:.2f} s",
            ratio=f"{ours / bare:.2f}",
            bar=f"≤ {BAR:g}",
            ok=ours / bare <= BAR,
            note=f"memory of the bench {peak:.0f} MB · then for 1,000: {pieces}",
        )
    ]


def _freeze(cycle: Cycle) -> None:
    with _taken_back():
        freeze(cycle=cycle, at=cycle.late_closes_at)


def _bare(cycle: Cycle) -> None:
    day = f"{cycle.late_closes_at:%Y-%m-%d}"
    with connection.cursor() as cursor:
        for statement in BARE:
            cursor.execute(statement.format(cycle=cycle.pk, day=day))
            cursor.fetchall()


def _pieces(cycle: Cycle) -> str:
    """What the sweep does afterwards, five hundred at a time."""
    sweeps: dict[str, Callable[..., Any]] = {"paid": pay_reports, "passed on": pass_on}
    with _taken_back():
        freeze(cycle=cycle, at=cycle.late_closes_at)
        told = []
        for name, sweep in sweeps.items():

            def twice(cycle: Cycle, sweep: Callable[..., Any] = sweep) -> None:
                for _ in range(2):
                    sweep(cycle_id=cycle.pk, at=cycle.late_closes_at, limit=500)

            told.append(f"{name} in {1000 * _seconds(twice, cycle):,.0f} ms")
    return " · ".join(told)


def _seconds(way: Callable[[Cycle], None], cycle: Cycle) -> float:
    begun = time.perf_counter()
    way(cycle)
    return time.perf_counter() - begun


@contextmanager
def _taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
