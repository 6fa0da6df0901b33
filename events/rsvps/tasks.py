from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from celery import shared_task
from django.db.models import F, Q

from events.meetups.actions.steering import facts_of
from events.meetups.models import Meetup, MeetupState
from events.rsvps import actions
from events.rsvps.models import Rsvp, RsvpState
from events.rsvps.seating import RESERVE_UNTIL
from fans import clock
from fans.notifications.actions import tell
from fans.notifications.models import Event

AT_ONCE = 200
REMINDERS = (72, 24, 2)  # hours before

logger = structlog.get_logger(__name__)


@shared_task
def move_waiting_lists() -> None:
    """Release what was kept for newcomers, end offers nobody took, fill what is free.

    One transaction each, asked again under the meetup's lock: delivered twice, or by two
    workers at once, every seat is given once.
    """
    at = clock.now()
    open_meetups = Meetup.objects.filter(state=MeetupState.RSVP_OPEN, starts_at__gt=at)
    kept = open_meetups.filter(reserve_released_at=None, starts_at__lte=at + RESERVE_UNTIL)
    for meetup in kept.order_by("pk")[:AT_ONCE]:
        _try(actions.release_reserve, "reserve not released", meetup=meetup, at=at)
    for rsvp in _over(at):
        _try(actions.lapse_offer, "offer not ended", rsvp=rsvp, at=at)
    for rsvp in _of_who_is_gone():
        _try(actions.release_seat_of, "seat not released", rsvp=rsvp, at=at)
    waiting = open_meetups.filter(
        rsvps__state=RsvpState.WAITLISTED, seats_taken__lt=F("capacity")
    ).distinct()
    for meetup in waiting.order_by("pk")[:AT_ONCE]:
        _try(actions.fill_free_seats, "free seats not filled", meetup=meetup, at=at)


@shared_task
def remind_of_meetups() -> None:
    """Remind who is coming 72, 24 and 2 hours before (M8); of each once, and of none too late."""
    at = clock.now()
    soon = Meetup.objects.filter(
        state=MeetupState.RSVP_OPEN,
        starts_at__gt=at,
        starts_at__lte=at + timedelta(hours=REMINDERS[0]),
    )
    due = {_reminder_of(meetup, at): meetup for meetup in soon.order_by("starts_at", "pk")}
    told = set(Event.objects.filter(key__in=due).values_list("key", flat=True))
    for key, meetup in due.items():
        if key not in told:
            _try(
                tell,
                "meetup not reminded of",
                kind="meetup_reminder",
                subject=meetup.subject,
                key=key,
                at=at,
                facts=facts_of(meetup),
            )


def _reminder_of(meetup: Meetup, at: datetime) -> str:
    """The newest reminder whose hour has come; a new date has reminders of its own."""
    left = meetup.starts_at - at
    hours = min(hours for hours in REMINDERS if left <= timedelta(hours=hours))
    return f"meetup_reminder:{meetup.pk}:{meetup.starts_local}:{hours}"


def _over(at: datetime) -> list[Rsvp]:
    offered = Rsvp.objects.filter(state=RsvpState.OFFERED, offered_until__lte=at)
    offered = offered.exclude(meetup__state__in=[MeetupState.POSTPONED, MeetupState.CANCELLED])
    return list(offered.order_by("offered_until", "pk")[:AT_ONCE])


def _of_who_is_gone() -> list[Rsvp]:
    gone = (
        Q(fan__banned_at__isnull=False)
        | Q(fan__leaving_at__isnull=False)
        | Q(fan__erased_at__isnull=False)
    )
    still = [MeetupState.RSVP_OPEN, MeetupState.IN_PROGRESS, MeetupState.POSTPONED]
    rows = Rsvp.objects.standing().filter(gone, meetup__state__in=still)
    return list(rows.order_by("pk")[:AT_ONCE])


def _try(act: Callable[..., Any], failure: str, **given: Any) -> None:
    """One bad row does not hold up the rest."""
    try:
        act(**given)
    except Exception:
        named = {name: value.pk for name, value in given.items() if hasattr(value, "pk")}
        logger.exception(failure, **named)
