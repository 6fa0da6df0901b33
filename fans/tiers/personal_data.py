"""What this room holds about people (settings.PERSONAL_DATA)."""

from datetime import datetime
from typing import Any

from fans.accounts.models import Fan
from fans.accounts.withdrawal import Because
from fans.tiers.actions import end_standing
from fans.tiers.actions.standing import lock_rules
from fans.tiers.models import (
    OPEN_NOMINATIONS,
    Nomination,
    NominationState,
    TierChange,
    TierDecision,
)

_REASONS = {Because.STAFF: "staff", Because.BANNED: "banned", Because.LEAVING: "left"}


def export(fan: Fan) -> dict[str, Any]:
    standing = getattr(fan, "standing", None)
    return {
        "standing": standing and {"tier": standing.tier, "since": standing.since_at.isoformat()},
        "changes": [
            {"was": c.was, "became": c.became, "reason": c.reason, "at": c.changed_at.isoformat()}
            for c in TierChange.objects.filter(fan=fan).order_by("changed_at", "pk")
        ],
        "decisions": [
            {"week": d.run.week, "tier": d.tier, "outcome": d.outcome, "criteria": d.criteria}
            for d in TierDecision.objects.filter(fan=fan).select_related("run").order_by("pk")
        ],
        "nominations": [
            {"statement": n.statement, "state": n.state, "at": n.created_at.isoformat()}
            for n in Nomination.objects.filter(nominee=fan).order_by("pk")
        ],
    }


def hold(*, fan: Fan) -> None:
    """A run holds all standings and then each fan: it comes before this, or after."""
    lock_rules()


def withdraw(*, fan: Fan, at: datetime, because: Because) -> None:
    """The tier ends, and with it whatever was proposed for them (spec §1)."""
    end_standing(fan=fan, reason=_REASONS[because], at=at)
    Nomination.objects.filter(nominee=fan, state__in=OPEN_NOMINATIONS).update(
        state=NominationState.WITHDRAWN, state_at=at
    )


def erase(*, fan: Fan, at: datetime, with_words: bool) -> None:
    """Changes and decisions stay as shells with a number (L1); words about and by them go."""
    Nomination.objects.filter(nominee=fan).update(statement="")
    if with_words:
        Nomination.objects.filter(nominator=fan).update(statement="")
