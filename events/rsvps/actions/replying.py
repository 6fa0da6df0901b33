"""What a fan does with one's own seat."""

from datetime import datetime, timedelta

from django.db import transaction

from events.meetups.actions import lock_meetup
from events.meetups.models import Meetup, MeetupState
from events.rsvps.actions.filling import confirm, fill
from events.rsvps.actions.refusals import (
    Full,
    MayNotReserve,
    NoOffer,
    Overlaps,
    RepliesClosed,
    TooManyGuests,
)
from events.rsvps.actions.seats import (
    LATE,
    count,
    lock_fans,
    move,
    new_nonce,
    seats_elsewhere,
    seats_of,
)
from events.rsvps.models import Rsvp, RsvpState
from events.rsvps.seating import Phase, phase_of
from fans.accounts.models import Fan
from fans.ledger.actions import note_act

UNDO_WITHIN = timedelta(seconds=60)  # for the place in line; the button is shown for 10
NO_SHOWS, NO_SHOW_WITHIN, HELD_BACK = 2, timedelta(days=180), timedelta(days=60)  # M7
HERE = [RsvpState.CONFIRMED, RsvpState.WAITLISTED, RsvpState.OFFERED, RsvpState.ATTENDED]
RELEASABLE = [RsvpState.CONFIRMED, RsvpState.OFFERED, RsvpState.WAITLISTED]
OVER = [MeetupState.COMPLETED, MeetupState.RECAP_PUBLISHED, MeetupState.CANCELLED]


@transaction.atomic
def reserve(
    *, meetup: Meetup, fan: Fan, at: datetime, guest_count: int = 0, shows_name: bool = False
) -> Rsvp:
    """Ask for a seat: it is confirmed at once where one is free, else one waits in line (M1).

    Asking twice is the same as asking once.
    """
    return _join(meetup, fan, at, guest_count, shows_name, queued_at=at)


def _join(
    meetup: Meetup,
    fan: Fan,
    at: datetime,
    guest_count: int,
    shows_name: bool,
    queued_at: datetime,
) -> Rsvp:
    locked = lock_meetup(meetup)
    if phase_of(locked, at) is Phase.CLOSED:
        raise RepliesClosed
    if not 0 <= guest_count <= locked.guests_allowed:
        raise TooManyGuests
    waiting = locked.rsvps.waiting_in_order().values_list("fan", flat=True)
    asking = lock_fans([fan.pk, *waiting])[fan.pk]  # all at once, in the order of numbers
    if reason := asking.writing_refusal(at):
        raise MayNotReserve(reason)
    mine = locked.rsvps.filter(fan=fan).first()
    if mine is not None and mine.state in HERE:
        return mine
    _refuse_two_places(locked, fan)
    if mine is None:
        note_act(fan=asking, at=at)  # changing one's mind back and forth is no further act
    mine = mine or Rsvp(meetup=locked, fan=asking, created_at=at, ticket_nonce=new_nonce())
    mine.guest_count, mine.shows_name = guest_count, shows_name
    mine.is_newcomer = not asking.check_ins.filter(undone_at=None).exists()
    mine.is_held_back = _is_held_back(asking, at)
    mine.queued_at, mine.passed_over_count, mine.cancelled_late = queued_at, 0, False
    mine.state, mine.state_at = RsvpState.WAITLISTED, at
    mine.save()
    fill(locked, at, asking=mine)
    mine.refresh_from_db()
    return mine


def _refuse_two_places(meetup: Meetup, fan: Fan) -> None:
    if other := seats_elsewhere(meetup, [fan.pk]).get(fan.pk):
        raise Overlaps(other.meetup)


def _is_held_back(fan: Fan, at: datetime) -> bool:
    """M7: two no-shows in 180 days hold the next replies back for 60 days."""
    missed = fan.rsvps.filter(state=RsvpState.NO_SHOW, state_at__gt=at - NO_SHOW_WITHIN)
    newest = list(missed.order_by("-state_at").values_list("state_at", flat=True)[:NO_SHOWS])
    return len(newest) == NO_SHOWS and at < newest[0] + HELD_BACK


