from collections.abc import Sequence
from datetime import datetime

from events.meetups.actions.refusals import NotInThatState
from events.meetups.models import Meetup, MeetupState


def lock_meetup(meetup: Meetup | int) -> Meetup:
    """Seats, states and the door of one meetup queue up behind its row."""
    pk = meetup if isinstance(meetup, int) else meetup.pk
    return Meetup.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)


def lock_in(meetup: Meetup, states: Sequence[MeetupState]) -> Meetup:
    """The locked row, standing in one of these states. Raises NotInThatState."""
    locked = lock_meetup(meetup)
    if locked.state not in states:
        raise NotInThatState
    return locked


def set_state(meetup: Meetup, state: MeetupState, at: datetime, **fields: object) -> None:
    """Bring a locked meetup into a state, with whatever else changes with it."""
    for name, value in {**fields, "state": state, "state_at": at}.items():
        setattr(meetup, name, value)
    meetup.save(update_fields=[*fields, "state", "state_at"])
