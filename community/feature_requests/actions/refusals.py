"""Why a deed was not done. Views put each into words; none of them is a bug."""

from community.feature_requests.models import FeatureRequest


class Refusal(Exception):
    """Something a person asked for and cannot have."""


class NotAllowed(Refusal):
    """Somebody else's to do."""


class MayNotWrite(Refusal):
    """Unverified, muted, suspended or leaving; says which in the person's words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class StaffCastNoVotes(Refusal):
    """Staff and admins listen; they do not vote (spec §1)."""


class VotingClosed(Refusal):
    """The wish has ended or is not shown, so its count is final (F2)."""


class NoVoteLeft(Refusal):
    """As many votes stand open as this fan has (F2)."""


class NotInThatState(Refusal):
    """The wish has moved on: somebody else was faster, or the step is none of the graph's."""

    def __init__(self, feature_request: FeatureRequest | None = None) -> None:
        super().__init__(feature_request)
        self.feature_request = feature_request


class ResponseMissing(Refusal):
    """This step needs words of the company (F1)."""


class ReasonMissing(Refusal):
    """Declining and going back need a reason (F1)."""


class NoSuchWeek(Refusal):
    """A promise names a week such as 2026-W50."""


class HasVotes(Refusal):
    """Others stand behind it by now: it is no longer its author's alone to take back."""


class MergeCycle(Refusal):
    """The other wish leads back to this one already (F4)."""


class NotOpen(Refusal):
    """Only open wishes are merged, and only into open ones (F4)."""


class NotOnTheWay(Refusal):
    """Only what is planned, in development or in testing can ship (F6); says which wish."""

    def __init__(self, feature_request: FeatureRequest) -> None:
        super().__init__(feature_request)
        self.feature_request = feature_request
