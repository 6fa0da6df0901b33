"""Satisfaction, participation, word of mouth, loyalty: what fans do and say (spec §10)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.fridays.metrics import Week
from community.fridays.models import CycleState
from community.fridays.shares import wilson
from config.measures.shapes import Figure, Kind, Spec, share
from config.measures.sources import WEEKS, Sources
from fans.charts import Point
from fans.clock.weeks import monday_of, platform_date, week_of
from fans.ledger import metrics as ledger
from fans.measures.models import ShareVisits

HELD_WEEKS = 4
ASKED_WEEKS = 13  # the question is put in every fourth held week
VISIT_DAYS = 28

NEWEST = Spec(
    "satisfaction",
    gettext_lazy("Satisfied with the newest build"),
    gettext_lazy(
        "Of the reports of the newest counted week, those that rate the build 4 or 5. What fewer than five reported of one product is left out."
    ),
    keeps_itself=True,
)
FOUR_WEEKS = Spec(
    "satisfaction_four_weeks",
    gettext_lazy("Satisfied in the last four counted weeks"),
    gettext_lazy(
        "The same of the last four weeks in which a form was open and has been counted, added up."
    ),
    keeps_itself=True,
)
PARTICIPATION = Spec(
    "participation",
    gettext_lazy("Fans who took part"),
    gettext_lazy(
        "Active fans with a post, vote, report, ballot, reply to a meetup or check-in in the last 28 days, of all active fans."
    ),
)
BUSIEST = {
    1: Spec(
        "busiest_1",
        gettext_lazy("Done by the busiest 1 %"),
        gettext_lazy(
            "Of all acts of those 28 days, the ones by the busiest hundredth of the fans who acted."
        ),
    ),
    10: Spec(
        "busiest_10",
        gettext_lazy("Done by the busiest 10 %"),
        gettext_lazy(
            "Of all acts of those 28 days, the ones by the busiest tenth of the fans who acted."
        ),
    ),
}
INVITED = Spec(
    "invited",
    gettext_lazy("Came by invitation"),
    gettext_lazy(
        "Fans who joined in the last 28 days because another fan invited them, to all active fans."
    ),
)
VISITS = Spec(
    "share_visits",
    gettext_lazy("Visits through shared links"),
    gettext_lazy(
        "In the last 28 days: how often somebody opened a page through a link that was shared from it, at most once a day and browser. Who it was is not kept."
    ),
    kind=Kind.NUMBER,
    keeps_itself=True,
)
RECOMMEND = Spec(
    "recommend",
    gettext_lazy("Would recommend it"),
    gettext_lazy(
        "Of the answers from 0 to 10 in counted reports of the last 13 weeks: the share of 9 and 10 less the share of 0 to 6, in points."
    ),
    kind=Kind.POINTS,
)
LOYALTY = Spec(
    "loyalty",
    gettext_lazy("Still there after three months"),
    gettext_lazy(
        "Of the fans who joined 16 to 29 weeks ago and did something in their weeks 0 to 3, those who did something in their weeks 12 to 15."
    ),
)


# --- Satisfaction -----------------------------------------------------------------------


def satisfaction(sources: Sources) -> list[Figure]:
    rows = sources.weeks
    found = [_satisfied(NEWEST, rows, 1), _satisfied(FOUR_WEEKS, rows, HELD_WEEKS)]
    products = {row.product for row in rows if row.is_counted}
    if len(products) > 1:
        for pk, product in sources.products.items():
            if pk in products:
                own = [row for row in rows if row.product == pk]
                found.append(_satisfied(NEWEST, own, 1, f"product:{pk}", str(product)))
    return found


def _satisfied(
    spec: Spec, rows: list[Week], count: int, segment: str = "", name: str = ""
) -> Figure:
    counted = _by_week(row for row in rows if row.is_counted)[:count]
    part, whole = _sum([row for _week, group in counted for row in group])
    past = [_point(week, group) for week, group in reversed(_by_week(rows))] if count == 1 else []
    known = [point.value for point in past if point.value is not None]
    figure = Figure(
        spec,
        part if whole else None,
        whole if whole else None,
        segment=segment,
        name=name,
        is_small=bool(counted) and not whole,
        past=past,
        before=known[:-1],
    )
    if not whole:
        return figure
    low, high = wilson(part, whole)
    return replace(figure, low=100 * low, high=100 * high)


def _by_week(rows: Iterable[Week]) -> list[tuple[str, list[Week]]]:
    ordered = sorted(rows, key=lambda row: row.week, reverse=True)
    return [(week, list(group)) for week, group in groupby(ordered, key=lambda row: row.week)]


def _sum(rows: Iterable[Week]) -> tuple[int, int]:
    said = [row.satisfaction for row in rows if row.satisfaction]
    return sum(each["positive"] for each in said), sum(each["count"] for each in said)


def _point(week: str, rows: list[Week]) -> Point:
    part, whole = _sum(rows)
    if whole:
        low, high = wilson(part, whole)
        return Point(week, 100 * part / whole, "", 100 * low, 100 * high)
    return Point(week, None, _why_nothing(rows))


def _why_nothing(rows: list[Week]) -> str:
    if any(row.is_counted for row in rows):
        return _("too few people to show")
    if any(row.is_rest for row in rows):
        return _("rest week")
    if all(row.state == CycleState.SKIPPED for row in rows):
        return _("skipped")
    if all(row.state == CycleState.WITHDRAWN for row in rows):
        return _("build withdrawn")
    return _("not counted yet")


# --- Participation, word of mouth, loyalty ------------------------------------------------


def participation(sources: Sources) -> list[Figure]:
    counted = sources.taking_part
    acts = ledger.busiest(sources.at, *BUSIEST)
    return [
        share(PARTICIPATION, counted.acting, counted.active),
        *(
            share(spec, acts.of_the_busiest[percent], acts.acts, acts.fans)
            for percent, spec in BUSIEST.items()
        ),
    ]


def word_of_mouth(sources: Sources) -> list[Figure]:
    counted = sources.taking_part
    return [
        share(INVITED, counted.invited, counted.active),
        _visits(sources),
        _recommended(sources),
    ]


def _visits(sources: Sources) -> Figure:
    """The past is counted from the days themselves, each week's end like today."""
    today = platform_date(sources.at)
    first = today - timedelta(weeks=WEEKS, days=VISIT_DAYS)
    days = dict(
        ShareVisits.objects.filter(day__gt=first, day__lte=today).values_list("day", "count")
    )
    if not days:
        return Figure(VISITS)
    sundays = [monday_of(week_of(today)) - timedelta(days=1, weeks=n) for n in range(WEEKS)]
    began = min(days)
    past = [
        Point(week_of(sunday), _visits_until(sunday, days))
        for sunday in reversed(sundays)
        if sunday >= began
    ]
    before = [point.value for point in past if point.value is not None]
    return Figure(VISITS, _visits_until(today, days), 1, past=past, before=before)


def _visits_until(day: date, days: dict[date, int]) -> int:
    return sum(count for each, count in days.items() if 0 <= (day - each).days < VISIT_DAYS)


def _recommended(sources: Sources) -> Figure:
    since = week_of(platform_date(sources.at - timedelta(weeks=ASKED_WEEKS)))
    said = [row.recommend for row in sources.weeks if row.recommend and row.week >= since]
    promoters = sum(each["promoters"] for each in said)
    detractors = sum(each["detractors"] for each in said)
    count = sum(each["count"] for each in said)
    parts = f"({promoters:,} − {detractors:,}) / {count:,}" if count else ""
    return share(RECOMMEND, promoters - detractors, count, parts=parts)


def loyalty(sources: Sources) -> list[Figure]:
    found = ledger.loyalty(sources.at)
    return [share(LOYALTY, found.part, found.whole)]
