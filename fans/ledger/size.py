"""How large the site is: n of spec §0."""

from datetime import date, datetime, timedelta

from django.db.models import Sum

from fans.accounts.models import Fan
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


def busiest_from(day: date) -> int | None:
    """With so many acts in the 28 days before this one a fan is among the busiest 1 %.

    Never more than 1 %: where several are equal at the border none of them is. Of fewer than a
    hundred nobody is.
    """
    days = ActiveDay.objects.filter(day__gte=day - timedelta(days=DAYS), day__lt=day)
    counts = days.values("fan").annotate(acts=Sum("act_count")).order_by("-acts")
    share = counts.count() // 100
    if not share:
        return None
    first_of_the_others: int = counts.values_list("acts", flat=True)[share]
    return first_of_the_others + 1


def acts_before(day: date, fan: Fan) -> int:
    """What this fan did in the 28 days before this one."""
    days = ActiveDay.objects.filter(fan=fan.pk, day__gte=day - timedelta(days=DAYS), day__lt=day)
    return days.aggregate(acts=Sum("act_count"))["acts"] or 0
