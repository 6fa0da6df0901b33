"""What moves a week: its calendar, its builds, its choice. Reports and figures have modules of their own."""

from community.fridays.actions.cycles import (
    NotInThatState,
    ReasonMissing,
    schedule_weeks,
    skip,
)
from community.fridays.actions.fixing import asked_count
from community.fridays.actions.launching import (
    WishesNotOnTheWay,
    publish_release,
    stopping_wishes,
    told_count,
    withdraw_release,
)
from community.fridays.actions.planning import (
    NoSnapshotYet,
    NotToBePicked,
    SixthNeedsReason,
    pick,
    withdraw_pick,
)
from community.fridays.actions.releases import (
    Incomplete,
    ItemDetails,
    ReleaseDetails,
    TooLate,
    VersionTaken,
    change_release,
    draft_release,
    make_ready,
    missing_in,
    take_back,
)
from community.fridays.actions.sweeping import next_step_at, sweep_cycle, take_step

__all__ = [
    "Incomplete",
    "ItemDetails",
    "NoSnapshotYet",
    "NotInThatState",
    "NotToBePicked",
    "ReasonMissing",
    "ReleaseDetails",
    "SixthNeedsReason",
    "TooLate",
    "VersionTaken",
    "WishesNotOnTheWay",
    "asked_count",
    "change_release",
    "draft_release",
    "make_ready",
    "missing_in",
    "next_step_at",
    "pick",
    "publish_release",
    "schedule_weeks",
    "skip",
    "stopping_wishes",
    "sweep_cycle",
    "take_back",
    "take_step",
    "told_count",
    "withdraw_pick",
    "withdraw_release",
]
