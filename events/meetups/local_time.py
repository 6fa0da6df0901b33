"""The clock at the venue: what people wrote down is the truth, the instant follows from it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

FORMAT = "%Y-%m-%dT%H:%M"


def instant_of(local: str, zone: str) -> datetime:
    """«2026-11-28T14:00» at a venue, as an instant.

    A time the clocks skip is the first instant after the gap; one they repeat is its first.
    """
    wall = datetime.strptime(local, FORMAT)  # noqa: DTZ007 - a wall clock has no zone
    there = ZoneInfo(zone)
    guess = wall.replace(tzinfo=there, fold=0).astimezone(UTC)
    if _wall_at(guess, there) == wall:
        return guess
    return _end_of_gap(wall.replace(tzinfo=there, fold=1).astimezone(UTC), guess, there)


def at_venue(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone))


def _wall_at(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


def _end_of_gap(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The instant between the two at which the clocks jump, by halving."""
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)
