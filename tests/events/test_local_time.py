"""Local text is the truth, the instant follows (spec §7): gaps and repeated hours."""

from datetime import UTC, datetime

import pytest

from events.meetups import actions
from events.meetups.local_time import instant_of
from tests.events.meetups import details, make_draft, make_place


@pytest.mark.parametrize(
    ("local", "zone", "expected"),
    [
        ("2026-11-28T14:00", "Asia/Shanghai", (2026, 11, 28, 6, 0)),
        ("2026-03-29T01:59", "Europe/Madrid", (2026, 3, 29, 0, 59)),
        ("2026-03-29T02:00", "Europe/Madrid", (2026, 3, 29, 1, 0)),  # 03:00+02
        ("2026-03-29T02:45", "Europe/Madrid", (2026, 3, 29, 1, 0)),  # the first instant there is
        ("2026-03-29T03:00", "Europe/Madrid", (2026, 3, 29, 1, 0)),
        ("2026-10-25T02:30", "Europe/Madrid", (2026, 10, 25, 0, 30)),  # the first of two
        ("2026-11-01T01:00", "America/New_York", (2026, 11, 1, 5, 0)),  # 01:00−04
        ("2026-03-08T02:15", "America/New_York", (2026, 3, 8, 7, 0)),
        ("2026-11-01T02:00", "America/New_York", (2026, 11, 1, 7, 0)),
    ],
)
def test_a_wall_clock_becomes_an_instant(
    local: str, zone: str, expected: tuple[int, int, int, int, int]
) -> None:
    assert instant_of(local, zone) == datetime(*expected, tzinfo=UTC)


@pytest.mark.django_db
def test_a_meetup_keeps_its_local_text_and_the_zone_of_its_city() -> None:
    madrid = make_place("es-mad", name_en="Madrid", timezone="Europe/Madrid")
    meetup = make_draft(
        place=madrid, starts_local="2026-10-25T01:30", ends_local="2026-10-25T03:30"
    )
    assert (meetup.starts_local, meetup.timezone) == ("2026-10-25T01:30", "Europe/Madrid")
    assert (meetup.ends_at - meetup.starts_at).total_seconds() == 3 * 3600  # the hour came twice


@pytest.mark.django_db
def test_it_ends_after_it_begins_and_holds_no_more_than_the_law_allows() -> None:
    with pytest.raises(actions.BadTimes):
        details(ends_local="2026-11-28T14:00").fields()
    with pytest.raises(actions.TooManySeats):
        details(capacity=61).fields()
