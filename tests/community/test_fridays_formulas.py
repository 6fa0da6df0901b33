"""The formulas of the week over twenty years, every product setting and other zones (spec §6)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pytest_django import Settings

from community.fridays import times
from community.fridays.models import Cycle, CycleState
from fans.clock.weeks import monday_of, week_at, week_of
from fans.site.resting import begins_at

DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
DEFAULT_ZONE = ZoneInfo("Asia/Shanghai")
FRIDAYS = [date(2016, 1, 1) + timedelta(weeks=weeks) for weeks in range(1044)]  # to 2035
# After the hour it was promised for; before it when published by hand.
DELAYS = [timedelta(hours=hours) for hours in (-48, -1, 0, 1, 31, 32, 48, 54)]
DELAYS.append(timedelta(hours=55) - SECOND)  # Sunday 23:59:59

ORDER = ("skip_deadline_at", "report_opens_at", "report_closes_at", "late_closes_at")


def shanghai(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=DEFAULT_ZONE)


def assert_in_order(planned: times.Times, friday: date, released_at: datetime | None) -> None:
    tier_run = times.tier_run_at(friday, planned.late_closes_at)
    course = [getattr(planned, name) for name in ORDER]
    course += [tier_run, planned.publish_at, planned.close_at]
    assert all(before < after for before, after in pairwise(course)), (friday, released_at)
    assert planned.release_target_at < planned.skip_deadline_at
    assert planned.skip_deadline_at < times.snapshot_at(friday) < planned.publish_at
    assert planned.report_closes_at - planned.report_opens_at == 24 * HOUR
    assert planned.late_closes_at - planned.report_closes_at == 12 * HOUR
    assert tier_run - planned.late_closes_at >= HOUR
    if released_at is not None:
        assert planned.report_opens_at - released_at >= 48 * HOUR


def test_over_twenty_years_of_fridays_and_late_builds_the_order_never_breaks() -> None:
    for friday in FRIDAYS:
        plain = times.times_of(friday, 17)
        assert_in_order(plain, friday, None)
        for delay in DELAYS:
            released_at = plain.release_target_at + delay
            moved = times.times_of(friday, 17, released_at)
            assert_in_order(moved, friday, released_at)
            for name in ("release_target_at", "skip_deadline_at", "publish_at", "close_at"):
                assert getattr(moved, name) == getattr(plain, name)


def test_over_twenty_years_utc_hours_are_right_and_weeks_unique() -> None:
    """Where clocks never change an hour is an hour; every Friday has a week of its own."""
    hours = {
        tuple(at.hour for at in vars(times.times_of(friday, 17)).values()) for friday in FRIDAYS
    }
    assert hours == {(9, 16, 16, 16, 4, 4, 9)}
    assert len({week_of(friday) for friday in FRIDAYS}) == len(FRIDAYS)
    assert FRIDAYS[-1].year == 2035
    long_years = {int(week_of(friday)[:4]) for friday in FRIDAYS if week_of(friday).endswith("53")}
    assert long_years == {2015, 2020, 2026, 2032}


@pytest.mark.parametrize(
    ("released", "opens", "closes", "late_closes", "tier_run"),
    [
        ("2026-03-06T17:00", "2026-03-10T00:00", "2026-03-11T00:00", "2026-03-11T12:00",
         "2026-03-12T03:00"),
        ("2026-03-08T00:00", "2026-03-10T00:00", "2026-03-11T00:00", "2026-03-11T12:00",
         "2026-03-12T03:00"),
        ("2026-03-08T20:00", "2026-03-10T20:00", "2026-03-11T20:00", "2026-03-12T08:00",
         "2026-03-12T09:00"),
        ("2026-03-08T23:59", "2026-03-10T23:59", "2026-03-11T23:59", "2026-03-12T11:59",
         "2026-03-12T12:59"),
    ],
)  # fmt: skip
def test_a_late_build_moves_the_form_as_the_vectors_say(
    released: str, opens: str, closes: str, late_closes: str, tier_run: str
) -> None:
    friday = date(2026, 3, 6)
    planned = times.times_of(friday, 17, shanghai(released))
    assert planned.skip_deadline_at == shanghai("2026-03-09T00:00")
    assert planned.report_opens_at == shanghai(opens)
    assert planned.report_closes_at == shanghai(closes)
    assert planned.late_closes_at == shanghai(late_closes)
    assert times.tier_run_at(friday, planned.late_closes_at) == shanghai(tier_run)


@pytest.mark.parametrize("cadence_weeks", [1, 2, 3, 5, 52])
def test_every_weekday_and_hour_has_weeks_in_order_and_of_its_own(cadence_weeks: int) -> None:
    """Across the long year 2026, whose New Year's Day belongs to the year before."""
    for weekday in range(7):
        day = times.first_release_day(weekday, date(2026, 12, 1))
        weeks = []
        for _ in range(8):
            assert day.weekday() == weekday
            weeks.append(week_of(day))
            day = times.release_day_after(day, weekday, cadence_weeks)
        gaps = {monday_of(after) - monday_of(week) for week, after in pairwise(weeks)}
        assert gaps == {timedelta(weeks=cadence_weeks)}
        for hour in range(24):
            target = times.times_of(day, hour).release_target_at
            for released_at in (None, target, times.times_of(day, hour).skip_deadline_at - SECOND):
                assert_in_order(times.times_of(day, hour, released_at), day, released_at)


