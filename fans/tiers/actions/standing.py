"""Coming to a tier and leaving it; every way ends here, and each is written down for good."""

from datetime import datetime

from django.db import transaction

from fans.accounts.models import Fan
from fans.audit.actions import record
from fans.tiers.models import StandingState, Tier, TierChange, TierRules, TierRun, TierStanding
from fans.tiers.rules import STATE_LASTS


def lock_rules() -> TierRules:
    """Runs, seats and the limit queue up behind this one row (T10)."""
    TierRules.objects.get_or_create(pk=1)
    return TierRules.objects.select_for_update(no_key=True).get(pk=1)


def lock_standing(fan_id: int) -> TierStanding | None:
    standings = TierStanding.objects.select_for_update(of=("self",), no_key=True)
    return standings.filter(fan=fan_id).first()


@transaction.atomic
def come_to(*, fan: Fan, tier: Tier, reason: str, at: datetime, run: TierRun | None = None) -> bool:
    """A fan stands in a tier from now on, protected for four runs (T2); casual is no row.

    False when they stand there already, and for staff, who hold no tier.
    """
    locked = Fan.objects.select_for_update(of=("self",), no_key=True).get(pk=fan.pk)
    standing = lock_standing(fan.pk)
    was = Tier(standing.tier) if standing else Tier.CASUAL
    if was == tier or (locked.is_staff and tier != Tier.CASUAL):
        return False
    if tier == Tier.CASUAL:
        TierStanding.objects.filter(fan=fan).delete()
    else:
        TierStanding.objects.update_or_create(
            fan=locked,
            defaults={
                "tier": tier,
                "since_at": at,
                "state": StandingState.PROTECTED,
                "state_at": at,
                "state_until": at + STATE_LASTS,
                "frozen_at": None,
                "state_before": "",
            },
        )
    TierChange.objects.create(
        fan=locked, was=was, became=tier, reason=reason, run=run, changed_at=at
    )
    return True


@transaction.atomic
def end_standing(*, fan: Fan, reason: str, at: datetime) -> None:
    """The tier ends; its holder is casual, or staff, from now on. Again changes nothing."""
    standing = lock_standing(fan.pk)
    if standing is None:
        return
    tier = standing.tier
    if come_to(fan=fan, tier=Tier.CASUAL, reason=reason, at=at):
        record(
            actor=None,
            verb="tier ended",
            subject=f"fan:{fan.pk}",
            at=at,
            reason=reason,
            tier=tier,
        )
    else:
        standing.delete()  # a row that said casual


def enter(standing: TierStanding, state: StandingState, at: datetime | None) -> None:
    """A locked standing comes into a state; None where nobody counts from when."""
    lasts = state in {StandingState.GRACE, StandingState.PROTECTED}
    standing.state, standing.state_at = state, at
    standing.state_until = at + STATE_LASTS if lasts and at else None
    standing.save(update_fields=["state", "state_at", "state_until"])


def freeze(standing: TierStanding, at: datetime) -> None:
    """T9: what runs at this moment stands still: a grace, a protection."""
    standing.state_before, standing.state = standing.state, StandingState.FROZEN
    standing.frozen_at = at
    standing.save(update_fields=["state", "state_before", "frozen_at"])


def unfreeze(standing: TierStanding, at: datetime) -> None:
    """T9: what stood still goes on, later by as long as that took."""
    if standing.state_until and standing.frozen_at:
        standing.state_until += at - standing.frozen_at
    standing.state, standing.state_before = standing.state_but_for_freezing, ""
    standing.frozen_at = None
    standing.save(update_fields=["state", "state_before", "state_until", "frozen_at"])
