"""One sweep after an outage ends where ticking all the time does (O1), whatever people did."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.feature_requests.models import FeatureRequest, Status
from community.fridays import actions, tasks
from community.fridays.actions import publishing
from community.fridays.actions.balloting import cast_ballot
from community.fridays.actions.reporting import Grids, Refusal, file_report
from community.fridays.models import (
    Award,
    Ballot,
    Choice,
    Credit,
    Cycle,
    Judgement,
    Release,
    Report,
    ReportRevision,
    SnapshotRow,
    WeeklyReport,
)
from community.products.models import Product
from fans import clock
from fans.accounts.models import Fan
from fans.ledger.models import Contribution, HeldWeek
from fans.notifications.models import Event
from fans.site.actions import TooLateToRest, announce_rest, withdraw_rest
from fans.tiers.models import TierRun
from tests.community.fridays import make_draft
from tests.community.weeks import make_wish
from tests.factories import ProductFactory, make_fan, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]

EXAMPLES = 300 if os.environ.get("TEST_SIZE") == "full" else 4
INSTANT, MINUTE, DAY = timedelta(microseconds=1), timedelta(minutes=1), timedelta(days=1)
START = datetime.fromisoformat("2026-11-12T08:00:00+08:00")  # Thursday of the week before
END = START + 24 * DAY
MINUTES = 22 * 24 * 60
# Where something is due for a product of Friday 17:00 and one of Wednesday 09:00, and the deadlines.
EDGES = [
    int((datetime.fromisoformat(f"2026-11-{moment}:00+08:00") - START) / MINUTE)
    for moment in (
        *("16T00:00", "18T09:00", "20T17:00", "21T00:00", "22T00:00", "23T00:00", "23T10:00"),
        *("24T00:00", "24T17:00", "25T00:00", "25T12:00", "26T09:00", "27T12:00", "27T17:00"),
    )
]
PEOPLE = ("ready", "again", "report", "late grids", "ballot", "rest", "no rest")
# What staff decide by what they see: they see it once the worker has caught up.
STAFF = ("publish", "withdraw", "hold", "let go", "skip")


@dataclass(frozen=True, order=True)
class Act:
    minute: int
    what: str
    which: int  # of the products
    who: int  # of the fans


@dataclass
class World:
    cycles: list[Cycle] = field(default_factory=list)
    builds: list[list[Release]] = field(default_factory=list)
    fans: list[Fan] = field(default_factory=list)
    staff: Fan = field(default_factory=make_staff)


def make_world() -> World:
    world = World(fans=[make_fan(joined_at=START - 100 * DAY) for _ in range(4)])
    for settings_of in ({}, {"weekday": 2, "hour": 9}, {"cadence_weeks": 2}):
        product = ProductFactory.create(**settings_of)
        [cycle] = actions.schedule_weeks(product=product, at=START + 4 * DAY)
        wish = make_wish(product, status=Status.PLANNED)
        FeatureRequest.objects.filter(pk=wish.pk).update(status_at=START)
        builds = [make_draft(cycle, wish, actor=world.staff), make_draft(cycle, version="4.3")]
        world.cycles.append(cycle)
        world.builds.append(builds)
    return world


def histories() -> st.SearchStrategy[list[Act]]:
    moments = st.one_of(
        st.integers(0, MINUTES),
        st.builds(int.__add__, st.sampled_from(EDGES), st.sampled_from([-61, -1, 0, 1, 61])),
    )
    acts = st.builds(
        Act, moments, st.sampled_from(PEOPLE + STAFF), st.integers(0, 2), st.integers(0, 3)
    )
    ready = st.builds(Act, moments, st.just("ready"), st.integers(0, 2), st.just(0))
    some = st.tuples(st.lists(ready, min_size=2, max_size=4), st.lists(acts, max_size=10))
    return some.map(lambda lists: sorted(lists[0] + lists[1]))


def perform(world: World, act: Act, at: datetime) -> None:
    cycle, (first, second) = world.cycles[act.which], world.builds[act.which]
    fan, staff = world.fans[act.who], world.staff
    words: dict[str, Any] = {"loved_why": "Fast.", "not_good_why": "Hot."}
    words["not_good_area"] = "Battery"
    by_name: dict[str, Callable[[], object]] = {
        "ready": lambda: actions.make_ready(release=first, actor=staff, at=at),
        "again": lambda: actions.make_ready(release=second, actor=staff, at=at),
        "report": lambda: file_report(
            cycle=cycle, fan=fan, grids=Grids(overall=1 + act.who, **words), at=at
        ),
        "late grids": lambda: file_report(
            cycle=cycle, fan=fan, grids=Grids(overall=5, new_need="A torch.", **words), at=at
        ),
        "ballot": lambda: cast_ballot(cycle=cycle, fan=fan, item=first.items.get(number=1), at=at),
        "rest": lambda: announce_rest(week=f"2026-W4{7 + act.who % 2}", reason="Rest", actor=staff, at=at),
        "no rest": lambda: withdraw_rest(week=f"2026-W4{7 + act.who % 2}", actor=staff, at=at),
        "publish": lambda: actions.publish_release(release=first, actor=staff, at=at),
        "withdraw": lambda: actions.withdraw_release(
            release=first, reason="Faulty", actor=staff, at=at
        ),
        "hold": lambda: publishing.hold(cycle=cycle, reason="Odd", actor=staff, at=at),
        "let go": lambda: publishing.release_hold(cycle=cycle, actor=staff, at=at),
        "skip": lambda: actions.skip(cycle=cycle, reason="Tired", actor=staff, at=at),
    }  # fmt: skip
    by_name[act.what]()


REFUSALS = (
    *(actions.NotInThatState, actions.TooLate, actions.WishesNotOnTheWay, Refusal),
    *(TooLateToRest, publishing.NotToBePublished),
)


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def outcome(
    world: World, history: list[Act], ticks: list[int], now: list[datetime], *, works: bool
) -> dict[str, list[str]]:
    """Everything written when the worker ticks at these minutes and after each act, or, where it
    stood still, only when people could see nothing to act on without it.
    """

    def sweep(at: datetime) -> None:
        now[0] = at
        tasks.move_weeks_on()

    with taken_back():
        moments: list[tuple[datetime, Act | None]] = [
            # No two people act at the same instant.
            (START + act.minute * MINUTE + number * INSTANT, act)
            for number, act in enumerate(history)
        ]
        if works:
            moments += [(START + minute * MINUTE, None) for minute in ticks]
        for at, act in sorted(moments, key=lambda each: (each[0], each[1] is not None)):
            if act is None:
                sweep(at)
                continue
            if works or act.what in STAFF or not_out(world, act):
                sweep(at)
            with suppress(*REFUSALS), transaction.atomic():
                perform(world, act, at)
            if works:
                sweep(at)
        sweep(END)
        return everything()


def not_out(world: World, act: Act) -> bool:
    """Nobody reports on a build the worker has not put out."""
    is_report = act.what in {"report", "late grids", "ballot"}
    return is_report and Cycle.objects.get(pk=world.cycles[act.which].pk).released_at is None


def everything() -> dict[str, list[str]]:
    kept = (
        *(Cycle, Release, Report, ReportRevision, Choice, Ballot, WeeklyReport, Award, Credit),
        *(Judgement, SnapshotRow, Contribution, HeldWeek, TierRun, Event, FeatureRequest),
    )
    return {model.__name__: sorted(map(natural, model._default_manager.all())) for model in kept}


# When the worker came to it, and which chunk it is at, tell how often it ticked.
OF_THE_WORKER = {"paid_at", "passed_on_at", "passed_on_up_to", "spread_at", "spread_from"}


def natural(row: models.Model) -> str:
    """A row in words that do not depend on the order in which rows were made."""
    said = {}
    for column in row._meta.concrete_fields:
        value = getattr(row, column.attname)
        if column.primary_key or column.name in OF_THE_WORKER:
            continue
        if isinstance(column, models.ForeignKey) and value is not None:
            related = getattr(row, column.name)
            if isinstance(related, Cycle):
                value = f"{related.product_id} {related.week}"
            elif isinstance(related, Report):
                value = f"{related.cycle_id} {related.fan_id}"
            elif not isinstance(related, Fan | Product | Release):
                value = "one"
        said[column.name] = value
    if isinstance(row, Event):  # its key may name a row by its number
        said["key"] = row.key.rstrip("0123456789")
    return repr(said)


def fail(words: str, **named: Any) -> None:
    """The task logs what fails and goes on; here it is a failure."""
    raise AssertionError(words)


def test_an_outage_changes_nothing_of_what_comes_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """O1: builds late, again, recalled; figures held; weeks skipped and at rest; reports between."""
    now = [START]
    monkeypatch.setattr(clock, "now", lambda: now[0])
    monkeypatch.setattr(tasks.logger, "exception", fail)
    world = make_world()

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(histories(), st.lists(st.integers(0, MINUTES), max_size=6))
    def holds(history: list[Act], ticks: list[int]) -> None:
        ticks = [*ticks, *(edge + 1 for edge in EDGES)]
        often = outcome(world, history, ticks, now, works=True)
        once = outcome(world, history, ticks, now, works=False)
        for name, rows in often.items():
            assert once[name] == rows, name

    holds()
    assert Cycle.objects.count() == 3  # each history was taken back
