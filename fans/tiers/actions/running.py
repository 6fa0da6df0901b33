"""The weekly look at everyone (T1–T7)."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Sum

from fans.accounts.models import Fan, Role
from fans.clock.weeks import platform_date
from fans.ledger.models import Contribution
from fans.ledger.size import busiest_from
from fans.site.resting import begins_at, is_rest_week, passes_at, rest_weeks
from fans.tiers import notices
from fans.tiers.actions.planning import due_at
from fans.tiers.actions.seats import offer_seats
from fans.tiers.actions.standing import (
    come_to,
    enter,
    freeze,
    lock_rules,
    lock_standing,
    unfreeze,
)
from fans.tiers.deciding import Assessment, assess
from fans.tiers.models import (
    Outcome,
    StandingState,
    Tier,
    TierDecision,
    TierRun,
    TierStanding,
)
from fans.tiers.rules import (
    DECIDED_FROM,
    REST_LASTS,
    RULE_VERSION,
    SEAT_KEPT_WHILE_FROZEN,
    mass_limit_exceeded,
)

CHUNK = 500


@transaction.atomic
def run_week(*, week: str, at: datetime) -> TierRun | None:
    """Decide about everybody once in an ISO week. Again changes nothing and tells nobody (T1).

    None before the run is due.
    """
    rules = lock_rules()
    run, _ = TierRun.objects.get_or_create(week=week, defaults={"due_at": due_at(week)})
    if run.ran_at is not None:
        return run
    if at < run.due_at:
        return None
    if is_rest_week(week):
        return _rest(run, at)
    _let_lapse(at)
    found = list(_assess_everybody(at))
    run.ran_at, run.rule_version, run.observed_only = at, RULE_VERSION, rules.observes_only
    run.held_at = at if _is_mass(found) else None
    run.busiest_from = busiest_from(platform_date(at))
    run.save(update_fields=["ran_at", "rule_version", "observed_only", "held_at", "busiest_from"])
    TierDecision.objects.bulk_create(
        [_decision(run, each) for each in found if not each.is_frozen], batch_size=CHUNK
    )
    for each in found:
        _apply(run, each, at)
    offer_seats(run=run, rules=rules, at=at)
    return run


def _rest(run: TierRun, at: datetime) -> TierRun:
    """T8: nothing is decided, what is held waits, a grace or a protection is longer by it."""
    run.ran_at, run.rule_version, run.is_rest = at, RULE_VERSION, True
    run.busiest_from = busiest_from(platform_date(at))
    run.save(update_fields=["ran_at", "rule_version", "is_rest", "busiest_from"])
    lasting = TierStanding.objects.filter(state_until__gt=begins_at(run.week))
    lasting.update(state_until=F("state_until") + REST_LASTS)
    return run


def _let_lapse(at: datetime) -> None:
    """T7: what nobody released until the next run is looked at afresh by that run."""
    undecided = TierRun.objects.filter(held_at__isnull=False, released_at=None, lapsed_at=None)
    undecided.update(lapsed_at=at)


def _assess_everybody(at: datetime) -> Iterator[Assessment]:
    """Every holder above casual, and every casual fan at half the points for core."""
    holders = (
        TierStanding.objects.select_for_update(of=("self",), no_key=True)
        .exclude(tier=Tier.CASUAL)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    rows = Contribution.objects.filter(fan__role__in=[Role.FAN, Role.MODERATOR])
    near = (
        rows.counting(at, 90, at)
        .values("fan")
        .annotate(score=Sum("points"))
        .filter(score__gte=DECIDED_FROM)
        .values_list("fan", flat=True)
    )
    held = set(holders)
    active = set(Fan.objects.active(at).filter(pk__in=near).values_list("pk", flat=True))
    everybody = sorted(held | active)
    for start in range(0, len(everybody), CHUNK):
        chunk = everybody[start : start + CHUNK]
        fans = Fan.objects.get_queryset().filter(pk__in=chunk).select_related("standing")
        yield from assess(list(fans.order_by("pk")), at)


def _is_mass(found: list[Assessment]) -> bool:
    """T7: of any one tier."""
    holders = Counter(each.tier for each in found)
    demoted = Counter(each.tier for each in found if each.outcome == Outcome.DEMOTED)
    return any(
        mass_limit_exceeded(demoted=count, holders=holders[tier]) for tier, count in demoted.items()
    )


def _decision(run: TierRun, found: Assessment) -> TierDecision:
    return TierDecision(
        run=run,
        fan=found.fan,
        tier=found.tier,
        outcome=found.outcome,
        is_applied=_is_applied(run, found.outcome),
        criteria=found.criteria,
        rule_version=RULE_VERSION,
    )


def _is_applied(run: TierRun, outcome: Outcome) -> bool:
    if outcome == Outcome.DEMOTED and run.observed_only:
        return False  # T14
    return run.held_at is None or outcome not in {Outcome.DEMOTED, Outcome.GRACE}


def _apply(run: TierRun, found: Assessment, at: datetime) -> None:
    if found.is_frozen:
        _freeze(run, found, at)
        return
    if found.standing and found.standing.state == StandingState.FROZEN:
        unfreeze(found.standing, at)
    if found.outcome == Outcome.PROMOTED:
        if come_to(fan=found.fan, tier=Tier.CORE, reason="run", at=at, run=run):
            notices.tell_promoted(fan=found.fan, run=run, at=at)
    elif not _is_applied(run, found.outcome):
        return
    elif found.outcome == Outcome.DEMOTED:
        demote(run=run, fan=found.fan, was=found.tier, missing=found.missing, at=at)
    elif found.outcome == Outcome.GRACE and found.standing:
        begin_grace(standing=found.standing, missing=found.missing, at=at)
    elif found.standing:
        _settle(found, found.standing, at)


def _settle(found: Assessment, standing: TierStanding, at: datetime) -> None:
    if found.outcome == Outcome.RECOVERED:
        enter(standing, StandingState.NORMAL, at)  # T4; from here «without grace» is counted
    elif found.ends_protection:
        enter(standing, StandingState.NORMAL, None)


def _freeze(run: TierRun, found: Assessment, at: datetime) -> None:
    """T9: while suspended nothing is decided; a seat is kept for 30 days."""
    standing = found.standing
    if standing is None:
        return
    if standing.state != StandingState.FROZEN:
        freeze(standing, at)
        return
    frozen_at = standing.frozen_at or at
    if found.tier == Tier.HONORARY_DEV and at - frozen_at >= SEAT_KEPT_WHILE_FROZEN:
        come_to(fan=found.fan, tier=Tier.CORE, reason="suspended", at=at, run=run)
        fresh = lock_standing(found.fan.pk)
        if fresh is not None:
            enter(fresh, StandingState.NORMAL, None)
            freeze(fresh, at)


def begin_grace(*, standing: TierStanding, missing: list[dict[str, Any]], at: datetime) -> None:
    """T3: four runs to do what keeping the tier needs; told at once what is missing."""
    enter(standing, StandingState.GRACE, at)
    notices.tell_grace(standing=standing, day=0, missing=missing, at=at)


def demote(
    *, run: TierRun, fan: Fan, was: Tier, missing: list[dict[str, Any]], at: datetime
) -> None:
    """T5: one tier down."""
    lower = Tier.CORE if was == Tier.HONORARY_DEV else Tier.CASUAL
    if come_to(fan=fan, tier=lower, reason="run", at=at, run=run):
        notices.tell_demoted(fan=fan, run=run, became=lower, missing=missing, at=at)


def remind_of_grace(*, standing: TierStanding, day: int, at: datetime) -> bool:
    """Days 14 and 25 of a grace (T3): what is missing by now. Once each; a grace that has ended
    is left alone.
    """
    with transaction.atomic():
        locked = lock_standing(standing.pk)
        begun = locked.state_at if locked and locked.state == StandingState.GRACE else None
        if locked is None or begun is None:
            return False
        if at < passes_at(begun, timedelta(days=day), rest_weeks()):
            return False
        fan = Fan.objects.get_queryset().select_related("standing").get(pk=locked.pk)
        [found] = assess([fan], at)
        notices.tell_grace(standing=locked, day=day, missing=found.missing, at=at)
        return True
