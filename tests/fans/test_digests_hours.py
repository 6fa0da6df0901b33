"""The spec's vectors of §8, and what lies around them."""

from datetime import UTC, datetime

import pytest

from fans.digests.hours import first_hour_after, is_quiet, last_friday


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("ready", "hour", "zone", "comes"),
    [
        ("2026-03-28T20:00Z", 2, "Europe/Madrid", "2026-03-29T03:00+02:00"),  # 02:00 is skipped
        ("2026-10-31T20:00Z", 1, "America/New_York", "2026-11-01T01:00-04:00"),  # comes twice
        ("2026-12-04T09:00Z", 18, "Asia/Shanghai", "2026-12-04T10:00Z"),
        ("2026-12-04T09:00Z", 18, "Asia/Kolkata", "2026-12-04T12:30Z"),
        ("2026-12-04T09:00Z", 18, "America/Los_Angeles", "2026-12-05T02:00Z"),
        ("2026-12-04T10:00Z", 18, "Asia/Shanghai", "2026-12-04T10:00Z"),  # that very moment
        ("2026-12-04T10:00:01Z", 18, "Asia/Shanghai", "2026-12-05T10:00Z"),
        ("2026-10-03T10:00Z", 2, "Australia/Lord_Howe", "2026-10-03T15:30Z"),  # half an hour
        ("2011-12-30T05:00Z", 18, "Pacific/Apia", "2011-12-30T10:00Z"),  # a whole day
        ("2026-12-04T09:00Z", 18, "Nowhere/Else", "2026-12-04T10:00Z"),  # the platform's
    ],
)
def test_a_letter_comes_at_the_first_full_hour_on_its_readers_clock(
    ready: str, hour: int, zone: str, comes: str
) -> None:
    assert first_hour_after(at(ready), hour, zone) == at(comes)


@pytest.mark.parametrize(
    ("now", "friday"),
    [
        ("2026-11-20T10:00Z", "2026-11-20T10:00Z"),  # Friday 18:00 in Shanghai
        ("2026-11-20T09:59:59Z", "2026-11-13T10:00Z"),
        ("2026-11-26T23:00Z", "2026-11-20T10:00Z"),
        ("2027-01-01T10:00Z", "2027-01-01T10:00Z"),  # in 2026-W53
    ],
)
def test_an_issue_is_ready_on_friday_at_18_where_the_platform_lives(now: str, friday: str) -> None:
    assert last_friday(at(now)) == at(friday)


@pytest.mark.parametrize(
    ("now", "is_so"),
    [
        ("2026-11-20T13:59Z", False),  # 21:59 in Shanghai
        ("2026-11-20T14:00Z", True),
        ("2026-11-20T23:59Z", True),
        ("2026-11-21T00:00Z", False),
    ],
)
def test_nights_are_quiet_from_22_to_8(now: str, is_so: bool) -> None:
    """D2."""
    assert is_quiet(at(now), "Asia/Shanghai") is is_so
