"""The week moves on by its stored times (O1, O8)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from community.fridays import actions, tasks
from community.fridays.actions import NotInThatState, ReasonMissing, publishing, sweep_cycle
from community.fridays.calendar import coming_weeks
from community.fridays.models import NO_BUILD, Cycle, CycleState, ReleaseState
from community.products.actions import retire_product
from community.products.models import Product
from fans import clock
from fans.audit.models import AuditEntry
from fans.ledger.models import Contribution, HeldWeek
from tests.community.fridays import BEFORE, TARGET, make_cycle, make_published, make_ready
from tests.community.weeks import send
from tests.factories import ProductFactory, make_admin, make_fan, make_staff

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def facts(cycle: Cycle) -> dict[str, Any]:
    """Everything the sweep may have changed."""
    cycle.refresh_from_db()
    return {
        field.name: getattr(cycle, field.attname)
        for field in Cycle._meta.concrete_fields
        if field.name not in {"id", "product"}
    }


# --- the calendar ------------------------------------------------------------------------------


def test_the_next_week_is_made_once() -> None:
    product = ProductFactory.create()
    [cycle] = actions.schedule_weeks(product=product, at=BEFORE)
    assert (cycle.week, cycle.release_target_at) == ("2026-W47", TARGET)
    assert actions.schedule_weeks(product=product, at=BEFORE) == []


def test_when_a_release_day_has_begun_the_one_after_it_is_made() -> None:
    product = ProductFactory.create()
    actions.schedule_weeks(product=product, at=BEFORE)
    [cycle] = actions.schedule_weeks(product=product, at=TARGET)
    assert cycle.week == "2026-W48"


def test_a_product_every_second_week_has_every_second_week() -> None:
    product = ProductFactory.create(cadence_weeks=2)
    actions.schedule_weeks(product=product, at=BEFORE)
    [cycle] = actions.schedule_weeks(product=product, at=TARGET + DAY)
    assert cycle.week == "2026-W49"


def test_weeks_an_outage_swallowed_are_made_and_skipped_in_the_open() -> None:
    product = ProductFactory.create()
    actions.schedule_weeks(product=product, at=BEFORE)
    made = actions.schedule_weeks(product=product, at=TARGET + 15 * DAY)
    assert [cycle.week for cycle in made] == ["2026-W48", "2026-W49", "2026-W50"]


def test_a_product_taken_up_after_a_year_has_no_year_of_skipped_weeks() -> None:
    product = ProductFactory.create()
    actions.schedule_weeks(product=product, at=BEFORE)
    made = actions.schedule_weeks(product=product, at=TARGET + 364 * DAY)
    assert len(made) == 6  # four that were missed, this day's, and the next


def test_a_first_week_is_never_one_that_has_passed() -> None:
    [cycle] = actions.schedule_weeks(product=ProductFactory.create(), at=TARGET)
    assert cycle.week == "2026-W48"


# --- the sweep ---------------------------------------------------------------------------------


def ticking(cycle: Cycle, step: timedelta) -> None:
    at = BEFORE
    while at < cycle.close_at + DAY:
        sweep_cycle(cycle_id=cycle.pk, at=at)
        at += step


def test_a_week_goes_from_its_build_to_its_close() -> None:
    cycle = make_cycle()
    release = make_ready(cycle)
    states = []
    for at in [
        TARGET - HOUR,
        TARGET,
        cycle.report_opens_at,
        cycle.report_closes_at,
        cycle.late_closes_at,
        cycle.publish_at,
        cycle.close_at,
    ]:
        sweep_cycle(cycle_id=cycle.pk, at=at)
        cycle.refresh_from_db()
        states.append(cycle.state)
    assert states == [
        CycleState.SCHEDULED,
        CycleState.RELEASED,
        CycleState.COLLECTING,
        CycleState.LATE_WINDOW,
        CycleState.FROZEN,
        CycleState.PUBLISHED,
        CycleState.CLOSED,
    ]
    release.refresh_from_db()
    assert (release.state, release.published_at) == (ReleaseState.PUBLISHED, TARGET)
    assert cycle.held_at == cycle.report_opens_at
    assert HeldWeek.objects.get().week == "2026-W47"
    assert sweep_cycle(cycle_id=cycle.pk, at=cycle.close_at + DAY) == 0


@pytest.mark.parametrize("with_build", [True, False])
def test_one_sweep_after_an_outage_ends_as_ticking_does(with_build: bool) -> None:
    """O1: every due step, in order, each at its own time."""
    one, other = make_cycle(), make_cycle()
    for cycle in (one, other):
        if with_build:
            make_ready(cycle)
    ticking(one, timedelta(minutes=47))
    sweep_cycle(cycle_id=other.pk, at=other.close_at + DAY)
    assert facts(one) == facts(other)
    assert facts(one)["state"] == (CycleState.CLOSED if with_build else CycleState.SKIPPED)


def test_a_build_that_was_ready_late_is_out_since_it_was_ready() -> None:
    cycle = make_cycle()
    release = make_ready(cycle, at=TARGET + 47 * HOUR)
    sweep_cycle(cycle_id=cycle.pk, at=TARGET + 50 * HOUR)
    cycle.refresh_from_db()
    release.refresh_from_db()
    assert release.published_at == cycle.released_at == TARGET + 47 * HOUR
    assert cycle.report_opens_at == TARGET + 95 * HOUR
    assert cycle.late_closes_at == cycle.report_opens_at + 36 * HOUR


def test_without_a_build_the_week_is_skipped_and_monday_is_kept() -> None:
    """O8."""
    cycle = make_cycle()
    sweep_cycle(cycle_id=cycle.pk, at=cycle.skip_deadline_at - HOUR)
    cycle.refresh_from_db()
    assert cycle.state == CycleState.SCHEDULED
    sweep_cycle(cycle_id=cycle.pk, at=cycle.close_at)
    cycle.refresh_from_db()
    assert (cycle.state, cycle.reason) == (CycleState.SKIPPED, NO_BUILD)
    assert cycle.skipped_at == cycle.skip_deadline_at
    assert cycle.snapshot_at == cycle.skip_deadline_at + 10 * HOUR
    assert (cycle.held_at, HeldWeek.objects.count()) == (None, 0)


def test_a_rest_week_is_announced_with_a_reason() -> None:
    cycle, staff = make_cycle(), make_staff()
    with pytest.raises(ReasonMissing):
        actions.skip(cycle=cycle, reason=" ", actor=staff, at=BEFORE)
    assert actions.skip(cycle=cycle, reason="Spring Festival", actor=staff, at=BEFORE) is True
    assert actions.skip(cycle=cycle, reason="Again", actor=staff, at=BEFORE) is False
    cycle.refresh_from_db()
    assert (cycle.state, cycle.reason) == (CycleState.SKIPPED, "Spring Festival")
    assert AuditEntry.objects.filter(verb="week skipped").count() == 1


def test_a_week_with_a_build_is_not_skipped() -> None:
    cycle = make_cycle()
    make_published(cycle)
    with pytest.raises(NotInThatState):
        actions.skip(cycle=cycle, reason="Too tired", actor=make_staff(), at=TARGET)


def test_held_figures_stay_with_the_week_past_its_close() -> None:
    cycle, staff = make_cycle(), make_staff()
    make_published(cycle)
    sweep_cycle(cycle_id=cycle.pk, at=cycle.late_closes_at)
    publishing.hold(cycle=cycle, reason="A number looks wrong.", actor=staff, at=TARGET)
    sweep_cycle(cycle_id=cycle.pk, at=cycle.close_at + DAY)
    cycle.refresh_from_db()
    assert (cycle.state, cycle.is_delayed(cycle.close_at)) == (CycleState.FROZEN, True)
    publishing.release_hold(cycle=cycle, actor=staff, at=cycle.close_at + DAY)
    cycle.refresh_from_db()
    assert (cycle.state, cycle.published_at) == (CycleState.PUBLISHED, cycle.close_at + DAY)
    sweep_cycle(cycle_id=cycle.pk, at=cycle.close_at + 2 * DAY)
    cycle.refresh_from_db()
    assert (cycle.state, cycle.closed_at) == (CycleState.CLOSED, cycle.close_at + DAY)


def test_figures_let_go_early_wait_for_their_hour() -> None:
    cycle, staff = make_cycle(), make_staff()
    make_published(cycle)
    publishing.hold(cycle=cycle, reason="A number looks wrong.", actor=staff, at=TARGET)
    publishing.release_hold(cycle=cycle, actor=staff, at=TARGET + HOUR)
    sweep_cycle(cycle_id=cycle.pk, at=cycle.publish_at)
    cycle.refresh_from_db()
    assert cycle.published_at == cycle.publish_at


# --- the task ----------------------------------------------------------------------------------


def test_one_week_that_fails_does_not_hold_up_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    broken, whole = make_cycle(), make_cycle()
    real = actions.take_step

    def take(*, cycle_id: int, at: Any) -> bool:
        if cycle_id == broken.pk:
            raise RuntimeError
        return real(cycle_id=cycle_id, at=at)

    monkeypatch.setattr(actions, "take_step", take)
    monkeypatch.setattr(clock, "now", lambda: whole.close_at)
    tasks.move_weeks_on()
    whole.refresh_from_db()
    assert whole.state == CycleState.SKIPPED


def test_the_task_twice_leaves_the_same_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    cycle = make_cycle()
    make_ready(cycle)
    monkeypatch.setattr(clock, "now", lambda: cycle.close_at + DAY)
    tasks.move_weeks_on()
    before = [facts(one) for one in Cycle.objects.order_by("pk")]
    tasks.move_weeks_on()
    assert [facts(one) for one in Cycle.objects.order_by("pk")] == before
    assert [one["state"] for one in before] == ["closed", "scheduled", "scheduled"]


def test_a_retired_product_has_no_new_weeks(monkeypatch: pytest.MonkeyPatch) -> None:
    Product.objects.create(name="Old", slug="old", retired_at=BEFORE)
    monkeypatch.setattr(clock, "now", lambda: BEFORE)
    tasks.move_weeks_on()
    assert not Cycle.objects.exists()


def test_a_week_that_has_begun_runs_to_its_end_when_its_product_is_retired(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Fans still find it and report; no other week is made, and one without a build is skipped."""
    cycle = make_cycle()
    make_published(cycle)
    retire_product(product=cycle.product, actor=make_staff(), at=TARGET + HOUR)
    assert Cycle.objects.visible_to(make_fan()).get() == cycle
    send(cycle, at=cycle.report_opens_at)
    for at in (cycle.report_opens_at, cycle.close_at):
        monkeypatch.setattr(clock, "now", lambda at=at: at)
        tasks.move_weeks_on()
    cycle.refresh_from_db()
    assert (cycle.state, cycle.paid_at) == (CycleState.CLOSED, cycle.close_at)
    assert Cycle.objects.count() == 1


