"""The models of all rooms, for Django; code imports them from their room."""

from community.feature_requests.models import (
    FeatureRequest,
    Merge,
    ProgressNote,
    StatusChange,
    StoryStep,
    Vote,
    VotingRight,
)
from community.feedback.models import Department, FeedbackItem, ItemStep, MeToo, OfflineBatch
from community.fridays.models import (
    Award,
    Ballot,
    Choice,
    Credit,
    Cycle,
    Pick,
    Release,
    ReleaseItem,
    Report,
    ReportDraft,
    ReportRevision,
    SnapshotRow,
    WeeklyReport,
)
from community.importers.models import AccountClaim
from community.moderation.models import Case, Flag, Sanction
from community.products.models import Product, Team
from community.screening.models import WatchedWord
from community.threads.models import (
    Board,
    PastBoardSlug,
    Post,
    PostRevision,
    Reaction,
    ReadPosition,
    Thread,
)

__all__ = [
    "AccountClaim",
    "Award",
    "Ballot",
    "Board",
    "Case",
    "Choice",
    "Credit",
    "Cycle",
    "Department",
    "FeatureRequest",
    "FeedbackItem",
    "Flag",
    "ItemStep",
    "MeToo",
    "Merge",
    "OfflineBatch",
    "PastBoardSlug",
    "Pick",
    "Post",
    "PostRevision",
    "Product",
    "ProgressNote",
    "Reaction",
    "ReadPosition",
    "Release",
    "ReleaseItem",
    "Report",
    "ReportDraft",
    "ReportRevision",
    "Sanction",
    "SnapshotRow",
    "StatusChange",
    "StoryStep",
    "Team",
    "Thread",
    "Vote",
    "VotingRight",
    "WatchedWord",
    "WeeklyReport",
]
