"""Everything that writes to tiers, by verb."""

from fans.tiers.actions.nominating import (
    approve_nomination,
    nominate,
    reject_nomination,
    withdraw_nomination,
)
from fans.tiers.actions.offices import change_role
from fans.tiers.actions.planning import coming_runs, next_run_at, plan_runs, postpone_run
from fans.tiers.actions.rebuilding import rebuild_standings
from fans.tiers.actions.refusals import (
    NoLongerOpen,
    NominatedAlready,
    NotAllowed,
    NothingHeld,
    ObservesStill,
    OfferGone,
    ReasonMissing,
    TierRefusal,
)
from fans.tiers.actions.ruling import change_seat_limit, end_observing, release_run
from fans.tiers.actions.running import remind_of_grace, run_week
from fans.tiers.actions.seats import accept_seat, decline_seat, let_offers_lapse
from fans.tiers.actions.standing import come_to, end_standing

__all__ = [
    "NoLongerOpen",
    "NominatedAlready",
    "NotAllowed",
    "NothingHeld",
    "ObservesStill",
    "OfferGone",
    "ReasonMissing",
    "TierRefusal",
    "accept_seat",
    "approve_nomination",
    "change_role",
    "change_seat_limit",
    "come_to",
    "coming_runs",
    "decline_seat",
    "end_observing",
    "end_standing",
    "let_offers_lapse",
    "next_run_at",
    "nominate",
    "plan_runs",
    "postpone_run",
    "rebuild_standings",
    "reject_nomination",
    "release_run",
    "remind_of_grace",
    "run_week",
    "withdraw_nomination",
]
