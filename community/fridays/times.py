"""When things of a week happen (spec §6): pure formulas over the release day F.

Days are calendar days where the platform lives, hours are hours that pass.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from fans.clock.weeks import moment_of, monday_of, week_of

REPORT_OPENS_AFTER = timedelta(hours=48)  # after the build, at the earliest
REPORT_OPEN_FOR = timedelta(hours=24)
LATE_FOR = timedelta(hours=12)
COUNTING = timedelta(hours=1)  # from the late close to the tier run
EARLY_NOTES = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class Times:
    """What a cycle keeps of its plan; the field names are the cycle's."""

    release_target_at: datetime
    skip_deadline_at: datetime
    report_opens_at: datetime
    report_closes_at: datetime
    late_closes_at: datetime
    publish_at: datetime
    close_at: datetime


def times_of(friday: date, hour: int, released_at: datetime | None = None) -> Times:
    """The week of this release day; a late build moves the form and nothing before or after it."""
    opens = _on(friday, 4, 0)
    if released_at is not None:
        opens = max(opens, released_at + REPORT_OPENS_AFTER)
    closes = opens + REPORT_OPEN_FOR
    return Times(
        release_target_at=_on(friday, 0, hour),
        skip_deadline_at=_on(friday, 3, 0),
        report_opens_at=opens,
        report_closes_at=closes,
        late_closes_at=closes + LATE_FOR,
        publish_at=_on(friday, 7, 12),
        close_at=_on(friday, 7, 17),
    )


def tier_run_at(friday: date, late_closes_at: datetime) -> datetime:
    """When the tiers may look at everyone: Thursday 03:00, or an hour after the late close (T1)."""
    return max(_on(friday, 6, 3), late_closes_at + COUNTING)


def snapshot_at(friday: date) -> datetime:
    """Monday 10:00: what the vote board said, kept for the choice of the week."""
    return _on(friday, 3, 10)


def release_day(week: str, weekday: int) -> date:
    return monday_of(week) + timedelta(days=weekday)


def first_release_day(weekday: int, today: date) -> date:
    """The next release day, today included."""
    return today + timedelta(days=(weekday - today.weekday()) % 7)


def release_day_after(friday: date, weekday: int, cadence_weeks: int) -> date:
    """So many ISO weeks later, on the day the product has now."""
    return release_day(week_of(friday + timedelta(weeks=cadence_weeks)), weekday)


def _on(friday: date, days: int, hour: int) -> datetime:
    # In UTC: hours added to a local time would be hours of the wall clock.
    return moment_of(friday + timedelta(days=days), hour).astimezone(UTC)
