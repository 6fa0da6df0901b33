"""Counting the week (O3–O5): after this nothing of it changes."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from community.feature_requests.models import Lens
from community.fridays.actions.awarding import give_award
from community.fridays.actions.judging import judge
from community.fridays.actions.reporting import lock_week
from community.fridays.counting import base_of, counts_of, figures_of
from community.fridays.models import Cycle, CycleState, WeeklyReport


class NotYet(Exception):
    """The late window is still open, or the form never was."""


@transaction.atomic
def freeze(*, cycle: Cycle, at: datetime) -> WeeklyReport:
    """Close the week's reports for good, count them, find the award.

    A week whose build was recalled after its form opened is counted too and stays withdrawn (O9).
    What reports earn is written down afterwards, by `paying`. Freezing again returns what was
    counted.
    """
    locked = lock_week(cycle)
    if locked.frozen_at is not None:
        return locked.weekly_reports.get(version=1)
    if locked.held_at is None or at < locked.late_closes_at:
        raise NotYet
    judge(locked, at)
    counts = counts_of(locked)
    base = base_of(locked, counts, at)
    figures = figures_of(locked, counts, base)
    counted = WeeklyReport.objects.create(
        cycle=locked, version=1, figures=figures, base=asdict(base), made_at=at
    )
    give_award(locked, counts.said[Lens.EVERYONE], base.site_count, at)
    locked.frozen_at = at
    if locked.state != CycleState.WITHDRAWN:
        locked.state = CycleState.FROZEN
    locked.save(update_fields=["frozen_at", "state"])
    return counted
