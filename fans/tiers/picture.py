"""The pyramid in public numbers: how many stand where, who came and went, who is honoured."""

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.functional import Promise

from fans.accounts.models import Fan, Role
from fans.tiers.actions.seats import seats_taken
from fans.tiers.models import Outcome, Tier, TierChange, TierRules, TierRun, TierStanding
from fans.tiers.rules import LABELS, STEPS, YES_OR_NO

HONOURED = 200


@dataclass(frozen=True)
class Band:
    tier: Tier
    count: int


@dataclass(frozen=True)
class Flow:
    tier: Tier
    start: int
    came: int
    left: int
    end: int


@dataclass(frozen=True)
class RuleLine:
    label: str | Promise
    threshold: int
    yes_or_no: bool
    at_most: bool
    either: bool


def bands(at: datetime) -> list[Band]:
    """From the top; staff stand beside the pyramid."""
    people = Fan.objects.active(at).exclude(role__in=[Role.STAFF, Role.ADMIN])
    counts = {tier: people.filter(standing__tier=tier).count() for tier in _ABOVE_CASUAL}
    casual = people.count() - sum(counts.values())
    return [*(Band(tier, counts[tier]) for tier in _ABOVE_CASUAL), Band(Tier.CASUAL, casual)]


_ABOVE_CASUAL = (Tier.HONORARY_DEV, Tier.CORE)


def seats() -> tuple[int, int]:
    """Taken, offers included, and the limit."""
    return seats_taken(), current_rules().seat_limit


def weekly_flow(runs: list[TierRun]) -> list[Flow]:
    """Since the run before the last: start + in − out = end. `runs` are the newest two."""
    if not runs:
        return []
    until = runs[0].ran_at
    changes = TierChange.objects.filter(changed_at__lte=until)
    if len(runs) > 1:
        changes = changes.filter(changed_at__gt=runs[1].ran_at)
    flows = []
    for tier in _ABOVE_CASUAL:
        later = TierChange.objects.filter(changed_at__gt=until)
        now = TierStanding.objects.filter(tier=tier).count()
        end = now - later.filter(became=tier).count() + later.filter(was=tier).count()
        came, left = changes.filter(became=tier).count(), changes.filter(was=tier).count()
        flows.append(Flow(tier, end - came + left, came, left, end))
    return flows


def last_runs(number: int) -> list[TierRun]:
    """The newest that decided anything."""
    ran = TierRun.objects.filter(ran_at__isnull=False, is_rest=False)
    return list(ran.order_by("-ran_at", "-pk")[:number])


def roll_of_honour(at: datetime) -> list[Fan]:
    fans = Fan.objects.active(at).filter(standing__tier=Tier.HONORARY_DEV)
    ordered = fans.select_related("standing", "avatar").order_by("standing__since_at", "pk")
    return list(ordered[:HONOURED])


def founding_fans(at: datetime) -> list[Fan]:
    fans = Fan.objects.active(at).filter(founding_since_date__isnull=False)
    ordered = fans.select_related("standing", "avatar").order_by("founding_since_date", "pk")
    return list(ordered[:HONOURED])


def current_rules() -> TierRules:
    return TierRules.objects.filter(pk=1).first() or TierRules(pk=1)


def runs_with_counts(runs: models.QuerySet[TierRun]) -> models.QuerySet[TierRun]:
    """Runs that took place, newest first, each with how many it moved."""
    counts = {
        f"{outcome.value}_count": models.Count(
            "decisions", filter=models.Q(decisions__outcome=outcome)
        )
        for outcome in Outcome
    }
    return runs.filter(ran_at__isnull=False).annotate(**counts).order_by("-ran_at", "-pk")


def rule_lines(step: str) -> list[RuleLine]:
    return [
        RuleLine(
            label=LABELS[measure.key],
            threshold=measure.threshold,
            yes_or_no=measure.key in YES_OR_NO,
            at_most=measure.at_most,
            either=measure.either,
        )
        for measure in STEPS[step]
    ]
