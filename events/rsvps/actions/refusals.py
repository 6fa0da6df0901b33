"""Why somebody got no seat. Views put each into words; none of them is a bug."""

from events.meetups.models import Meetup


class Refusal(Exception):
    """Something a person asked for and cannot have."""


class MayNotReserve(Refusal):
    """Unverified, muted, suspended or leaving; says which in the person's words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RepliesClosed(Refusal):
    """It takes no replies: not announced, begun, called off or postponed."""


class TooManyGuests(Refusal):
    """More than this meetup allows each fan."""


class Overlaps(Refusal):
    """They have a seat at another meetup at that time (M4)."""

    def __init__(self, other: Meetup) -> None:
        super().__init__(other)
        self.other = other


class NoOffer(Refusal):
    """No seat is offered to them now, or the offer has run out."""


class Full(Refusal):
    """No seat is free for them, or others wait for it."""


class TooManySeats(Refusal):
    """More than the venue may legally hold."""
