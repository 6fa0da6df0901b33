"""The one next step a reader can take at a meetup: what its button says."""

from dataclasses import dataclass
from datetime import datetime

from events.meetups.models import Meetup
from events.rsvps.actions.seats import seats_of
from events.rsvps.models import Rsvp, RsvpState
from events.rsvps.seating import Phase, in_line, phase_of
from fans.accounts.models import Fan, Reader


@dataclass(frozen=True)
class Step:
    kind: str  # "reserve", "wait", "waiting", "race", "offer", "in", "was_there", "none"
    mine: Rsvp | None = None
    place: int = 0  # in line
    kept: int = 0  # seats for people who were never at a meetup


def step_of(meetup: Meetup, reader: Reader, at: datetime) -> Step:
    mine = meetup.rsvps.filter(fan=reader.pk).first() if isinstance(reader, Fan) else None
    free = seats_of(meetup)
    kept = min(max(free.total, 0), free.kept_for_newcomers)
    if mine is not None and mine.state == RsvpState.ATTENDED:
        return Step("was_there", mine, kept=kept)
    phase = phase_of(meetup, at)
    if mine is not None and mine.state in {RsvpState.CONFIRMED, RsvpState.OFFERED}:
        is_offer = mine.state == RsvpState.OFFERED and phase is not Phase.CLOSED
        return Step("offer" if is_offer else "in", mine, kept=kept)
    if phase is Phase.CLOSED:
        return Step("none", mine, kept=kept)
    if mine is not None and mine.state == RsvpState.WAITLISTED:
        line = [rsvp.pk for rsvp in in_line(meetup.rsvps.waiting_in_order())]
        can_take = phase is Phase.RACING and free.open_to(mine) >= mine.party_size
        return Step("race" if can_take else "waiting", mine, line.index(mine.pk) + 1, kept)
    return Step("reserve" if _is_open(free.total, kept, reader) else "wait", mine, kept=kept)


def _is_open(total: int, kept: int, reader: Reader) -> bool:
    """Whether a seat would be theirs; a guest of the site is taken for somebody new here."""
    if not isinstance(reader, Fan) or total - kept > 0:
        return total > 0
    return total > 0 and not reader.check_ins.filter(undone_at=None).exists()
