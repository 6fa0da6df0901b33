from datetime import datetime

import structlog
from celery import shared_task

from events.meetups import actions
from events.meetups.actions.holding import TAKING_REPLIES
from events.meetups.models import Meetup, MeetupState
from fans import clock

AT_ONCE = 200

logger = structlog.get_logger(__name__)


@shared_task
def carry_meetups_along() -> None:
    """Begin and end meetups by the clock; one transaction each, asked again under its lock."""
    at = clock.now()
    due = Meetup.objects.filter(state__in=TAKING_REPLIES, starts_at__lte=at)
    for meetup in due.order_by("starts_at", "pk")[:AT_ONCE]:
        _carry(meetup, at)
    over = Meetup.objects.filter(state=MeetupState.IN_PROGRESS, ends_at__lte=at)
    for meetup in over.order_by("ends_at", "pk")[:AT_ONCE]:
        _carry(meetup, at)


def _carry(meetup: Meetup, at: datetime) -> None:
    try:
        actions.begin(meetup=meetup, at=at)
        actions.end(meetup=meetup, at=at)
    except Exception:
        logger.exception("meetup not carried along", meetup=meetup.pk)
