"""What people decide about runs and seats: letting a held run go on, the limit, observing."""

from datetime import datetime

from django.db import transaction

from fans.accounts.models import Fan
from fans.audit.actions import record
from fans.tiers.actions.refusals import NotAllowed, NothingHeld, ObservesStill, ReasonMissing
from fans.tiers.actions.running import begin_grace, demote
from fans.tiers.actions.standing import lock_rules, lock_standing
from fans.tiers.models import (
    Outcome,
    StandingState,
    Tier,
    TierDecision,
    TierRun,
    keeps_order_everywhere,
)
from fans.tiers.permissions import may_end_observing


@transaction.atomic
def release_run(*, run: TierRun, by: Fan, reason: str, at: datetime) -> TierRun:
    """A moderator lets through the demotions and graces a run held back (T7).

    What changed meanwhile (another tier, an office, a grace) stays as it is. Twice is once.
    """
    if not reason:
        raise ReasonMissing
    if not keeps_order_everywhere(by):
        raise NotAllowed
    lock_rules()
    locked = TierRun.objects.select_for_update(no_key=True).get(pk=run.pk)
    if locked.released_by_id == by.pk:
        return locked
    if locked.held_at is None or locked.released_at or locked.lapsed_at:
        raise NothingHeld
    locked.released_at, locked.released_by, locked.release_reason = at, by, reason
    locked.save(update_fields=["released_at", "released_by", "release_reason"])
    held = [Outcome.GRACE] if locked.observed_only else [Outcome.GRACE, Outcome.DEMOTED]
    decisions = locked.decisions.filter(outcome__in=held, is_applied=False)
    for decision in decisions.select_related("fan").order_by("fan"):
        _carry_out(locked, decision, at)
    record(
        actor=by,
        verb="tier run released",
        subject=f"tier_run:{locked.pk}",
        at=at,
        scope="site",
        reason=reason,
    )
    return locked


def _carry_out(run: TierRun, decision: TierDecision, at: datetime) -> None:
    standing = lock_standing(decision.fan_id)
    if standing is None or standing.tier != decision.tier:
        return
    in_grace = standing.state == StandingState.GRACE
    missing = [row for row in decision.criteria if row["step"] != "eligible" and not row["met"]]
    if decision.outcome == Outcome.GRACE and not in_grace:
        begin_grace(standing=standing, missing=missing, at=at)
    elif decision.outcome == Outcome.DEMOTED and in_grace:
        demote(run=run, fan=decision.fan, was=Tier(decision.tier), missing=missing, at=at)
    else:
        return
    decision.is_applied = True
    decision.save(update_fields=["is_applied"])


@transaction.atomic
def change_seat_limit(*, limit: int, by: Fan, at: datetime) -> bool:
    """Lowering it demotes nobody and takes back no offer (T11). False when it was that already."""
    if not by.is_admin:
        raise NotAllowed
    rules = lock_rules()
    if rules.seat_limit == limit:
        return False
    was, rules.seat_limit = rules.seat_limit, limit
    rules.save(update_fields=["seat_limit"])
    record(actor=by, verb="seat limit changed", subject="tiers", at=at, was=was, became=limit)
    return True


@transaction.atomic
def end_observing(*, by: Fan, at: datetime) -> bool:
    """From the next run on, demotions are applied (T14). False when they are already."""
    if not by.is_admin:
        raise NotAllowed
    rules = lock_rules()
    if not rules.observes_only:
        return False
    if not may_end_observing():
        raise ObservesStill
    rules.observes_only = False
    rules.save(update_fields=["observes_only"])
    record(actor=by, verb="observing ended", subject="tiers", at=at)
    return True
