from community.feature_requests.models.history import (
    JUDGED_BROKEN,
    Merge,
    ProgressNote,
    StatusChange,
    StoryStep,
)
from community.feature_requests.models.requests import (
    LIGHTEST_TITLE,
    FeatureRequest,
    FeatureRequestQuerySet,
    Vote,
    VoteQuerySet,
    VotingRight,
)
from community.feature_requests.models.states import ON_THE_WAY, OPEN, Lens, Stage, Status
from community.feature_requests.models.support import Channel, Follow, OfflineSupport

__all__ = [
    "JUDGED_BROKEN",
    "LIGHTEST_TITLE",
    "ON_THE_WAY",
    "OPEN",
    "Channel",
    "FeatureRequest",
    "FeatureRequestQuerySet",
    "Follow",
    "Lens",
    "Merge",
    "OfflineSupport",
    "ProgressNote",
    "Stage",
    "Status",
    "StatusChange",
    "StoryStep",
    "Vote",
    "VoteQuerySet",
    "VotingRight",
]
