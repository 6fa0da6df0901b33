"""What organisers do to the seats of everybody (M2, M3), and a new date."""

from datetime import datetime, timedelta

from django.db import transaction

from events.meetups.actions import BadTimes, NotAllowed, NotInThatState, lock_meetup
from events.meetups.actions.standing import set_state
from events.meetups.actions.steering import facts_of
from events.meetups.local_time import instant_of
from events.meetups.models import Meetup, MeetupState
from events.meetups.permissions import may_organise
from events.rsvps.actions.filling import fill
from events.rsvps.actions.refusals import RepliesClosed, TooManySeats
from events.rsvps.models import RsvpState
from events.rsvps.seating import RESERVE_UNTIL
from fans.accounts.models import Fan
from fans.audit.actions import record
from fans.notifications.actions import tell

ASKED_AGAIN = timedelta(hours=48)
CHANGEABLE = [MeetupState.RSVP_OPEN, MeetupState.POSTPONED, MeetupState.IN_PROGRESS]


@transaction.atomic
def change_capacity(*, meetup: Meetup, capacity: int, by: Fan, at: datetime) -> Meetup:
    """Fewer seats take nobody's away; more confirm the oldest waiting, who are told (M3)."""
    locked = lock_meetup(meetup)
    if not may_organise(by, locked, at):
        raise NotAllowed
    if locked.state not in CHANGEABLE:
        raise RepliesClosed
    if not 0 < capacity <= locked.legal_capacity:
        raise TooManySeats
    if capacity == locked.capacity:
        return locked
    before, locked.capacity = locked.capacity, capacity
    locked.over_capacity = max(0, locked.seats_taken - capacity)
    locked.save(update_fields=["capacity", "over_capacity"])
    record(
        actor=by,
        verb="seats changed",
        subject=locked.subject,
        at=at,
        before=before,
        after=capacity,
    )
    fill(locked, at)
    return locked


@transaction.atomic
def release_reserve(*, meetup: Meetup, at: datetime) -> bool:
    """72 hours before, the seats kept for newcomers are everybody's (M2)."""
    locked = lock_meetup(meetup)
    is_due = locked.starts_at - RESERVE_UNTIL <= at
    if locked.reserve_released_at is not None or not is_due:
        return False
    if locked.state != MeetupState.RSVP_OPEN:
        return False
    locked.reserve_released_at = at
    locked.save(update_fields=["reserve_released_at"])
    fill(locked, at)
    return True


@transaction.atomic
def reschedule(
    *, meetup: Meetup, starts_local: str, ends_local: str, by: Fan, at: datetime
) -> Meetup:
    """A new date for a postponed meetup: everybody with a seat is asked again, for 48 hours.

    Their seats stand as offers meanwhile, so nobody loses one to the waiting list.
    """
    locked = lock_meetup(meetup)
    if not may_organise(by, locked, at):
        raise NotAllowed
    if locked.state != MeetupState.POSTPONED:
        raise NotInThatState
    starts_at = instant_of(starts_local, locked.timezone)
    ends_at = instant_of(ends_local, locked.timezone)
    if not at < starts_at < ends_at:
        raise BadTimes
    locked.rsvps.filter(state__in=[RsvpState.CONFIRMED, RsvpState.OFFERED]).update(
        state=RsvpState.OFFERED, state_at=at, offered_until=min(at + ASKED_AGAIN, starts_at)
    )
    set_state(
        locked,
        MeetupState.RSVP_OPEN,
        at,
        starts_local=starts_local,
        ends_local=ends_local,
        starts_at=starts_at,
        ends_at=ends_at,
        reserve_released_at=None,
        sequence=locked.sequence + 1,
        reason="",
    )
    tell(
        kind="meetup_rescheduled",
        subject=locked.subject,
        key=f"meetup_rescheduled:{locked.pk}:{locked.sequence}",
        at=at,
        actor=by,
        facts=facts_of(locked),
    )
    return locked
