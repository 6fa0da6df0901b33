"""Why a deed was not done. Views put each into words; none of them is a bug."""


class Refusal(Exception):
    """Something a person asked for and cannot have."""


class NotAllowed(Refusal):
    """Somebody else's to do."""


class MayNotWrite(Refusal):
    """Unverified, muted, suspended or leaving; says which in the person's words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotInThatState(Refusal):
    """The meetup has moved on: decided, announced, begun or called off by somebody else."""


class BadTimes(Refusal):
    """It would end before it begins, or has begun already."""


class TooManySeats(Refusal):
    """More than the venue may legally hold."""


class ReasonMissing(Refusal):
    """Those who were coming are told why."""


class AlreadyBegun(Refusal):
    """What has begun is neither called off nor postponed."""
