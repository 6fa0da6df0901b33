"""The present of a development site, moved by hand; in production the route does not exist."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from celery import current_app
from django.conf import settings
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.feature_requests.models import Vote
from community.fridays.models import Cycle, CycleState
from community.fridays.times import snapshot_at
from events.check_ins.actions import OPENS_BEFORE
from events.meetups.models import Meetup, MeetupState
from events.rsvps.models import Rsvp, RsvpState
from fans import clock, policy
from fans.clock.weeks import moment_of, platform_date
from fans.digests.hours import last_friday
from fans.digests.models import Delivery, DeliveryState
from fans.site.resting import begins_at, rest_weeks_ahead
from fans.templatetags.display import time_words
from fans.tiers.actions.planning import next_run_at
from fans.tiers.models import Nomination, NominationState

SHOWN = 20
AT_MOST = 50  # rows looked at of each kind
JUST_AFTER = timedelta(seconds=5)
TUESDAY = 1
# The second round finds what the first one made due: a frozen week, then the letter about it.
ROUNDS_AFTER_SECONDS = (0, 5, 12)
TOLD = (MeetupState.RSVP_OPEN, MeetupState.RSVP_CLOSED, MeetupState.IN_PROGRESS)

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """A stored instant at which a sweep will find something to do."""

    at: datetime
    what: str
    whose: str
    url: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@policy.anyone
def dev_clock(request: HttpRequest) -> HttpResponse:
    """What time it is here, what comes next, and buttons that let it come."""
    at = clock.now()
    if request.method == "POST":
        if choice := MOVES.get(request.POST.get("to", "")):
            _move(request, choice(at))
        return redirect("dev_clock")
    coming = moments_after(at)
    context = {
        "at": _in_words(at),
        "is_moved": bool(clock.offset()),
        "real": _in_words(clock.real_now()),
        "moments": [(moment, _in_words(moment.at)) for moment in coming[:SHOWN]],
        "more": max(0, len(coming) - SHOWN),
        "zone": settings.TIME_ZONE,
    }
    return render(request, "dev_clock.html", context)


def _in_words(at: datetime) -> str:
    """On the clock of the platform, whose weeks these are."""
    local = timezone.localtime(at, timezone.get_default_timezone())
    return time_words(local, get_language() or "en")


def _move(request: HttpRequest, moment: datetime | None) -> None:
    try:
        if moment is None:
            clock.back_to_now()
        else:
            clock.move_to(moment)
    except clock.ClockStandsStill:
        messages.error(request, _("The clock of this site cannot be moved."))
        return
    if _send_sweeps():
        messages.success(
            request,
            _("The clock is moved, and the worker is doing what is due. Its mail comes in."),
        )
    else:
        messages.error(
            request, _("The clock is moved, but the worker cannot be reached: is bin/run running?")
        )


def _send_sweeps() -> bool:
    """Ask the worker for everything on the timetable, instead of waiting for its minute."""
    try:
        for seconds in ROUNDS_AFTER_SECONDS:
            for entry in settings.CELERY_BEAT_SCHEDULE.values():
                current_app.send_task(str(entry["task"]), countdown=seconds, retry=False)
    except Exception:  # whatever the broker's library raises: a page is no place to die of it
        logger.warning("The worker cannot be reached.", exc_info=True)
        return False
    return True


def _next_phase(at: datetime) -> datetime:
    coming = moments_after(at)
    return (coming[0].at if coming else at) + JUST_AFTER


def _next_tuesday(at: datetime) -> datetime:
    today = platform_date(at)
    days = (TUESDAY - today.weekday()) % 7 or 7
    return moment_of(today + timedelta(days=days), 0) + timedelta(minutes=1)


MOVES: dict[str, Callable[[datetime], datetime | None]] = {
    "phase": _next_phase,
    "tuesday": _next_tuesday,
    "week": lambda at: at + timedelta(days=7),
    "now": lambda at: None,
}


# --- What is coming ---------------------------------------------------------------------


def moments_after(at: datetime) -> list[Moment]:
    """The stored instants ahead, of every room that waits for one; the next comes first."""
    found = [
        *_of_weeks(),
        *_of_rest(at),
        *_of_meetups(),
        *_of_seats(),
        *_of_votes(at),
        Moment(next_run_at(at), _("the tiers are looked at"), ""),
        Moment(last_friday(at) + timedelta(days=7), _("the weekly letter is made"), ""),
        *_of_letters(at),
    ]
    return sorted(moment for moment in found if moment.at > at)


_PHASES: tuple[tuple[str, str | Promise], ...] = (
    ("release_target_at", gettext_lazy("the build is due")),
    ("skip_deadline_at", gettext_lazy("without a build the week is skipped")),
    ("report_opens_at", gettext_lazy("report and ballot open")),
    ("report_closes_at", gettext_lazy("the ballot closes, late reports are taken")),
    ("late_closes_at", gettext_lazy("the week is counted")),
    ("publish_at", gettext_lazy("the figures appear")),
    ("close_at", gettext_lazy("the week closes")),
)
_TO_A_BUILD = {"release_target_at", "skip_deadline_at"}
_ONCE_RECALLED = {"late_closes_at", "publish_at"}  # what was reported is counted (O9)


def _of_weeks() -> Iterator[Moment]:
    over = Q(state=CycleState.CLOSED) | Q(state=CycleState.SKIPPED, snapshot_at__isnull=False)
    weeks = Cycle.objects.exclude(over).select_related("product")
    for cycle in weeks.order_by("friday", "pk")[:AT_MOST]:
        url = cycle.get_absolute_url()
        if cycle.snapshot_at is None:
            noted_at = snapshot_at(cycle.friday)
            yield Moment(noted_at, _("votes are noted down"), str(cycle), url)
        for field, words in _PHASES:
            if _still_comes(cycle, field):
                yield Moment(getattr(cycle, field), str(words), str(cycle), url)


def _still_comes(cycle: Cycle, field: str) -> bool:
    if cycle.state == CycleState.SKIPPED:
        return False
    if cycle.state == CycleState.WITHDRAWN:
        return cycle.held_at is not None and field in _ONCE_RECALLED
    return cycle.released_at is None or field not in _TO_A_BUILD


def _of_rest(at: datetime) -> Iterator[Moment]:
    for rest in rest_weeks_ahead(at):
        yield Moment(begins_at(rest.week), _("a rest week begins"), rest.reason)


def _of_meetups() -> Iterator[Moment]:
    for meetup in Meetup.objects.filter(state__in=TOLD).order_by("starts_at", "pk")[:AT_MOST]:
        whose, url = meetup.title, meetup.get_absolute_url()
        for hours in (72, 24, 2):
            before = meetup.starts_at - timedelta(hours=hours)
            yield Moment(
                before, _("%(hours)s hours before it begins") % {"hours": hours}, whose, url
            )
        yield Moment(meetup.starts_at - OPENS_BEFORE, _("the door opens"), whose, url)
        yield Moment(meetup.starts_at, _("the meetup begins"), whose, url)
        yield Moment(meetup.ends_at, _("the meetup ends"), whose, url)
    unsettled = Meetup.objects.filter(settled_at=None, state=MeetupState.COMPLETED)
    for meetup in unsettled.order_by("ends_at", "pk")[:AT_MOST]:
        settled_at = meetup.ends_at + timedelta(hours=48)
        yield Moment(settled_at, _("who came is settled"), meetup.title, meetup.get_absolute_url())


def _of_seats() -> Iterator[Moment]:
    seats = Rsvp.objects.filter(state=RsvpState.OFFERED).select_related("meetup")
    for rsvp in _earliest(seats, "offered_until"):
        url = rsvp.meetup.get_absolute_url()
        yield Moment(rsvp.offered_until, _("an offered seat goes on"), rsvp.meetup.title, url)
    offers = Nomination.objects.filter(state=NominationState.OFFERED)
    for offer in _earliest(offers, "offered_until"):
        yield Moment(offer.offered_until, _("an offer of a seat lapses"), _("Pyramid"))


def _of_votes(at: datetime) -> Iterator[Moment]:
    """The next one alone: every young account has its own moment for each of its votes."""
    young = Vote.objects.filter(counted_at=None, counts_from__gt=at)
    for vote in _earliest(young.select_related("feature_request"), "counts_from")[:1]:
        wish = vote.feature_request
        url = wish.get_absolute_url()
        yield Moment(vote.counts_from, _("a young account's vote counts"), wish.title, url)


def _of_letters(at: datetime) -> Iterator[Moment]:
    """The next hour alone: each time zone has its own."""
    waiting = Delivery.objects.filter(state=DeliveryState.DUE, due_at__gt=at).order_by("due_at")
    for due_at in waiting.values_list("due_at", flat=True)[:1]:
        yield Moment(due_at, _("letters leave"), "")


def _earliest(rows: QuerySet[Any], field: str) -> QuerySet[Any]:
    return rows.filter(**{f"{field}__isnull": False}).order_by(field, "pk")[:AT_MOST]
