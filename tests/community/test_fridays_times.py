"""The formulas of the week (spec §6), as tables."""

from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django import Settings

from community.fridays import times
from fans.clock.weeks import week_of

FRIDAY = date(2026, 11, 20)


def utc(month: int, day: int, hour: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


def test_the_default_week_is_the_table_of_the_specification() -> None:
    planned = times.times_of(FRIDAY, 17)
    assert planned == times.Times(
        release_target_at=utc(11, 20, 9),  # Fri 17:00 in Shanghai
        skip_deadline_at=utc(11, 22, 16),  # Mon 00:00
        report_opens_at=utc(11, 23, 16),  # Tue 00:00
        report_closes_at=utc(11, 24, 16),  # Wed 00:00
        late_closes_at=utc(11, 25, 4),  # Wed 12:00
        publish_at=utc(11, 27, 4),  # Fri 12:00
        close_at=utc(11, 27, 9),  # Fri 17:00
    )
    assert times.tier_run_at(FRIDAY, planned.late_closes_at) == utc(11, 25, 19)  # Thu 03:00
    assert times.snapshot_at(FRIDAY) == utc(11, 23, 2)  # Mon 10:00


@pytest.mark.parametrize(
    ("released_at", "opens", "tier_run"),
    [
        (utc(11, 20, 9), utc(11, 23, 16), utc(11, 25, 19)),  # on time
        (utc(11, 21, 16), utc(11, 23, 16), utc(11, 25, 19)),  # Sun 00:00: just in time
        (utc(11, 21, 17), utc(11, 23, 17), utc(11, 25, 19)),  # an hour later, the form too
        (utc(11, 22, 15), utc(11, 24, 15), utc(11, 26, 4)),  # Sun 23:00: the tiers wait
    ],
)
def test_a_late_build_moves_the_form_and_the_tiers(
    released_at: datetime, opens: datetime, tier_run: datetime
) -> None:
    planned = times.times_of(FRIDAY, 17, released_at)
    assert planned.report_opens_at == opens
    assert planned.report_closes_at == opens + timedelta(hours=24)
    assert planned.late_closes_at == opens + timedelta(hours=36)
    assert times.tier_run_at(FRIDAY, planned.late_closes_at) == tier_run
    assert (planned.publish_at, planned.close_at) == (utc(11, 27, 4), utc(11, 27, 9))


def test_week_53_and_new_year_work() -> None:
    """O8: Fri 1 Jan 2027 is 2026-W53."""
    day = times.release_day("2026-W53", 4)
    assert (day, week_of(day)) == (date(2027, 1, 1), "2026-W53")
    planned = times.times_of(day, 17)
    assert planned.report_opens_at == utc(1, 4, 16, year=2027)
    following = times.release_day_after(day, 4, 1)
    assert (following, week_of(following)) == (date(2027, 1, 8), "2027-W01")


@pytest.mark.parametrize(
    ("weekday", "today", "found"),
    [
        (4, date(2026, 11, 20), date(2026, 11, 20)),
        (4, date(2026, 11, 21), date(2026, 11, 27)),
        (2, date(2026, 11, 20), date(2026, 11, 25)),
    ],
)
def test_the_next_release_day_may_be_today(weekday: int, today: date, found: date) -> None:
    assert times.first_release_day(weekday, today) == found


def test_a_cadence_counts_iso_weeks_and_takes_the_new_weekday() -> None:
    assert times.release_day_after(FRIDAY, 4, 2) == date(2026, 12, 4)
    assert times.release_day_after(FRIDAY, 1, 1) == date(2026, 11, 24)


def test_where_clocks_change_days_are_days_and_hours_are_hours(settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/Madrid"
    planned = times.times_of(date(2026, 10, 23), 17)  # clocks go back on Sunday 25
    assert planned.skip_deadline_at == utc(10, 25, 23)  # Mon 00:00+01
    late = times.times_of(date(2026, 10, 23), 17, utc(10, 25, 22))
    assert late.report_opens_at == utc(10, 27, 22)
    on_change = times.times_of(date(2026, 10, 21), 17)  # a Wednesday product: opens Sun 00:00+02
    assert on_change.report_opens_at == utc(10, 24, 22)
    assert on_change.report_closes_at == utc(10, 25, 22)  # 24 hours of a day that has 25
