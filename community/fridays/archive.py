"""The weeks of a product: all of them in short, and how they compare (spec §6)."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F
from django.utils.translation import gettext as _

from community.fridays.awards import ASKED, Winner, awards_of, winners_among
from community.fridays.headlines import percent
from community.fridays.models import Credit, Cycle, CycleState, WeeklyReport
from community.fridays.timeline import pill_of
from community.products.models import Product
from fans.accounts.models import Reader
from fans.charts import LineChart, Point
from fans.charts.numbers import written

WEEKS_A_PAGE = 26
SPANS = (26, 52)  # weeks a trend may go back
_WEEK = re.compile(r"\d{4}-W\d{2}", re.ASCII)


@dataclass(frozen=True)
class Short:
    """A published week in few figures; of fewer than five reports none."""

    count: int
    is_small: bool
    response_rate: float | None
    share: float | None
    low: float | None
    high: float | None

    @property
    def words(self) -> str:
        if self.is_small or self.share is None:
            return _("fewer than five reports")
        return _("%(count)s reports · %(share)s satisfied") % {
            "count": written(self.count),
            "share": percent(self.share),
        }


@dataclass(frozen=True)
class Row:
    cycle: Cycle
    pill: str
    short: Short | None
    winners: list[Winner]


@dataclass(frozen=True)
class Page:
    rows: list[Row]
    older: str = ""  # the week to go on before


def in_short(cycles: Collection[int]) -> dict[int, Short]:
    """Of those that are published, by their newest version. One query."""
    reports = WeeklyReport.objects.filter(cycle__in=cycles, cycle__published_at__isnull=False)
    rows = reports.annotate(
        count=F("figures__count"),
        is_small=F("figures__is_small"),
        rate=F("figures__response_rate"),
        share=F("figures__satisfaction__share"),
        low=F("figures__satisfaction__low"),
        high=F("figures__satisfaction__high"),
    ).order_by("cycle", "version")
    told = rows.values_list("cycle", "count", "is_small", "rate", "share", "low", "high")
    return {pk: Short(*figures) for pk, *figures in told}


def week_named(text: str) -> str:
    """An ISO week; empty for what can be none."""
    return text if _WEEK.fullmatch(text) else ""


def archive(product: Product, reader: Reader, before: str = "") -> Page:
    """Newest first, so many at a time; five queries for any of them."""
    weeks = Cycle.objects.visible_to(reader).filter(product=product)
    if before:
        weeks = weeks.filter(week__lt=before)
    found = list(weeks.select_related("product").order_by("-week")[: WEEKS_A_PAGE + 1])
    shown = found[:WEEKS_A_PAGE]
    published = [cycle.pk for cycle in shown if cycle.published_at]
    short, won = in_short(published), _winners(published, reader)
    rows = [
        Row(cycle, pill_of(cycle), short.get(cycle.pk), won.get(cycle.pk, [])) for cycle in shown
    ]
    return Page(rows, shown[-1].week if len(found) > WEEKS_A_PAGE else "")


def _winners(cycles: Collection[int], reader: Reader) -> dict[int, list[Winner]]:
    awards = awards_of(cycles, reader)
    credits = Credit.objects.filter(item__in=[award.item_id for award in awards], role__in=ASKED)
    asked = list(credits.select_related("fan__standing").order_by("role", "pk"))
    found: dict[int, list[Winner]] = {}
    for winner in winners_among(awards, asked):
        found.setdefault(winner.award.cycle_id, []).append(winner)
    return found


def trends(product: Product, reader: Reader, weeks: int, today: date) -> list[LineChart]:
    """Satisfaction, reports and response over so many weeks; none while fewer than two were held.

    A week without figures leaves a gap that says why.
    """
    cycles = Cycle.objects.visible_to(reader).filter(
        product=product, friday__gt=today - timedelta(weeks=weeks + 1), friday__lte=today
    )
    rows = list(cycles.order_by("week"))
    short = in_short([cycle.pk for cycle in rows])
    while rows and _is_running(rows[-1], short):
        rows.pop()
    known = [(row, _comparable(row, short)) for row in rows[-weeks:]]
    if sum(told is not None for _, told in known) < 2:
        return []
    return [_satisfaction(known), _reports(known), _response(known)]


def _is_running(cycle: Cycle, short: dict[int, Short]) -> bool:
    return cycle.pk not in short and cycle.state not in {CycleState.SKIPPED, CycleState.WITHDRAWN}


def _comparable(cycle: Cycle, short: dict[int, Short]) -> Short | None:
    """What is set beside other weeks: neither tiny ones, nor those whose build was recalled."""
    told = short.get(cycle.pk)
    return told if told and not told.is_small and cycle.withdrawn_at is None else None


Known = Sequence[tuple[Cycle, Short | None]]


def _satisfaction(known: Known) -> LineChart:
    points = [
        Point(
            cycle.week,
            None if told is None or told.share is None else 100 * told.share,
            _why_not(cycle) if told is None else "",
            None if told is None or told.low is None else 100 * told.low,
            None if told is None or told.high is None else 100 * told.high,
        )
        for cycle, told in known
    ]
    return LineChart(
        _("Satisfied fans"), _summary(points, "%"), points, unit="%", least=0, most=100
    )


def _reports(known: Known) -> LineChart:
    points = [_point(cycle, told, told.count if told else None) for cycle, told in known]
    return LineChart(_("Reports"), _summary(points), points, series=2)


def _response(known: Known) -> LineChart:
    points = [
        _point(
            cycle,
            told,
            None if told is None or told.response_rate is None else 100 * told.response_rate,
        )
        for cycle, told in known
    ]
    return LineChart(_("Response rate"), _summary(points, "%"), points, unit="%", series=3, least=0)


def _point(cycle: Cycle, told: Short | None, value: float | None) -> Point:
    return Point(cycle.week, value, _why_not(cycle) if told is None else "")


def _why_not(cycle: Cycle) -> str:
    if cycle.is_rest:
        return _("week of rest")
    if cycle.state == CycleState.SKIPPED:
        return _("skipped")
    if cycle.withdrawn_at:
        return _("build withdrawn")
    return _("fewer than five reports") if cycle.published_at else _("not published")


def _summary(points: Sequence[Point], unit: str = "") -> str:
    known = [(point.label, point.value) for point in points if point.value is not None]
    values = [value for _, value in known]
    week, newest = known[-1]
    return _("%(newest)s in %(week)s; in %(count)d weeks between %(least)s and %(most)s.") % {
        "newest": written(newest, unit),
        "week": week,
        "count": len(known),
        "least": written(min(values), unit),
        "most": written(max(values), unit),
    }
