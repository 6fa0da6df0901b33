"""When the builds of the made-up company came out."""

from datetime import datetime, timedelta

from community.fridays.times import times_of
from community.products.models import Product
from fans.clock.weeks import platform_date


def last_friday(at: datetime, weeks_ago: int = 0) -> datetime:
    """When the build of that week came out: Friday 17:00 in Shanghai."""
    friday = at.replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(
        days=(at.weekday() - 4) % 7
    )
    return (friday if friday <= at else friday - timedelta(weeks=1)) - timedelta(weeks=weeks_ago)


def build_name(at: datetime) -> str:
    """The weekly build that was out at that moment: 26.47."""
    week = last_friday(at).isocalendar()
    return f"{week.year % 100}.{week.week:02}"


def first_told_at(at: datetime) -> datetime:
    """The release hour of the newest week whose figures are out by now: the first in the demo."""
    product = Product.objects.get(is_main=True)
    day = platform_date(at - timedelta(days=7, hours=13))
    friday = day - timedelta(days=(day.weekday() - product.weekday) % 7)
    return times_of(friday, product.hour).release_target_at
