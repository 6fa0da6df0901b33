"""What reports earn: after the count, in pieces, once, and as of the freeze (spec §2)."""

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from community.fridays.actions import paying
from community.fridays.actions.freezing import freeze
from community.fridays.actions.paying import pay_reports
from community.fridays.models import Cycle
from fans.accounts.models import Fan, Role
from fans.ledger.actions import Deed, record, record_many
from fans.ledger.kinds import KINDS
from fans.ledger.models import Contribution
from tests import locks
from tests.community.weeks import LATE_CLOSES, PUBLISH, TUESDAY, WEDNESDAY, open_week, send
from tests.factories import NOW, make_fan, make_staff

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def make_counted(*moments: datetime, **fields: Any) -> Cycle:
    cycle = open_week(items=0, **fields)
    for moment in moments:
        send(cycle, at=moment)
    freeze(cycle=cycle, at=LATE_CLOSES)
    return cycle


def pay(cycle: Cycle, limit: int = 500) -> list[int]:
    """How many each call wrote, until the week is paid."""
    written = []
    while Cycle.objects.get(pk=cycle.pk).paid_at is None:
        written.append(pay_reports(cycle_id=cycle.pk, at=PUBLISH, limit=limit))
    return written


def earned() -> list[tuple[int, datetime, datetime, str]]:
    rows = Contribution.objects.filter(kind="report.filed").order_by("fan", "subject")
    return list(rows.values_list("points", "effective_at", "recorded_at", "reason"))


def test_a_report_earns_five_on_time_and_two_late_of_its_own_day_and_as_of_the_freeze() -> None:
    """L4."""
    cycle = make_counted(TUESDAY, WEDNESDAY)
    assert pay(cycle) == [2]
    assert earned() == [(5, TUESDAY, LATE_CLOSES, ""), (2, WEDNESDAY, LATE_CLOSES, "")]
    cycle.refresh_from_db()
    assert cycle.paid_at == PUBLISH


