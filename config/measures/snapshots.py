"""The figures week by week, as they were when each week was over."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from config.measures.registry import MEASURES, SPECS
from config.measures.shapes import Figure, Measure, value_of
from config.measures.sources import WEEKS, Sources
from fans.charts import Point
from fans.clock.weeks import moment_of, monday_of, next_week, platform_date, week_of
from fans.measures import actions
from fans.measures.actions import TAKEN, Counted
from fans.measures.models import Snapshot

logger = structlog.get_logger(__name__)

Kept = dict[tuple[str, str], list[Snapshot]]


def end_of(week: str) -> datetime:
    """The last instant of a week where the platform lives."""
    return moment_of(monday_of(next_week(week)), 0) - timedelta(microseconds=1)


def past_weeks(at: datetime) -> list[str]:
    """The weeks that are over, oldest first."""
    today = platform_date(at)
    return [week_of(today - timedelta(weeks=n)) for n in range(WEEKS, 0, -1)]


def take_snapshots(at: datetime) -> int:
    """Count each week that is over and was not counted, and keep it; how many there were.

    After an outage the weeks that were missed are counted from what is still known of them.
    """
    weeks = past_weeks(at)
    known = set(
        Snapshot.objects.filter(measure=TAKEN, week__gte=weeks[0]).values_list("week", flat=True)
    )
    taken = 0
    for week in weeks:
        if week not in known:
            figures = list(counted(week, is_newest=week == weeks[-1]))
            taken += actions.keep_snapshots(week=week, figures=figures, at=at)
    return taken


def counted(week: str, *, is_newest: bool) -> Iterator[Counted]:
    """What is kept of a week, counted now. What is known of the moment alone is kept of the
    newest week only."""
    sources = Sources(end_of(week))
    for measure in MEASURES:
        if all(spec.keeps_itself for spec in measure.specs):
            continue
        if not is_newest and all(spec.is_of_now for spec in measure.specs):
            continue
        for figure in measure.figures(sources):
            spec = figure.spec
            if spec.keeps_itself or (spec.is_of_now and not is_newest):
                continue
            if figure.part is not None and figure.whole is not None and not figure.is_small:
                yield Counted(spec.key, figure.segment, figure.part, figure.whole, spec.version)


def kept(at: datetime) -> Kept:
    """What was kept of the weeks before, oldest first, by figure."""
    weeks = past_weeks(at)
    rows = Snapshot.objects.filter(week__gte=weeks[0], week__lte=weeks[-1]).order_by("week", "pk")
    found: Kept = {}
    for row in rows:
        spec = SPECS.get(row.measure)
        if spec is not None and spec.version == row.definition:
            found.setdefault((row.measure, row.segment), []).append(row)
    return found


def with_past(figure: Figure, known: Kept, at: datetime) -> Figure:
    """The figure with the weeks before it, from where its past is kept."""
    rows = known.get((figure.spec.key, figure.segment), [])
    if figure.past or not rows:
        return figure
    values = {row.week: value_of(figure.spec.kind, row.part, row.whole) for row in rows}
    weeks = [week for week in past_weeks(at) if week >= rows[0].week]
    past = [Point(week, values.get(week)) for week in weeks]
    return replace(figure, past=past, before=[v for v in values.values() if v is not None])


def as_it_was(measure: Measure, known: Kept) -> list[Figure]:
    """For a family that cannot be counted just now: its figures as they were last kept."""
    found = []
    for spec in measure.specs:
        if rows := known.get((spec.key, "")):
            last = rows[-1]
            found.append(Figure(spec, last.part, last.whole, taken_at=last.taken_at))
    return found


@dataclass(frozen=True, slots=True)
class Recount:
    """A kept figure beside the same counted again; `now` is None where it cannot be any more."""

    figure: Figure
    stored: Snapshot
    now: Counted | None

    @property
    def differs(self) -> bool:
        return self.now is None or (self.now.part, self.now.whole) != (
            self.stored.part,
            self.stored.whole,
        )


def recount(week: str) -> list[Recount]:
    """Every kept figure of a week that can be counted again."""
    again = {(each.measure, each.segment): each for each in counted(week, is_newest=False)}
    rows = Snapshot.objects.filter(week=week).exclude(measure=TAKEN).order_by("measure", "segment")
    return [
        Recount(
            Figure(SPECS[row.measure], row.part, row.whole, segment=row.segment),
            row,
            again.get((row.measure, row.segment)),
        )
        for row in rows
        if row.measure in SPECS
        and not SPECS[row.measure].is_of_now
        and SPECS[row.measure].version == row.definition
    ]
