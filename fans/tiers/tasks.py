from datetime import datetime, timedelta

import structlog
from celery import shared_task

from fans import clock
from fans.clock.weeks import week_at
from fans.ledger.actions import is_written_until
from fans.notifications.models import Event
from fans.site.resting import passes_at, rest_weeks
from fans.tiers import actions
from fans.tiers.models import StandingState, TierRun, TierStanding
from fans.tiers.notices import grace_key
from fans.tiers.rules import GRACE_REMINDER_DAYS

logger = structlog.get_logger(__name__)


@shared_task
def run_tiers() -> None:
    """The weekly run, once its hour has come (T1); a week that was missed is looked at as it
    stood then. It waits for the weeks whose reports are to be counted before it (O1).
    """
    at = clock.now()
    actions.plan_runs(at=at)
    for run in TierRun.objects.filter(ran_at=None, due_at__lte=at).order_by("week"):
        if not is_written_until(run.due_at):
            return
        moment = at if run.week >= week_at(at) else run.due_at
        try:
            actions.run_week(week=run.week, at=moment)
        except Exception:
            logger.exception("tier run failed", week=run.week)
            return  # the next week builds on this one


@shared_task
def keep_tier_dates() -> None:
    """Days 14 and 25 of each grace are told (T3); offers that nobody took lapse (T10)."""
    at = clock.now()
    actions.let_offers_lapse(at=at)
    for day, until in zip(GRACE_REMINDER_DAYS, [*GRACE_REMINDER_DAYS[1:], 365], strict=True):
        keys = {grace_key(standing, day): standing for standing in _in_grace(at, day, until)}
        told = set(Event.objects.filter(key__in=keys).values_list("key", flat=True))
        for key in sorted(set(keys) - told):
            try:
                actions.remind_of_grace(standing=keys[key], day=day, at=at)
            except Exception:
                logger.exception("grace not told", fan=keys[key].pk)


def _in_grace(at: datetime, day: int, until: int) -> list[TierStanding]:
    """Whose grace is between these days old; rest weeks make none of them older (T8)."""
    rests = rest_weeks()
    graces = TierStanding.objects.filter(
        state=StandingState.GRACE, state_at__lte=at - timedelta(days=day)
    )
    return [
        standing
        for standing in graces.order_by("pk")
        if standing.state_at
        and passes_at(standing.state_at, timedelta(days=day), rests) <= at
        and at < passes_at(standing.state_at, timedelta(days=until), rests)
    ]