# --- the days of a product ---------------------------------------------------------------------


def test_another_release_day_holds_from_the_next_week_on() -> None:
    """What stands on the calendar keeps its times; the preview is what is made."""
    admin, cycle = make_admin(), make_cycle()
    product, client = cycle.product, Client()
    client.force_login(admin)
    address = f"/staff/products/{product.pk}/calendar/"
    chosen = {"weekday": 2, "hour": 9, "cadence_weeks": 2}
    foreseen = coming_weeks(product, BEFORE, **chosen)
    assert [one.week for one in foreseen] == ["2026-W49", "2026-W51", "2026-W53"]
    preview = client.get(address, chosen).text
    assert "Wed 2 Dec 2026, 09:00" in preview
    product.refresh_from_db()
    assert product.weekday == 4
    client.post(f"{address}change/", chosen)
    product.refresh_from_db()
    assert (product.weekday, product.hour, product.cadence_weeks) == (2, 9, 2)
    [made] = actions.schedule_weeks(product=product, at=TARGET)
    assert (made.week, made.release_target_at) == (
        foreseen[0].week,
        foreseen[0].times.release_target_at,
    )
    cycle.refresh_from_db()
    assert cycle.release_target_at == TARGET
    assert client.get(address, {"weekday": 9}).status_code == 422


def test_two_products_of_a_week_hold_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """T6: whichever form opens first; a report for each counts once a week for points."""
    fan = make_fan()
    friday, thursday = ProductFactory.create(), ProductFactory.create(weekday=3, hour=9)
    early = TARGET - 3 * DAY  # Tuesday
    cycles = [actions.schedule_weeks(product=one, at=early)[0] for one in (friday, thursday)]
    for cycle in cycles:
        make_ready(cycle, at=early)
    last = max(cycle.late_closes_at for cycle in cycles)
    for cycle in sorted(cycles, key=lambda cycle: cycle.report_opens_at):
        monkeypatch.setattr(clock, "now", lambda at=cycle.report_opens_at: at)
        tasks.move_weeks_on()
        send(cycle, fan=fan, at=cycle.report_opens_at)
    monkeypatch.setattr(clock, "now", lambda: last)
    tasks.move_weeks_on()
    held = HeldWeek.objects.get()
    assert (held.week, held.held_at) == ("2026-W47", cycles[1].report_opens_at)
    earned = Contribution.objects.filter(kind="report.filed").order_by("recorded_at")
    assert [(deed.points, deed.reason) for deed in earned] == [(5, ""), (0, "cap")]
