"""A seat is free: who of those waiting gets it (M1, M2, M4)."""

from datetime import datetime

from django.db import transaction

from events.meetups.actions import lock_meetup
from events.meetups.actions.steering import facts_of
from events.meetups.models import Meetup, MeetupState
from events.rsvps.actions.seats import (
    lock_fans,
    move,
    new_nonce,
    overlapping,
    seats_elsewhere,
    seats_of,
)
from events.rsvps.models import Rsvp, RsvpState
from events.rsvps.seating import (
    RESERVE_UNTIL,
    Phase,
    in_line,
    next_in_line,
    offer_ends,
    passed_over,
    phase_of,
)
from fans.accounts.models import Fan
from fans.notifications.actions import tell


@transaction.atomic
def fill_free_seats(*, meetup: Meetup, at: datetime) -> int:
    """Give free seats to those who wait, as the hour asks; how many got one."""
    return fill(lock_meetup(meetup), at)


def fill(meetup: Meetup, at: datetime, asking: Rsvp | None = None) -> int:
    """The same for a locked meetup. `asking` presses the button now, so a seat that comes to
    them is theirs at once, unannounced."""
    phase = phase_of(meetup, at)
    if phase is Phase.CLOSED or meetup.seats_taken >= meetup.capacity:
        return 0
    # Whoever confirms a seat anywhere holds the fan's row: nobody sits in two places (M4).
    fans = lock_fans(meetup.rsvps.waiting_in_order().values_list("fan", flat=True))
    waiting = list(meetup.rsvps.waiting_in_order())
    if phase is Phase.RACING:
        waiting = [rsvp for rsvp in waiting if asking and rsvp.pk == asking.pk]
    line = [rsvp for rsvp in in_line(waiting) if _may_sit(rsvp, fans.get(rsvp.fan_id), meetup, at)]
    elsewhere = seats_elsewhere(meetup, [rsvp.fan_id for rsvp in line])
    free, given = seats_of(meetup), 0
    while chosen := next_in_line(
        line, free, holds=phase is Phase.CONFIRMING, may_sit=lambda rsvp: True
    ):
        line.remove(chosen)
        if chosen.fan_id in elsewhere:
            drop(chosen, elsewhere[chosen.fan_id].meetup, at)
            continue
        for older in passed_over(line, chosen, free):
            older.passed_over_count += 1
            older.save(update_fields=["passed_over_count"])
        free.take(chosen)
        is_asking = asking is not None and chosen.pk == asking.pk
        if is_asking or phase is Phase.CONFIRMING:
            confirm(chosen, meetup, at, is_told=not is_asking)
        else:
            _offer(chosen, meetup, at)
        given += 1
    return given


def _may_sit(rsvp: Rsvp, fan: Fan | None, meetup: Meetup, at: datetime) -> bool:
    """Who may not write gets no seat meanwhile; who is held back none before the last 72 h."""
    if fan is None or not fan.is_active or fan.writing_refusal(at):
        return False
    return not rsvp.is_held_back or at >= meetup.starts_at - RESERVE_UNTIL


def confirm(rsvp: Rsvp, meetup: Meetup, at: datetime, *, is_told: bool) -> None:
    """The seat is theirs, with a ticket of its own; waits at that time elsewhere end (M4)."""
    move(rsvp, RsvpState.CONFIRMED, meetup, at, ticket_nonce=new_nonce(), offered_until=None)
    drop_overlapping_waits(rsvp, meetup, at)
    if is_told:
        _tell("seat_confirmed", rsvp, meetup, at, rsvp.ticket_nonce[:8])


def _offer(rsvp: Rsvp, meetup: Meetup, at: datetime) -> None:
    until = min(offer_ends(at, meetup.timezone), meetup.starts_at)
    move(rsvp, RsvpState.OFFERED, meetup, at, offered_until=until)
    _tell("meetup_seat_offered", rsvp, meetup, at, f"{at:%Y%m%d%H%M%S}", until=until.isoformat())


def _tell(kind: str, rsvp: Rsvp, meetup: Meetup, at: datetime, which: str, **facts: object) -> None:
    tell(
        kind=kind,
        subject=meetup.subject,
        key=f"{kind}:{rsvp.pk}:{which}",
        at=at,
        to=[(rsvp.fan_id, "waiting")],
        facts=facts_of(meetup, **facts),
    )


def drop_overlapping_waits(rsvp: Rsvp, meetup: Meetup, at: datetime) -> None:
    """Waits at the same time end, with notice. The fan's row is locked: no list gives a seat
    to them meanwhile. A seat offered elsewhere runs out at once; the sweep frees it."""
    others = Rsvp.objects.filter(overlapping(meetup), fan=rsvp.fan_id).select_related("meetup")
    for other in others.filter(state=RsvpState.WAITLISTED).order_by("pk"):
        drop(other, meetup, at)
    others.filter(state=RsvpState.OFFERED).update(offered_until=at)


def drop(rsvp: Rsvp, for_meetup: Meetup, at: datetime) -> None:
    """End a wait that holds no seat, because the fan sits elsewhere at that time."""
    gone = Rsvp.objects.filter(pk=rsvp.pk, state=RsvpState.WAITLISTED).update(
        state=RsvpState.CANCELLED, state_at=at, cancelled_at=at
    )
    if gone:
        where = rsvp.meetup
        _tell("wait_dropped", rsvp, where, at, f"{at:%Y%m%d%H%M%S}", other=for_meetup.title)


@transaction.atomic
def lapse_offer(*, rsvp: Rsvp, at: datetime) -> bool:
    """Nobody took the seat in time: back to the end of the list, and the next gets the offer."""
    meetup = lock_meetup(rsvp.meetup_id)
    locked = Rsvp.objects.get(pk=rsvp.pk)
    is_over = locked.offered_until is not None and locked.offered_until <= at
    if locked.state != RsvpState.OFFERED or not is_over:
        return False
    if meetup.state in {MeetupState.POSTPONED, MeetupState.CANCELLED}:
        return False
    move(locked, RsvpState.WAITLISTED, meetup, at, queued_at=at, offered_until=None)
    if sits := seats_elsewhere(meetup, [locked.fan_id]).get(locked.fan_id):
        drop(locked, sits.meetup, at)
    fill(meetup, at)
    return True


def drop_waits_of(*, fan: Fan, at: datetime) -> int:
    """Somebody leaves or is banned: they wait nowhere any more. The caller holds their row."""
    waits = Rsvp.objects.filter(fan=fan, state=RsvpState.WAITLISTED)
    return waits.update(state=RsvpState.CANCELLED, state_at=at, cancelled_at=at)
