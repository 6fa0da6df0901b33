"""How many have reported while a week collects: counts, and nothing of what they said."""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache

from community.fridays.cells import SMALLEST_CROWD
from community.fridays.models import Ballot, Cycle, Report

KEPT_SECONDS = 20


@dataclass(frozen=True)
class SoFar:
    """Of fewer than five no number is told."""

    reports: int
    ballots: int

    @property
    def tells_reports(self) -> bool:
        return self.reports >= SMALLEST_CROWD

    @property
    def tells_ballots(self) -> bool:
        return self.ballots >= SMALLEST_CROWD


def so_far(cycle: Cycle, at: datetime) -> SoFar | None:
    """From the moment the form opens until the results are out; looked at again now and then."""
    if cycle.held_at is None and not cycle.takes_reports(at):
        return None
    if cycle.published_at is not None or cycle.withdrawn_at is not None:
        return None

    def count() -> SoFar:
        return SoFar(
            Report.objects.filter(cycle=cycle).count(), Ballot.objects.filter(cycle=cycle).count()
        )

    return cache.get_or_set(f"so-far:{cycle.pk}", count, KEPT_SECONDS)
