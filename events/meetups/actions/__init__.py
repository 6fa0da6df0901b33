"""Everything that writes to a meetup itself, by verb; seats and doors have rooms of their own."""

from events.meetups.actions.holding import begin, end
from events.meetups.actions.planning import (
    MeetupDetails,
    announce,
    approve,
    propose,
    revise,
    send_back,
    submit,
)
from events.meetups.actions.refusals import (
    AlreadyBegun,
    BadTimes,
    MayNotWrite,
    NotAllowed,
    NotInThatState,
    ReasonMissing,
    Refusal,
    TooManySeats,
)
from events.meetups.actions.standing import lock_meetup
from events.meetups.actions.steering import call_off, change_venue, postpone

__all__ = [
    "AlreadyBegun",
    "BadTimes",
    "MayNotWrite",
    "MeetupDetails",
    "NotAllowed",
    "NotInThatState",
    "ReasonMissing",
    "Refusal",
    "TooManySeats",
    "announce",
    "approve",
    "begin",
    "call_off",
    "change_venue",
    "end",
    "lock_meetup",
    "postpone",
    "propose",
    "revise",
    "send_back",
    "submit",
]
