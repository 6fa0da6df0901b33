"""Weeks in which nothing is due, announced before they begin (O8, T8)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from fans.clock.weeks import moment_of, monday_of, next_week, week_at
from fans.site.models import RestWeek


def is_rest_week(week: str) -> bool:
    return RestWeek.objects.filter(week=week).exists()


def rest_weeks() -> list[str]:
    """All there ever were, the earliest first: a handful a year."""
    return list(RestWeek.objects.order_by("week").values_list("week", flat=True))


def begins_at(week: str) -> datetime:
    """Monday 00:00 where the platform lives: from then on what was announced stands."""
    return moment_of(monday_of(week), 0)


def passes_at(since: datetime, lasts: timedelta, rests: Iterable[str]) -> datetime:
    """When so much time has passed that was no rest week."""
    ends = since + lasts
    for week in sorted(rests):
        begins, over = begins_at(week), begins_at(next_week(week))
        if begins < ends and since < over:
            ends += over - max(begins, since)
    return ends


def rest_weeks_ahead(at: datetime) -> list[RestWeek]:
    """The one that goes on and those to come, for everyone to read."""
    return list(RestWeek.objects.filter(week__gte=week_at(at)).order_by("week"))
