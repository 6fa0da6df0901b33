"""Days and ISO weeks of the platform's zone, whatever zone the reader lives in."""

from datetime import date, datetime, timedelta

from django.utils import timezone


def platform_date(at: datetime) -> date:
    """The day it is at this instant where the platform lives."""
    return timezone.localdate(at, timezone.get_default_timezone())


def week_of(day: date) -> str:
    """The ISO week a day falls in: «2026-W47». 1 January 2027 is in 2026-W53."""
    iso = day.isocalendar()
    return f"{iso.year}-W{iso.week:02}"


def week_at(at: datetime) -> str:
    """The ISO week it is at this instant where the platform lives."""
    return week_of(platform_date(at))


def monday_of(week: str) -> date:
    """The first day of an ISO week. Raises ValueError for what is no week."""
    year, _, number = week.partition("-W")
    return date.fromisocalendar(int(year), int(number), 1)


def next_week(week: str) -> str:
    return week_of(monday_of(week) + timedelta(days=7))


def moment_of(day: date, hour: int) -> datetime:
    """A full hour of a day where the platform lives."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=timezone.get_default_timezone())
