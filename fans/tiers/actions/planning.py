"""When the next run is due (T1)."""

from datetime import datetime, timedelta

from django.db import transaction

from fans.clock.weeks import moment_of, monday_of, next_week, week_at
from fans.site.resting import rest_weeks
from fans.tiers.actions.standing import lock_rules
from fans.tiers.models import TierRun
from fans.tiers.rules import RUN_HOUR, RUN_WEEKDAY


def due_at(week: str) -> datetime:
    """Thursday 03:00 where the platform lives."""
    return moment_of(monday_of(week) + timedelta(days=RUN_WEEKDAY), RUN_HOUR)


@transaction.atomic
def postpone_run(*, week: str, not_before: datetime) -> None:
    """The main product's late window ends later than usual, so the run of this ISO week waits
    (T1). It never comes earlier; a run that took place stays.
    """
    lock_rules()
    run, _ = TierRun.objects.get_or_create(week=week, defaults={"due_at": due_at(week)})
    if run.ran_at is None and not_before > run.due_at:
        run.due_at = not_before
        run.save(update_fields=["due_at"])


@transaction.atomic
def plan_runs(*, at: datetime) -> None:
    """Write down the run of each ISO week since the site's first, up to the next to come."""
    lock_rules()
    last = TierRun.objects.order_by("-week").first()
    if last is None:
        week = week_at(at)
        week = week if at < due_at(week) else next_week(week)  # the first one lies ahead
        TierRun.objects.create(week=week, due_at=due_at(week))
        return
    week = last.week
    while week < week_at(at):
        week = next_week(week)
        TierRun.objects.get_or_create(week=week, defaults={"due_at": due_at(week)})


def next_run_at(at: datetime) -> datetime:
    """The next run that decides anything, planned or not; for pages, which change nothing."""
    return coming_runs(at, 1)[0]


def coming_runs(at: datetime, number: int) -> list[datetime]:
    """When the next runs are due; those of rest weeks decide nothing (T8)."""
    planned = dict(TierRun.objects.filter(ran_at=None).values_list("week", "due_at"))
    rests, coming, week = rest_weeks(), list[datetime](), week_at(at)
    while len(coming) < number:
        moment = planned.get(week, due_at(week))
        if moment > at and week not in rests:
            coming.append(moment)
        week = next_week(week)
    return coming
