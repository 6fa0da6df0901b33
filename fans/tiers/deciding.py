"""What a run decides about a fan, and what «my standing» shows: one and the same (T15)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F

from fans.accounts.models import Fan
from fans.tiers.facts import Facts, gather
from fans.tiers.models import Outcome, StandingState, Tier, TierDecision, TierStanding
from fans.tiers.rules import (
    CORE,
    ELIGIBLE,
    GRACE_RUNS,
    KEEP_CORE,
    KEEP_HONORARY,
    PROTECTED_RUNS,
    STEPS,
    Measure,
    is_met,
)


@dataclass(frozen=True)
class Assessment:
    fan: Fan
    tier: Tier
    standing: TierStanding | None
    facts: Facts
    outcome: Outcome
    is_frozen: bool
    runs_since: int  # of this state, the one at hand included

    @property
    def criteria(self) -> list[dict[str, Any]]:
        """Every number that was looked at, as it is kept with the decision."""
        return [row for step in _STEPS_OF[self.tier] for row in rows_of(step, self.facts)]

    @property
    def missing(self) -> list[dict[str, Any]]:
        """What keeping the tier lacks."""
        step = "keep_core" if self.tier == Tier.CORE else "keep_honorary"
        if self.tier == Tier.CASUAL or passes(STEPS[step], self.facts):
            return []
        return [row for row in rows_of(step, self.facts) if not row["met"]]

    @property
    def ends_protection(self) -> bool:
        return (
            self.standing is not None
            and self.standing.state_but_for_freezing == StandingState.PROTECTED
            and self.runs_since >= PROTECTED_RUNS
        )


_STEPS_OF = {
    Tier.CASUAL: ("core",),
    Tier.CORE: ("keep_core", "eligible"),
    Tier.HONORARY_DEV: ("keep_honorary",),
}


def rows_of(step: str, facts: Facts) -> list[dict[str, Any]]:
    return [
        {
            "step": step,
            "key": measure.key,
            "value": getattr(facts, measure.key),
            "threshold": measure.threshold,
            "met": is_met(measure, getattr(facts, measure.key)),
        }
        for measure in STEPS[step]
    ]


def passes(measures: tuple[Measure, ...], facts: Facts) -> bool:
    met = {measure: is_met(measure, getattr(facts, measure.key)) for measure in measures}
    either = [met[measure] for measure in measures if measure.either]
    return all(met[m] for m in measures if not m.either) and (not either or any(either))


def assess(fans: Collection[Fan], at: datetime) -> list[Assessment]:
    """What a run at this moment would decide about each; they come with their standing."""
    facts = gather(fans, at)
    runs = _runs_since([fan.pk for fan in fans])
    return [_assess_one(fan, facts[fan.pk], runs.get(fan.pk, 0) + 1, at) for fan in fans]


def _runs_since(ids: list[int]) -> dict[int, int]:
    """How many runs looked at each since their state began: 28 days are four of them (T5)."""
    return dict(
        TierDecision.objects.filter(fan__in=ids, run__ran_at__gt=F("fan__standing__state_at"))
        .values("fan")
        .annotate(count=Count("pk"))
        .values_list("fan", "count")
    )


def _assess_one(fan: Fan, facts: Facts, runs_since: int, at: datetime) -> Assessment:
    standing: TierStanding | None = getattr(fan, "standing", None)
    tier = Tier(standing.tier) if standing else Tier.CASUAL
    is_frozen = fan.suspended_until is not None and fan.suspended_until > at
    return Assessment(
        fan=fan,
        tier=tier,
        standing=standing,
        facts=facts,
        outcome=Outcome.STAYS if is_frozen else _outcome(tier, standing, facts, runs_since),
        is_frozen=is_frozen,
        runs_since=runs_since,
    )


def _outcome(tier: Tier, standing: TierStanding | None, facts: Facts, runs_since: int) -> Outcome:
    if standing is None or tier == Tier.CASUAL:
        return Outcome.PROMOTED if passes(CORE, facts) else Outcome.STAYS
    keeps = passes(KEEP_CORE if tier == Tier.CORE else KEEP_HONORARY, facts)
    state = standing.state_but_for_freezing
    if state == StandingState.GRACE:
        if keeps:
            return Outcome.RECOVERED
        return Outcome.DEMOTED if runs_since >= GRACE_RUNS else Outcome.STAYS
    is_protected = state == StandingState.PROTECTED and runs_since < PROTECTED_RUNS
    if not keeps and not is_protected:
        return Outcome.GRACE
    if tier == Tier.CORE and passes(ELIGIBLE, facts):
        return Outcome.ELIGIBLE
    return Outcome.STAYS
