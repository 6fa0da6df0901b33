"""Who gets a free seat (M1, M2): the rule alone, on rows the caller holds."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from events.meetups.models import Meetup, MeetupState
from events.rsvps.models import Rsvp

CONFIRMS_UNTIL = timedelta(hours=24)  # before the start; offers from then on
RACES_FROM = timedelta(hours=3)  # before the start: who presses first
RESERVE_UNTIL = timedelta(hours=72)  # M2; and M7: no seat for the held back before
OFFER = timedelta(hours=2)
DAY_BEGINS, DAY_ENDS = 8, 22  # an offer runs in these hours at the venue
PASSED_OVER_AT_MOST = 3


class Phase(StrEnum):
    CONFIRMING = "confirming"  # a free seat goes to the oldest waiting party that fits
    OFFERING = "offering"  # it is offered for 2 h
    RACING = "racing"  # the first of the list who presses gets it
    CLOSED = "closed"


def phase_of(meetup: Meetup, at: datetime) -> Phase:
    if meetup.state != MeetupState.RSVP_OPEN or at >= meetup.starts_at:
        return Phase.CLOSED
    left = meetup.starts_at - at
    if left >= CONFIRMS_UNTIL:
        return Phase.CONFIRMING
    return Phase.OFFERING if left > RACES_FROM else Phase.RACING


@dataclass
class FreeSeats:
    """What is free; so many of it waits for people who never attended anywhere (M2)."""

    total: int
    kept_for_newcomers: int

    def open_to(self, rsvp: Rsvp) -> int:
        kept = 0 if rsvp.is_newcomer else self.kept_for_newcomers
        return max(0, self.total - kept)

    def take(self, rsvp: Rsvp) -> None:
        self.total -= rsvp.party_size
        if rsvp.is_newcomer:
            self.kept_for_newcomers = max(0, self.kept_for_newcomers - rsvp.party_size)


def free_seats(meetup: Meetup, seated: Iterable[Rsvp]) -> FreeSeats:
    """Of a locked meetup. `seated` are those with a seat; asked only while seats are kept."""
    total = meetup.capacity - meetup.seats_taken
    if meetup.reserve_released_at is not None or not meetup.reserve_share:
        return FreeSeats(total, 0)
    reserve = meetup.capacity * meetup.reserve_share // 100
    taken = sum(rsvp.party_size for rsvp in seated if rsvp.is_newcomer)
    return FreeSeats(total, max(0, reserve - taken))


def in_line(waiting: Iterable[Rsvp]) -> list[Rsvp]:
    """As they came; a party passed over three times is next, who is held back comes last."""
    return sorted(
        waiting,
        key=lambda rsvp: (
            rsvp.is_held_back,
            rsvp.passed_over_count < PASSED_OVER_AT_MOST,
            rsvp.queued_at,
            rsvp.pk,
        ),
    )


def next_in_line(
    line: Sequence[Rsvp], free: FreeSeats, *, holds: bool, may_sit: Callable[[Rsvp], bool]
) -> Rsvp | None:
    """The first party that fits. With `holds`, seats too few for a party that was passed over
    three times stay free for it, and nobody behind it gets them."""
    held = 0
    for rsvp in line:
        if not may_sit(rsvp):
            continue
        if rsvp.party_size <= free.open_to(rsvp) - held:
            return rsvp
        if holds and rsvp.passed_over_count >= PASSED_OVER_AT_MOST:
            held = max(held, free.open_to(rsvp))
    return None


def passed_over(line: Sequence[Rsvp], chosen: Rsvp, free: FreeSeats) -> list[Rsvp]:
    """Older parties for which there were seats, but too few."""
    came = (chosen.queued_at, chosen.pk)
    return [
        rsvp
        for rsvp in line
        if (rsvp.queued_at, rsvp.pk) < came and not rsvp.is_held_back and free.open_to(rsvp) > 0
    ]


def offer_ends(at: datetime, zone: str) -> datetime:
    """Two hours from now, counted between 08:00 and 22:00 at the venue alone."""
    left = OFFER
    there = ZoneInfo(zone)
    local = at.astimezone(there)
    while True:
        begins = datetime.combine(local.date(), time(DAY_BEGINS), there)
        ends = datetime.combine(local.date(), time(DAY_ENDS), there)
        starts = max(at, begins)
        if starts + left <= ends:
            return starts + left
        left -= max(timedelta(), ends - starts)
        local = datetime.combine(local.date() + timedelta(days=1), time(), there)
        at = max(at, local)