def test_the_first_of_january_2027_is_in_the_last_week_of_2026() -> None:
    """O8"""
    assert week_of(date(2027, 1, 1)) == "2026-W53"
    assert week_at(shanghai("2027-01-03T23:59:59")) == "2026-W53"
    assert week_at(shanghai("2027-01-04T00:00")) == "2027-W01"
    assert begins_at("2027-W01") == shanghai("2027-01-04T00:00")


def days_of_clock_changes(zone: ZoneInfo) -> Iterator[date]:
    """Every day from three before to seven before a change: the week of that release day has it."""
    for year in (2024, 2026, 2031):
        day = date(year, 1, 1)
        while day.year == year:
            offsets = {
                datetime(on.year, on.month, on.day, 12, tzinfo=zone).utcoffset()
                for on in (day, day + 8 * DAY)
            }
            if len(offsets) > 1:
                yield day
            day += DAY


@pytest.mark.parametrize(
    ("name", "has_changes"),
    [("Europe/Madrid", True), ("America/New_York", True), ("Asia/Kolkata", False)],
)
def test_in_other_zones_days_are_calendar_days_and_hours_pass(
    settings: Settings, name: str, has_changes: bool
) -> None:
    settings.TIME_ZONE = name
    zone = ZoneInfo(name)
    changing = list(days_of_clock_changes(zone))
    assert bool(changing) is has_changes
    for day in changing or [date(2026, 3, 27), date(2026, 10, 25)]:
        for hour in (0, 1, 3, 9, 17, 23):
            planned = times.times_of(day, hour)
            on_clock = {field: at.astimezone(zone) for field, at in vars(planned).items()}
            assert_wall(on_clock["release_target_at"], day, hour)
            assert_wall(on_clock["skip_deadline_at"], day + 3 * DAY, 0)
            assert_wall(on_clock["report_opens_at"], day + 4 * DAY, 0)
            assert_wall(on_clock["publish_at"], day + 7 * DAY, 12)
            assert_wall(on_clock["close_at"], day + 7 * DAY, 17)
            assert_wall(times.snapshot_at(day).astimezone(zone), day + 3 * DAY, 10)
            last = planned.skip_deadline_at - SECOND
            for released_at in (planned.release_target_at, last):
                late = times.times_of(day, hour, released_at)
                assert_in_order(late, day, released_at)
                assert late.report_opens_at == max(planned.report_opens_at, released_at + 48 * HOUR)


def assert_wall(local: datetime, day: date, hour: int) -> None:
    assert (local.date(), local.hour, local.minute) == (day, hour, 0)


def cycle_of(**fields: Any) -> Cycle:
    planned = times.times_of(date(2026, 11, 20), 17)
    values = {"state": CycleState.SCHEDULED, "released_at": planned.release_target_at, **fields}
    return Cycle(week="2026-W47", friday=date(2026, 11, 20), **{**vars(planned), **values})


@pytest.mark.parametrize(
    ("written", "takes_reports", "takes_ballots", "is_late"),
    [
        ("2026-11-23T23:59:59", False, False, False),
        ("2026-11-24T00:00:00", True, True, False),
        ("2026-11-24T23:59:59", True, True, False),
        ("2026-11-25T00:00:00", True, False, True),
        ("2026-11-25T11:59:59", True, False, True),
        ("2026-11-25T12:00:00", False, False, True),
    ],
)
@pytest.mark.parametrize(
    "state", [CycleState.SCHEDULED, CycleState.RELEASED, CycleState.COLLECTING]
)
def test_the_form_is_open_by_the_stored_second_whatever_a_worker_did(
    written: str, takes_reports: bool, takes_ballots: bool, is_late: bool, state: str
) -> None:
    """O1"""
    at, cycle = shanghai(written), cycle_of(state=state)
    found = (cycle.takes_reports(at), cycle.takes_ballots(at), cycle.is_late(at))
    assert found == (takes_reports, takes_ballots, is_late)


@pytest.mark.parametrize("fields", [{"released_at": None}, {"withdrawn_at": datetime(2026, 11, 21, tzinfo=UTC)}, {"frozen_at": datetime(2026, 11, 24, tzinfo=UTC)}])  # fmt: skip
def test_without_a_build_recalled_or_counted_it_takes_nothing(fields: dict[str, Any]) -> None:
    cycle = cycle_of(**fields)
    assert cycle.takes_reports(shanghai("2026-11-24T12:00")) is False
    assert cycle.takes_ballots(shanghai("2026-11-24T12:00")) is False