def test_a_week_is_paid_in_pieces_and_goes_on_where_it_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cycle = make_counted(*[TUESDAY] * 7)
    assert pay_reports(cycle_id=cycle.pk, at=PUBLISH, limit=3) == 3

    def crash(**_: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(paying, "record_many", crash)
        with pytest.raises(RuntimeError):
            pay_reports(cycle_id=cycle.pk, at=PUBLISH, limit=3)
    assert Contribution.objects.count() == 3
    assert pay(cycle, limit=3) == [3, 1]
    assert pay_reports(cycle_id=cycle.pk, at=PUBLISH) == 0
    assert Contribution.objects.count() == 7


def test_a_week_that_is_not_counted_is_not_paid() -> None:
    cycle = open_week()
    send(cycle)
    assert pay_reports(cycle_id=cycle.pk, at=PUBLISH) == 0
    assert (Contribution.objects.count(), Cycle.objects.get().paid_at) == (0, None)


def test_whoever_is_staff_or_erased_by_now_earns_nothing_and_holds_nobody_up() -> None:
    cycle = make_counted(*[TUESDAY] * 6)
    first, second, *_ = Fan.objects.get_queryset().filter(reports__cycle=cycle).order_by("pk")
    Fan.objects.get_queryset().filter(pk=first.pk).update(role=Role.STAFF)
    Fan.objects.get_queryset().filter(pk=second.pk).update(erased_at=PUBLISH)
    assert pay(cycle, limit=1) == [1, 1, 1, 1, 0]
    assert not Contribution.objects.filter(fan__in=[first, second]).exists()


def test_one_report_a_week_counts_over_all_products() -> None:
    """Spec §2: the second is written with no points, and says why."""
    fan, weeks = make_fan(), [open_week(), open_week()]
    for week in weeks:
        send(week, fan=fan)
        freeze(cycle=week, at=LATE_CLOSES)
    for week in weeks:
        pay(week)
    assert [(points, why) for points, _, _, why in earned()] == [(5, ""), (0, "cap")]


def test_paying_costs_the_same_statements_however_many_are_paid(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for count in (1, 20):
        cycle = make_counted(*[TUESDAY] * count)
        with django_assert_num_queries(12):
            pay_reports(cycle_id=cycle.pk, at=PUBLISH)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_pay_at_once_pay_once() -> None:
    cycle = make_counted(TUESDAY, TUESDAY)
    with locks.holding(Cycle, cycle.pk):
        started = locks.start(lambda: pay_reports(cycle_id=cycle.pk, at=PUBLISH, limit=9))
        started.waits_for_a_lock()
        assert pay_reports(cycle_id=cycle.pk, at=PUBLISH, limit=9) == 2
    assert started.result() == 0
    assert Contribution.objects.count() == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_products_paid_at_once_keep_to_the_cap_of_a_fan() -> None:
    fan, weeks = make_fan(), [open_week(), open_week()]
    for week in weeks:
        send(week, fan=fan)
        freeze(cycle=week, at=LATE_CLOSES)
    with locks.holding(Fan, fan.pk):
        started = locks.start(lambda: pay_reports(cycle_id=weeks[0].pk, at=PUBLISH))
        started.waits_for_a_lock()
        pay_reports(cycle_id=weeks[1].pk, at=PUBLISH)
    started.result()
    assert sorted(points for points, *_ in earned()) == [0, 5]


# --- many at once as one by one ---------------------------------------------------------


def histories(kind: str) -> Iterator[Fan]:
    """Fans of every sort: fresh ones, at and near the cap, reversed ones, and who earns nothing."""
    dice = random.Random(kind)
    for _ in range(16):
        fan, near = make_fan(), dice.choice([timedelta(hours=30), 8 * DAY, 31 * DAY])
        for number in range(dice.choice([0, 1, 3, 14])):
            at = NOW + dice.uniform(-1, 1) * near
            done(fan, kind, f"before:{number}", at, reason=dice.choice(["", "", "cap"]))
        if dice.random() < 0.3:
            known = done(fan, kind, "new:1", NOW - DAY)
            if dice.random() < 0.5:
                done(fan, kind, "new:1", NOW - DAY, reversal_of=known, points=-known.points)
        yield fan
    yield make_staff()
    yield make_fan(erased_at=NOW)
    yield make_fan(imported_as="discourse:1")


def done(fan: Fan, kind: str, subject: str, at: datetime, **fields: Any) -> Contribution:
    wanted = {"points": KINDS[kind].points, "reason": "", **fields}
    return Contribution.objects.create(
        fan=fan, kind=kind, family=KINDS[kind].family, validated=KINDS[kind].validated,
        subject=subject, effective_at=at, recorded_at=NOW, **wanted,
    )  # fmt: skip


@pytest.mark.parametrize(
    "kind", ["report.filed", "post.basic", "offline.recorded", "invite.activated"]
)
def test_recording_many_is_recording_each(kind: str) -> None:
    """L1, L4: the same rows, whichever way they were written."""
    fans = list(histories(kind))
    deeds = [Deed(fan.pk, NOW - number % 3 * timedelta(hours=7)) for number, fan in enumerate(fans)]
    later = NOW + DAY

    def one_by_one() -> None:
        for deed, fan in zip(deeds, fans, strict=True):
            effective_at = deed.effective_at
            record(fan=fan, kind=kind, subject="new:1", effective_at=effective_at, at=later)

    def at_once() -> None:
        record_many(kind=kind, subject="new:1", deeds=deeds, at=later)

    written = [_rows_of(way, later) for way in (one_by_one, at_once)]
    assert written[0] == written[1]
    assert {row[2] for row in written[0]} >= {"cap", ""}


def _rows_of(way: Callable[[], None], at: datetime) -> list[tuple[Any, ...]]:
    """What it writes; taken back."""
    columns = ["fan", "points", "reason", "effective_at", "family", "validated", "reversal_of"]
    with transaction.atomic():
        way()
        new = Contribution.objects.filter(recorded_at=at).order_by("fan", "pk")
        rows = list(new.values_list(*columns))
        transaction.set_rollback(True)
    return rows
