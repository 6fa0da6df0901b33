"""What reports earn, written down in pieces once the week is counted (spec §2)."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from community.fridays.actions.cycles import lock_cycle
from community.fridays.models import Cycle, Report
from fans.accounts.models import Role
from fans.ledger.actions import Deed, record_many
from fans.ledger.models import Contribution

KIND = "report.filed"
POINTS_ON_TIME, POINTS_LATE = 5, 2


@transaction.atomic
def pay_reports(*, cycle_id: int, at: datetime, limit: int = 500) -> int:
    """Record the next reports of a counted week, as of the freeze (L4); returns how many.

    When none is left the week is paid. Begun again after a crash it goes on where it stopped: the
    fans are taken by number, and of those before the last one recorded everybody is.
    """
    cycle = lock_cycle(cycle_id)
    if cycle.frozen_at is None or cycle.paid_at is not None:
        return 0
    reports = _unpaid(cycle).values_list("fan", "first_sent_at", "is_late")[:limit]
    deeds = [
        Deed(fan, sent_at, POINTS_LATE if is_late else POINTS_ON_TIME)
        for fan, sent_at, is_late in reports
    ]
    record_many(kind=KIND, subject=cycle.subject, deeds=deeds, at=cycle.frozen_at)
    if len(deeds) < limit:
        cycle.paid_at = at
        cycle.save(update_fields=["paid_at"])
    return len(deeds)


def _unpaid(cycle: Cycle) -> QuerySet[Report]:
    """Of those who earn points: staff and erased people do not."""
    paid = Contribution.objects.filter(kind=KIND, subject=cycle.subject, reversal_of=None)
    last = paid.order_by("-fan").values_list("fan", flat=True).first() or 0
    reports = Report.objects.filter(cycle=cycle, fan__gt=last, fan__erased_at=None)
    return reports.exclude(fan__role__in=[Role.STAFF, Role.ADMIN]).order_by("fan")
