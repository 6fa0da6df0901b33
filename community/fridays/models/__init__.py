"""The week: a build on Friday, a report on Tuesday, an answer on Friday (spec §6)."""

from community.fridays.models.releases import (
    Credit,
    CreditQuerySet,
    CreditRole,
    ItemKind,
    Release,
    ReleaseItem,
    ReleaseQuerySet,
    ReleaseState,
)
from community.fridays.models.reports import (
    Award,
    Ballot,
    Choice,
    Grid,
    Report,
    ReportDraft,
    ReportRevision,
    WeeklyReport,
)
from community.fridays.models.weeks import (
    NO_BUILD,
    WAITS_FOR_A_BUILD,
    Cycle,
    CycleQuerySet,
    CycleState,
    Pick,
    SnapshotRow,
)

__all__ = [
    "NO_BUILD",
    "WAITS_FOR_A_BUILD",
    "Award",
    "Ballot",
    "Choice",
    "Credit",
    "CreditQuerySet",
    "CreditRole",
    "Cycle",
    "CycleQuerySet",
    "CycleState",
    "Grid",
    "ItemKind",
    "Pick",
    "Release",
    "ReleaseItem",
    "ReleaseQuerySet",
    "ReleaseState",
    "Report",
    "ReportDraft",
    "ReportRevision",
    "SnapshotRow",
    "WeeklyReport",
]
