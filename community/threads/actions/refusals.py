"""Why a deed was not done. Views put each into words; none of them is a bug."""

from datetime import datetime

from community.threads.models import Post


class Refusal(Exception):
    """Something a person asked for and cannot have."""


class NotAllowed(Refusal):
    """Somebody else's to do: no right, or one's own case."""


class MayNotWrite(Refusal):
    """Unverified, muted, suspended or leaving; says which in the person's words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BoardClosed(Refusal):
    """The board was archived, or is not open to this person."""


class OnlyStaffAnnounce(Refusal):
    """Announcements, and threads on a board of announcements, are opened by staff."""


class ThreadLocked(Refusal):
    """A moderator closed the thread, or it is not published."""


class AlreadyPosted(Refusal):
    """The same words by the same person within minutes; `post` is what stands already."""

    def __init__(self, post: Post) -> None:
        super().__init__(post)
        self.post = post


class SlowMode(Refusal):
    """The board asks for a pause between two posts of one fan."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


class EditedMeanwhile(Refusal):
    """The post says something else by now than what the form showed; both texts are kept."""

    def __init__(self, post: Post) -> None:
        super().__init__(post)
        self.post = post


class NotInThatState(Refusal):
    """The post or thread has moved on: decided, deleted or published by somebody else."""


class TooLate(Refusal):
    """The time in which a deletion can be undone is over."""


class NotAnAnswer(Refusal):
    """Only a published reply to a question can be its answer."""


class RuleMissing(Refusal):
    """Nothing is removed or turned down without a rule code (C1)."""


class OthersStandBehindIt(Refusal):
    """The opening words of a wish, a build or a meetup: it is ended on its own page."""
