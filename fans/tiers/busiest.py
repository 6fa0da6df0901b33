"""Who was among the busiest at the last weekly run (the lens)."""

from fans.accounts.models import Fan
from fans.clock.weeks import platform_date
from fans.ledger.size import acts_before
from fans.tiers.models import TierRun


def is_busiest(fan: Fan) -> bool:
    """Whether the last run had this fan among the 1 % with the most acts in 28 days."""
    run = TierRun.objects.filter(ran_at__isnull=False).order_by("-week").first()
    if run is None or run.ran_at is None or run.busiest_from is None:
        return False
    return acts_before(platform_date(run.ran_at), fan) >= run.busiest_from
