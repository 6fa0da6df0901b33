from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog
from celery import shared_task
from django.db.models import QuerySet

from events.check_ins import actions
from events.meetups.models import Meetup, MeetupState
from fans import clock
from fans.ledger.models import Contribution

AT_ONCE = 200
ASKED_AT = time(10)  # of the next day, at the venue
THANKED_WITHIN = timedelta(days=60)

logger = structlog.get_logger(__name__)


@shared_task
def settle_meetups() -> None:
    """48 h after the end: who had a seat and did not come is a no-show (M7)."""
    at = clock.now()
    over = Meetup.objects.filter(
        state__in=actions.OVER, settled_at=None, ends_at__lte=at - actions.TYPED_IN_WITHIN
    )
    _each(over, actions.settle, at, "meetup not settled")


@shared_task
def ask_how_meetups_were() -> None:
    """The morning after, at the venue (M8)."""
    at = clock.now()
    over = Meetup.objects.filter(state__in=actions.OVER, surveyed_at=None, ends_at__lte=at)
    due = [meetup.pk for meetup in over.order_by("ends_at", "pk")[:AT_ONCE] if _asks(meetup, at)]
    _each(over.filter(pk__in=due), actions.ask_how_it_was, at, "attendees not asked")


def _asks(meetup: Meetup, at: datetime) -> bool:
    there = ZoneInfo(meetup.timezone)
    next_day = meetup.ends_at.astimezone(there).date() + timedelta(days=1)
    return at >= datetime.combine(next_day, ASKED_AT, there)


@shared_task
def thank_organisers() -> None:
    """Where the recap was read by a moderator first, or a paper list typed in after it."""
    at = clock.now()
    told = Meetup.objects.filter(state=MeetupState.RECAP_PUBLISHED, ends_at__gt=at - THANKED_WITHIN)
    thanked = Contribution.objects.filter(
        kind="meetup.organised", effective_at__gt=at - THANKED_WITHIN
    )
    subjects = set(thanked.values_list("subject", flat=True))
    due = [meetup.pk for meetup in told.order_by("pk") if meetup.subject not in subjects]
    _each(told.filter(pk__in=due), actions.thank_organiser, at, "organiser not thanked")


def _each(
    meetups: QuerySet[Meetup], act: Callable[..., object], at: datetime, failure: str
) -> None:
    """One transaction each; one bad row does not hold up the rest."""
    for meetup in meetups.order_by("ends_at", "pk")[:AT_ONCE]:
        try:
            act(meetup=meetup, at=at)
        except Exception:
            logger.exception(failure, meetup=meetup.pk)
