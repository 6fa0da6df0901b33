"""Fans with deeds, as the tiers look at them."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from fans.accounts.models import Fan
from fans.clock.weeks import week_at
from fans.ledger.actions import record
from fans.tiers import actions
from fans.tiers.deciding import Assessment, assess
from fans.tiers.models import Outcome, Tier, TierDecision, TierRules, TierRun, TierStanding
from tests.factories import make_fan

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
THURSDAY = datetime.fromisoformat("2026-11-19T03:00:00+08:00")  # the run of 2026-W47

_numbers = count(1)


def earn(fan: Fan, points: int, at: datetime, kind: str = "request.planned", **more: Any) -> str:
    """A deed of so many points; returns what earned it."""
    subject = f"request:{next(_numbers)}"
    record(fan=fan, kind=kind, subject=subject, effective_at=at, at=at, points=points, **more)
    return subject


def make_ready_fan(at: datetime = THURSDAY, **fields: Any) -> Fan:
    """A casual fan who has exactly what core asks for: 60 points, 30 of them confirmed."""
    fan = make_fan(**{"joined_at": at - 28 * DAY, **fields})
    earn(fan, 10, at - DAY)
    earn(fan, 20, at - WEEK)
    earn(fan, 15, at - 2 * WEEK, kind="report.filed")
    earn(fan, 15, at - 3 * WEEK, kind="report.filed")
    return fan


def make_holder(tier: Tier = Tier.CORE, since: datetime | None = None, **fields: Any) -> Fan:
    """Somebody past every protection."""
    fan = make_fan(**fields)
    since = since or THURSDAY - 100 * DAY
    TierStanding.objects.create(fan=fan, tier=tier, since_at=since)
    return fan


def make_eligible_fan(at: datetime = THURSDAY, **fields: Any) -> Fan:
    """A core fan who may be nominated: 300 points, product deeds, eight reports."""
    from fans.ledger.actions import note_held_week

    fan = make_holder(since=at - 60 * DAY, **fields)
    for weeks in range(1, 9):
        week = week_at(at - weeks * WEEK)
        note_held_week(week=week, at=at - weeks * WEEK)
        filed = {"effective_at": at - weeks * WEEK, "at": at - weeks * WEEK}
        record(fan=fan, kind="report.filed", subject=f"cycle:{week}:1", **filed)
    for _ in range(3):
        earn(fan, 90, at - WEEK)
    return fan


def run(at: datetime) -> TierRun:
    made = actions.run_week(week=week_at(at), at=at)
    assert made is not None
    return made


def applying() -> None:
    """T14 is over: demotions are applied."""
    TierRules.objects.update_or_create(pk=1, defaults={"observes_only": False})


def fresh(fan: Fan) -> Fan:
    return Fan.objects.get_queryset().select_related("standing").get(pk=fan.pk)


def assessed(fan: Fan, at: datetime = THURSDAY) -> Assessment:
    [found] = assess([fresh(fan)], at)
    return found


def standing_of(fan: Fan) -> tuple[str, str] | None:
    return TierStanding.objects.filter(fan=fan).values_list("tier", "state").first()


def outcome_of(fan: Fan, made: TierRun) -> tuple[Outcome, bool]:
    decision = TierDecision.objects.get(run=made, fan=fan)
    return Outcome(decision.outcome), decision.is_applied
