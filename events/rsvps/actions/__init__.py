"""Everything that gives, takes and moves seats; each under the lock of the meetup's row."""

from events.rsvps.actions.capacity import change_capacity, release_reserve, reschedule
from events.rsvps.actions.filling import drop_waits_of, fill_free_seats, lapse_offer
from events.rsvps.actions.recounting import recount_seats
from events.rsvps.actions.refusals import (
    Full,
    MayNotReserve,
    NoOffer,
    Overlaps,
    Refusal,
    RepliesClosed,
    TooManyGuests,
    TooManySeats,
)
from events.rsvps.actions.replying import (
    accept_seat,
    cancel,
    change_party,
    release_seat_of,
    reserve,
    show_name,
    undo_cancellation,
)

__all__ = [
    "Full",
    "MayNotReserve",
    "NoOffer",
    "Overlaps",
    "Refusal",
    "RepliesClosed",
    "TooManyGuests",
    "TooManySeats",
    "accept_seat",
    "cancel",
    "change_capacity",
    "change_party",
    "drop_waits_of",
    "fill_free_seats",
    "lapse_offer",
    "recount_seats",
    "release_reserve",
    "release_seat_of",
    "reschedule",
    "reserve",
    "show_name",
    "undo_cancellation",
]
