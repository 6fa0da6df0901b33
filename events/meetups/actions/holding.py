"""The clock carries a meetup from its start to its end (sweeps)."""

from datetime import datetime

from django.db import transaction

from community.feature_requests.actions import record_step
from events.chapters.actions import note_meetup
from events.meetups.actions.standing import lock_meetup, set_state
from events.meetups.models import Meetup, MeetupState

TAKING_REPLIES = [MeetupState.RSVP_OPEN, MeetupState.RSVP_CLOSED]


@transaction.atomic
def begin(*, meetup: Meetup, at: datetime) -> bool:
    """The hour has come: replies are closed, walk-ins are let in while seats remain."""
    locked = lock_meetup(meetup)
    if locked.state not in TAKING_REPLIES or locked.starts_at > at:
        return False
    set_state(locked, MeetupState.IN_PROGRESS, at)
    return True


@transaction.atomic
def end(*, meetup: Meetup, at: datetime) -> bool:
    """It is over; the chapter has met."""
    locked = lock_meetup(meetup)
    if locked.state != MeetupState.IN_PROGRESS or locked.ends_at > at:
        return False
    set_state(locked, MeetupState.COMPLETED, at)
    _tell_in_stories(locked)
    if locked.chapter is not None:
        note_meetup(chapter=locked.chapter, at=locked.ends_at)
    return True


def _tell_in_stories(meetup: Meetup) -> None:
    """It was the room in which the wishes of its agenda were argued (spec §5)."""
    items = meetup.agenda.select_related("feature_request")
    for item in items.order_by("feature_request"):
        record_step(
            feature_request=item.feature_request,
            kind="room",
            key=meetup.subject,
            at=meetup.starts_at,
            url=meetup.get_absolute_url(),
            facts={"title": meetup.title, "place": meetup.place_id},
            thread=meetup.thread,
        )
