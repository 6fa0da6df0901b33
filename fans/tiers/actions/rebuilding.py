"""Working out again where everybody stands (L6)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from fans.site.resting import begins_at
from fans.tiers.actions.standing import lock_rules
from fans.tiers.models import (
    Outcome,
    StandingState,
    Tier,
    TierChange,
    TierDecision,
    TierRun,
    TierStanding,
)
from fans.tiers.rules import PROTECTED_RUNS, REST_LASTS, STATE_LASTS


@dataclass
class _Stood:
    tier: Tier
    since_at: datetime
    state: StandingState
    state_at: datetime | None
    runs: int = 0  # since the state began
    state_before: str = ""  # T9
    frozen_at: datetime | None = None

    def enter(self, state: StandingState, at: datetime | None) -> None:
        self.state, self.state_at, self.runs = state, at, 0

    def freeze(self, at: datetime) -> None:
        self.state_before, self.state, self.frozen_at = self.state, StandingState.FROZEN, at

    def unfreeze(self) -> None:
        self.state, self.state_before, self.frozen_at = StandingState(self.state_before), "", None


@transaction.atomic
def rebuild_standings() -> list[str]:
    """Every standing as the changes and decisions have it; returns what was different, in words."""
    lock_rules()
    was = {standing.fan_id: standing for standing in TierStanding.objects.select_for_update()}
    ran = TierRun.objects.filter(ran_at__isnull=False, is_rest=False)
    runs = list(ran.order_by("ran_at", "pk"))
    named = TierChange.objects.values_list("fan", flat=True).distinct()
    differences = []
    for fan_id in sorted(set(was) | set(named)):
        found = _replay(fan_id, runs)
        if _differs(was.get(fan_id), found):
            differences.append(f"fan {fan_id}: {_words(was.get(fan_id))} → {_words(found)}")
            _write(fan_id, found)
    return differences


def _replay(fan_id: int, runs: list[TierRun]) -> _Stood | None:
    decisions = {each.run_id: each for each in TierDecision.objects.filter(fan=fan_id)}
    changes = TierChange.objects.filter(fan=fan_id).order_by("changed_at", "pk")
    events: list[tuple[datetime, int, TierChange | TierRun]] = [
        (change.changed_at, 0, change) for change in changes
    ]
    events += [(run.ran_at, 1, run) for run in runs if run.ran_at is not None]
    events += [(run.released_at, 2, run) for run in runs if run.released_at is not None]
    stood: _Stood | None = None
    for moment, part, event in sorted(events, key=lambda each: (each[0], each[1], each[2].pk)):
        if isinstance(event, TierChange):
            stood = _after_change(stood, event)
        elif stood is not None and (part == 2 or stood.since_at < moment):
            _after_run(stood, decisions.get(event.pk), event, moment, is_release=part == 2)
    return stood


def _after_change(stood: _Stood | None, change: TierChange) -> _Stood | None:
    if change.became == Tier.CASUAL:
        return None
    at = change.changed_at
    if change.reason == "suspended":
        stood = _Stood(Tier(change.became), at, StandingState.NORMAL, None)
        stood.freeze(at)
        return stood
    return _Stood(Tier(change.became), at, StandingState.PROTECTED, at)


def _after_run(
    stood: _Stood, decision: TierDecision | None, run: TierRun, at: datetime, *, is_release: bool
) -> None:
    waited = run.held_at is not None
    if is_release:
        if decision and decision.outcome == Outcome.GRACE and decision.is_applied:
            stood.enter(StandingState.GRACE, at)
        return
    if decision is None:
        if stood.state != StandingState.FROZEN:
            stood.freeze(at)
        return
    if stood.state == StandingState.FROZEN:
        stood.unfreeze()
    stood.runs += 1
    if decision.outcome == Outcome.GRACE:
        if decision.is_applied and not waited:
            stood.enter(StandingState.GRACE, at)
    elif decision.outcome == Outcome.RECOVERED:
        stood.enter(StandingState.NORMAL, at)
    elif decision.outcome in {Outcome.STAYS, Outcome.ELIGIBLE} and (
        stood.state == StandingState.PROTECTED and stood.runs >= PROTECTED_RUNS
    ):
        stood.enter(StandingState.NORMAL, None)


def _differs(was: TierStanding | None, found: _Stood | None) -> bool:
    if found is None:
        return was is not None and was.tier != Tier.CASUAL
    if was is None:
        return True
    names = ("tier", "since_at", "state", "state_at", "state_before", "frozen_at")
    return any(getattr(was, name) != getattr(found, name) for name in names)


def _words(stood: TierStanding | _Stood | None) -> str:
    return f"{stood.tier} ({stood.state})" if stood else str(Tier.CASUAL.value)


def _write(fan_id: int, found: _Stood | None) -> None:
    if found is None:
        TierStanding.objects.filter(fan=fan_id).delete()
        return
    lasts = (found.state_before or found.state) in {StandingState.GRACE, StandingState.PROTECTED}
    TierStanding.objects.update_or_create(
        fan_id=fan_id,
        defaults={
            "tier": found.tier,
            "since_at": found.since_at,
            "state": found.state,
            "state_at": found.state_at,
            "state_before": found.state_before,
            "frozen_at": found.frozen_at,
            "state_until": _until(found.state_at) if lasts and found.state_at else None,
        },
    )


def _until(state_at: datetime) -> datetime:
    """T8: later by each run of a rest week that fell into it."""
    until = state_at + STATE_LASTS
    rested = TierRun.objects.filter(is_rest=True, ran_at__gt=state_at).order_by("week")
    for run in rested:
        if begins_at(run.week) < until:
            until += REST_LASTS
    return until
