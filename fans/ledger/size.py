"""How large the site is: n of spec §0."""

from datetime import date, datetime, timedelta

from fans.clock.weeks import platform_date
from fans.ledger.models import ActiveDay, SiteSize

DAYS = 28


def active_count(at: datetime) -> int:
    """Fans with an act in the last 28 days, as last counted and kept."""
    kept = SiteSize.objects.filter(day__lte=platform_date(at)).order_by("-day").first()
    return kept.active_count if kept else count_before(platform_date(at) + timedelta(days=1))


def count_before(day: date) -> int:
    """Fans with an act in the 28 days before this one."""
    days = ActiveDay.objects.filter(day__gte=day - timedelta(days=DAYS), day__lt=day)
    return days.values("fan").distinct().count()