@transaction.atomic
def accept_seat(*, rsvp: Rsvp, at: datetime) -> Rsvp:
    """Take the seat that is offered; in the last three hours, a free one. Again is the same."""
    meetup = lock_meetup(rsvp.meetup_id)
    waiting = meetup.rsvps.waiting_in_order().values_list("fan", flat=True)
    asking = lock_fans([rsvp.fan_id, *waiting])[rsvp.fan_id]
    locked = Rsvp.objects.get(pk=rsvp.pk)
    if locked.state in {RsvpState.CONFIRMED, RsvpState.ATTENDED}:
        return locked
    phase = phase_of(meetup, at)
    if phase is Phase.CLOSED:
        raise RepliesClosed
    if reason := asking.writing_refusal(at):
        raise MayNotReserve(reason)
    _refuse_two_places(meetup, asking)
    if locked.state == RsvpState.OFFERED and locked.offered_until and at < locked.offered_until:
        confirm(locked, meetup, at, is_told=False)
    elif locked.state == RsvpState.WAITLISTED and phase is Phase.RACING:
        if not fill(meetup, at, asking=locked):
            raise Full
        locked.refresh_from_db()
    else:
        raise NoOffer
    return locked


@transaction.atomic
def cancel(*, rsvp: Rsvp, at: datetime) -> Rsvp:
    """Give one's seat back, or one's place in line; the next is told. Again changes nothing."""
    meetup = lock_meetup(rsvp.meetup_id)
    return _cancel(meetup, Rsvp.objects.get(pk=rsvp.pk), at)


def _cancel(meetup: Meetup, rsvp: Rsvp, at: datetime) -> Rsvp:
    if rsvp.state not in RELEASABLE:
        return rsvp
    if meetup.state in OVER:
        raise RepliesClosed
    had_seat = rsvp.state == RsvpState.CONFIRMED
    move(
        rsvp,
        RsvpState.CANCELLED,
        meetup,
        at,
        cancelled_at=at,
        offered_until=None,
        cancelled_late=had_seat and at > meetup.starts_at - LATE,
        # Who waited keeps their place in line for as long as they may change their mind.
        queued_at=rsvp.queued_at if rsvp.state == RsvpState.WAITLISTED else None,
    )
    fill(meetup, at)
    return rsvp


@transaction.atomic
def undo_cancellation(*, rsvp: Rsvp, at: datetime) -> Rsvp:
    """Pressed in error: the seat is theirs again if it is still free, else they wait at the end.

    Who only waited has their old place in line, within a minute.
    """
    lock_meetup(rsvp.meetup_id)
    known = Rsvp.objects.select_related("meetup", "fan").get(pk=rsvp.pk)
    is_fresh = known.cancelled_at is not None and at - known.cancelled_at <= UNDO_WITHIN
    return _join(
        known.meetup,
        known.fan,
        at,
        min(known.guest_count, known.meetup.guests_allowed),
        known.shows_name,
        queued_at=known.queued_at if is_fresh and known.queued_at else at,
    )


@transaction.atomic
def change_party(*, rsvp: Rsvp, guest_count: int, at: datetime) -> Rsvp:
    """Bring a guest, or come alone after all. A guest's seat must be free, and nobody wait."""
    meetup = lock_meetup(rsvp.meetup_id)
    locked = Rsvp.objects.get(pk=rsvp.pk)
    if phase_of(meetup, at) is Phase.CLOSED or locked.state not in RELEASABLE:
        raise RepliesClosed
    if not 0 <= guest_count <= meetup.guests_allowed:
        raise TooManyGuests
    more = guest_count - locked.guest_count
    has_seat = locked.state != RsvpState.WAITLISTED
    if more > 0 and has_seat:
        if meetup.rsvps.waiting_in_order().exists() or seats_of(meetup).open_to(locked) < more:
            raise Full
        count(meetup, more)
    locked.guest_count = guest_count
    locked.save(update_fields=["guest_count"])
    if more < 0 and has_seat:
        count(meetup, more)
    if more < 0:
        fill(meetup, at)
    locked.refresh_from_db()
    return locked


def show_name(*, rsvp: Rsvp, shows_name: bool) -> None:
    """Whether others see who comes (M11)."""
    Rsvp.objects.filter(pk=rsvp.pk).update(shows_name=shows_name)


@transaction.atomic
def release_seat_of(*, rsvp: Rsvp, at: datetime) -> bool:
    """The seat of somebody who is banned or leaves goes to the next."""
    meetup = lock_meetup(rsvp.meetup_id)
    locked = Rsvp.objects.select_related("fan").get(pk=rsvp.pk)
    is_gone = locked.fan.banned_at or locked.fan.leaving_at or locked.fan.erased_at
    if not is_gone or locked.state not in RELEASABLE or meetup.state in OVER:
        return False
    _cancel(meetup, locked, at)
    return True
