"""/dev/clock/ shows what comes next and lets it come."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as site
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from community.fridays.models import Cycle
from community.fridays.times import times_of
from config import dev_clock
from fans import clock
from fans.site.actions import announce_rest
from fans.site.resting import begins_at
from tests.factories import NOW, ProductFactory, make_staff

pytestmark = pytest.mark.django_db
FRIDAY = NOW.date()  # 20 November 2026
SOON = timedelta(seconds=5)


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> list[str]:
    settings.CLOCK_OFFSET_FILE = tmp_path / "clock-offset"
    names: list[str] = []
    monkeypatch.setattr(
        "config.dev_clock.current_app.send_task", lambda name, **options: names.append(name)
    )
    return names


def make_week(**fields: object) -> Cycle:
    plan = times_of(FRIDAY, 17)
    stored = {name: getattr(plan, name) for name in plan.__dataclass_fields__}
    product = ProductFactory.create()
    return Cycle.objects.create(product=product, week="2026-W47", friday=FRIDAY, **stored, **fields)


def test_the_next_stored_instant_is_named_first() -> None:
    week = make_week()
    first = dev_clock.moments_after(NOW - timedelta(hours=1))[0]
    assert (first.at, first.what) == (week.release_target_at, "the build is due")


def test_a_week_with_its_build_waits_for_its_own_times_only() -> None:
    week = make_week(released_at=NOW, state="released")
    whose = [m for m in dev_clock.moments_after(NOW) if m.whose == str(week)]
    assert [m.what for m in whose] == [
        "votes are noted down",
        "report and ballot open",
        "the ballot closes, late reports are taken",
        "the week is counted",
        "the figures appear",
        "the week closes",
    ]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"state": "skipped", "reason": "No build"}, ["votes are noted down"]),
        ({"state": "skipped", "reason": "No build", "snapshot_at": NOW}, []),
        ({"state": "withdrawn", "released_at": NOW, "snapshot_at": NOW}, []),
        (
            {"state": "withdrawn", "released_at": NOW, "held_at": NOW, "snapshot_at": NOW},
            ["the week is counted", "the figures appear"],
        ),
    ],
)
def test_a_skipped_or_recalled_week_waits_for_what_is_left(
    fields: dict[str, object], found: list[str]
) -> None:
    """O8, O9: the vote board is kept all the same; what was reported is counted."""
    week = make_week(**fields)
    assert [m.what for m in dev_clock.moments_after(NOW) if m.whose == str(week)] == found


def test_a_rest_week_is_named() -> None:
    announce_rest(week="2026-W50", reason="Rest", actor=make_staff(), at=NOW)
    [rest] = [m for m in dev_clock.moments_after(NOW) if m.what == "a rest week begins"]
    assert (rest.at, rest.whose) == (begins_at("2026-W50"), "Rest")


def test_the_next_phase_comes_just_after_its_instant(client: Client, sent: list[str]) -> None:
    clock.move_to(datetime(2026, 11, 20, 8, 0, tzinfo=UTC))
    week = make_week()
    client.post("/dev/clock/", {"to": "phase"})
    assert timedelta(0) < clock.now() - week.release_target_at < 2 * SOON
    assert set(sent) == {entry["task"] for entry in site.CELERY_BEAT_SCHEDULE.values()}


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ("tuesday", datetime(2026, 11, 23, 16, 1, tzinfo=UTC)),  # 00:01 in Shanghai
        ("week", datetime(2026, 11, 27, 9, 0, tzinfo=UTC)),
    ],
)
def test_the_clock_moves_to(client: Client, to: str, expected: datetime) -> None:
    clock.move_to(NOW)
    assert client.post("/dev/clock/", {"to": to}).headers["Location"] == "/dev/clock/"
    assert abs(clock.now() - expected) < SOON


def test_on_a_tuesday_the_next_one_is_a_week_away(client: Client) -> None:
    clock.move_to(datetime(2026, 11, 24, 4, 0, tzinfo=UTC))
    client.post("/dev/clock/", {"to": "tuesday"})
    assert abs(clock.now() - datetime(2026, 11, 30, 16, 1, tzinfo=UTC)) < SOON


def test_back_to_now(client: Client, sent: list[str]) -> None:
    client.post("/dev/clock/", {"to": "week"})
    client.post("/dev/clock/", {"to": "now"})
    assert clock.offset() == timedelta(0)
    assert sent


@pytest.mark.parametrize("to", ["", "yesterday", "\0"])
def test_what_is_no_choice_moves_nothing(client: Client, sent: list[str], to: str) -> None:
    assert client.post("/dev/clock/", {"to": to}).status_code == 302
    assert (clock.offset(), sent) == (timedelta(0), [])


def test_a_worker_that_is_away_is_named(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(name: str, **options: object) -> None:
        raise ConnectionError

    monkeypatch.setattr("config.dev_clock.current_app.send_task", away)
    client.post("/dev/clock/", {"to": "week"})
    assert "the worker cannot be reached" in client.get("/dev/clock/").content.decode()
    assert clock.offset() > timedelta(days=6)


def test_the_page_says_what_time_it_is_and_links_to_the_mail(client: Client) -> None:
    clock.move_to(NOW)
    make_week()
    page = client.get("/dev/clock/").content.decode()
    assert "Fri 20 Nov 2026, 17:00" in page
    assert "Back to now" in page
    assert 'href="/dev/mail/"' in page
    assert 'href="/dev/clock/"' in client.get("/about/").content.decode()


@pytest.mark.parametrize("weeks", [1, 3])
def test_the_page_costs_as_much_for_one_week_as_for_three(
    client: Client, weeks: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(weeks):
        make_week()
    client.get("/dev/clock/")
    with django_assert_num_queries(10):  # two of them: rest weeks
        client.get("/dev/clock/")
