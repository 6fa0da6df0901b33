"""The measures of the community (spec §10), as plain figures that anyone can count again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from community.feature_requests import metrics as wishes
from community.feature_requests.promises import tally
from community.fridays.aggregates import satisfaction_of
from community.fridays.metrics import recommendation
from community.fridays.models import Cycle, Report
from config.home import unless_resting
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.ledger import metrics as ledger
from fans.ledger.metrics import Share

SMALLEST = 5  # fewer people than this are not shown as a figure
HELD_WEEKS = 4
ASKED_WITHIN = timedelta(weeks=13)  # the question is put in every fourth held week


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with what it is made of. `percent` is None when there is nothing to say."""

    title: str | Promise
    definition: str | Promise
    percent: float | None = None
    parts: str = ""  # "42 / 50"
    low: float | None = None
    high: float | None = None
    is_small: bool = False  # there is something, of fewer than five people
    score: int | None = None  # where it is no share


@dataclass(frozen=True, slots=True)
class Measure:
    title: str | Promise
    figures: Callable[[datetime], list[Figure]]


@require_safe
@policy.staff
def staff_measures(request: FanRequest) -> HttpResponse:
    at = clock.now()
    shown = [
        (str(measure.title), unless_resting(str(measure.title), lambda: measure.figures(at)))  # noqa: B023 - called at once
        for measure in MEASURES
    ]
    return render(request, "measures.html", {"measures": shown, "at": at, "smallest": SMALLEST})


def _share(title: str | Promise, definition: str | Promise, share: Share, people: int) -> Figure:
    if not share.whole:
        return Figure(title, definition)
    if people < SMALLEST:
        return Figure(title, definition, is_small=True)
    return Figure(
        title, definition, 100 * share.part / share.whole, f"{share.part} / {share.whole}"
    )


# --- Satisfaction -----------------------------------------------------------------------


def satisfaction(at: datetime) -> list[Figure]:
    weeks = _counted_weeks(at)
    words = _("Of the fans who filed a report, those who rated the build 4 or 5.")
    return [
        _satisfied(_("Newest counted week"), words, weeks[:1]),
        _satisfied(_("Last four counted weeks"), words, weeks),
    ]


def _counted_weeks(at: datetime) -> list[str]:
    counted = Cycle.objects.filter(frozen_at__lte=at, held_at__isnull=False)
    weeks = counted.order_by("-week").values_list("week", flat=True).distinct()
    return list(weeks[:HELD_WEEKS])


def _satisfied(title: str | Promise, words: str | Promise, weeks: list[str]) -> Figure:
    reports = Report.objects.filter(cycle__week__in=weeks, cycle__frozen_at__isnull=False)
    rows = list(reports.values_list("fan", "overall"))
    if not rows:
        return Figure(title, words)
    if len({fan for fan, _overall in rows}) < SMALLEST:
        return Figure(title, words, is_small=True)
    found: dict[str, Any] = satisfaction_of([overall for _fan, overall in rows])
    return Figure(
        title,
        words,
        100 * found["positive"] / found["count"],
        f"{found['positive']} / {found['count']}",
        low=100 * found["low"],
        high=100 * found["high"],
    )


# --- Participation, spread, loyalty -----------------------------------------------------


def participation(at: datetime) -> list[Figure]:
    share = ledger.participation(at)
    acting = ledger.acting_count(at)
    return [
        _share(
            _("Fans who took part"),
            _("Active fans with a post, vote, report, ballot, reply to a meetup or check-in in the last 28 days, of all active fans."),
            share,
            share.whole,
        ),
        _share(
            _("Done by the busiest 1 %"),
            _("Of all acts of those 28 days, the ones by the busiest hundredth of the fans who acted."),
            ledger.share_of_the_busiest(at, 1),
            acting,
        ),
        _share(
            _("Done by the busiest 10 %"),
            _("Of all acts of those 28 days, the ones by the busiest tenth of the fans who acted."),
            ledger.share_of_the_busiest(at, 10),
            acting,
        ),
    ]  # fmt: skip


def spread(at: datetime) -> list[Figure]:
    share = ledger.invited_lately(at)
    return [
        _share(
            _("Came by invitation"),
            _("Fans who joined in the last 28 days because another fan invited them, to all active fans."),
            share,
            share.whole,
        ),
        _recommended(at),
    ]  # fmt: skip


def _recommended(at: datetime) -> Figure:
    title = _("Would recommend it")
    words = _("Of the answers from 0 to 10 in counted reports of the last 13 weeks: the share of 9 and 10 less the share of 0 to 6, in points.")  # fmt: skip
    found = recommendation(at - ASKED_WITHIN, at)
    if found is None:
        return Figure(title, words)
    parts = f"({found['promoters']} − {found['detractors']}) / {found['count']}"
    return Figure(title, words, parts=parts, score=found["score"])


def loyalty(at: datetime) -> list[Figure]:
    share = ledger.loyalty(at)
    return [
        _share(
            _("Still there after three months"),
            _("Of the fans who joined 16 to 29 weeks ago and did something in their weeks 0 to 3, those who did something in their weeks 12 to 15."),
            share,
            share.whole,
        )
    ]  # fmt: skip


# --- The loop from a wish to a build ----------------------------------------------------


def loop(at: datetime) -> list[Figure]:
    promises = tally(AnonymousUser(), at)
    return [
        _in_time(at),
        _share(
            _("Promised weeks that were kept"),
            _("Of the weeks that were promised for a wish and are over, those in which it had shipped."),
            Share(promises.kept, promises.past),
            SMALLEST,
        ),
        _days_to_build(at),
    ]  # fmt: skip


def _in_time(at: datetime) -> Figure:
    title = _("First answers in time")
    words = _("Of the first answers to wishes that fell due in the last 13 weeks, those that were given by then.")  # fmt: skip
    found = wishes.answers_in_time(at - ASKED_WITHIN, at)
    if found is None:
        return Figure(title, words)
    return Figure(title, words, 100 * found["share"], f"{found['kept']} / {found['due']}")


def _days_to_build(at: datetime) -> Figure:
    title = _("Days from the plan to the build")
    words = _("The mean of the wishes that shipped in the last 13 weeks.")
    found = wishes.planned_to_shipped(at - ASKED_WITHIN, at)
    if found is None:
        return Figure(title, words)
    return Figure(title, words, parts=f"/ {found['count']}", score=round(found["mean"].days))


MEASURES = (
    Measure(_("Satisfaction"), satisfaction),
    Measure(_("Participation"), participation),
    Measure(_("Word of mouth"), spread),
    Measure(_("Loyalty"), loyalty),
    Measure(_("From a wish to a build"), loop),
)
