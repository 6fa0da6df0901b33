"""When a letter comes: the first full hour on somebody's own clock (spec §8)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import timezone

from fans.clock.weeks import moment_of, platform_date

FRIDAY = 4
LETTER_HOUR = 18
QUIET_FROM_HOUR, QUIET_UNTIL_HOUR = 22, 8


def last_friday(at: datetime) -> datetime:
    """The latest Friday 18:00 of the platform that has come."""
    today = platform_date(at)
    day = today - timedelta(days=(today.weekday() - FRIDAY) % 7)
    moment = moment_of(day, LETTER_HOUR)
    return moment if moment <= at else moment_of(day - timedelta(days=7), LETTER_HOUR)


def first_hour_after(ready_at: datetime, hour: int, zone: str) -> datetime:
    """The first local HH:00 that is not before `ready_at`, in UTC.

    An hour the clock skips is the first valid instant after it; of one that comes twice, the
    first counts.
    """
    local = zone_of(zone)
    day = ready_at.astimezone(local).date() - timedelta(days=1)
    while (moment := _instant(day, hour, local)) < ready_at:
        day += timedelta(days=1)
    return moment


def is_quiet(at: datetime, zone: str) -> bool:
    """D2: from 22 to 8 on their clock no letter comes."""
    hour = at.astimezone(zone_of(zone)).hour
    return hour >= QUIET_FROM_HOUR or hour < QUIET_UNTIL_HOUR


def _instant(day: date, hour: int, zone: ZoneInfo) -> datetime:
    wall = datetime.combine(day, time(hour), zone)
    moment = wall.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return moment
    # The wall clock jumps over it: halve the stretch around the jump until it is found.
    before, after = wall.replace(fold=1).astimezone(UTC), moment
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        is_past = middle.astimezone(zone).replace(tzinfo=None) >= wall.replace(tzinfo=None)
        before, after = (before, middle) if is_past else (middle, after)
    return after.replace(microsecond=0)


def zone_of(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(timezone.get_default_timezone_name())
