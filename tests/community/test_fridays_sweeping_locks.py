"""What moves a week queues up at its row (O1, O8); each seen to fail without its lock."""

from datetime import timedelta

import pytest
from django.db import transaction

from community.fridays import actions
from community.fridays.actions import TooLate, paying
from community.fridays.actions.freezing import freeze
from community.fridays.models import Cycle, CycleState
from fans.ledger.models import Contribution
from fans.site.actions import announce_rest
from fans.site.resting import begins_at
from tests.community.fridays import make_ready
from tests.community.weeks import LATE_CLOSES, open_week, send
from tests.factories import ProductFactory, make_staff
from tests.locks import holding, start

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

AHEAD = begins_at("2026-W47") - timedelta(days=2)


def make_early_cycle() -> Cycle:
    [cycle] = actions.schedule_weeks(product=ProductFactory.create(), at=AHEAD)
    return cycle


def rest() -> None:
    announce_rest(week="2026-W47", reason="Rest", actor=make_staff(), at=AHEAD)


def test_a_build_that_goes_out_while_rest_is_announced_is_out_and_the_week_not_skipped() -> None:
    """O8: the sweep that brings the rest waits for whoever is publishing."""
    cycle = make_early_cycle()
    release = make_ready(cycle)
    with transaction.atomic():
        actions.publish_release(release=release, actor=release.created_by, at=AHEAD)
        announced = start(rest)
        announced.result()  # it waits for nobody
        sweeping = start(lambda: actions.sweep_cycle(cycle_id=cycle.pk, at=AHEAD))
        sweeping.waits_for_a_lock()
    assert sweeping.result() == 0
    cycle.refresh_from_db()
    assert (cycle.state, cycle.is_rest) == (CycleState.RELEASED, False)


def test_a_build_does_not_go_out_beside_a_rest_that_came_first() -> None:
    """O8: publishing looks for the rest under the week's lock."""
    cycle = make_early_cycle()
    release = make_ready(cycle)
    with holding(Cycle, cycle.pk):
        publishing = start(
            lambda: actions.publish_release(release=release, actor=release.created_by, at=AHEAD)
        )
        publishing.waits_for_a_lock()
        start(rest).result()
    with pytest.raises(TooLate):
        publishing.result()


def test_two_sweeps_at_once_take_each_step_once() -> None:
    """O1"""
    cycle = make_early_cycle()
    make_ready(cycle)
    with transaction.atomic():
        assert actions.take_step(cycle_id=cycle.pk, at=cycle.release_target_at) is True
        other = start(lambda: actions.take_step(cycle_id=cycle.pk, at=cycle.release_target_at))
        other.waits_for_a_lock()
    assert other.result() is False


def test_paying_waits_for_the_freeze_and_pays_what_it_counted() -> None:
    """O3: no report is paid before the week is final."""
    week = open_week()
    send(week)
    with transaction.atomic():
        freeze(cycle=week, at=LATE_CLOSES)
        pay = start(lambda: paying.pay_reports(cycle_id=week.pk, at=LATE_CLOSES))
        pay.waits_for_a_lock()
        assert not Contribution.objects.filter(kind="report.filed").exists()
    assert pay.result() == 1
    assert Contribution.objects.get(kind="report.filed").recorded_at == LATE_CLOSES
