"""When the builds of the made-up company came out."""

from datetime import datetime, timedelta


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
