"""The tiers look at a week only after its reports are counted (O1, T1, T15)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from community.fridays import actions
from community.fridays.tasks import move_weeks_on
from fans import clock
from fans.ledger.models import Contribution
from fans.tiers import tasks
from fans.tiers.actions import plan_runs
from fans.tiers.models import TierRun
from tests.community.weeks import RELEASED, TUESDAY, open_week, send
from tests.factories import make_fan

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
THURSDAY = datetime.fromisoformat("2026-11-26T03:00:00+08:00")


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    def to(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    return to


def outage(set_clock: Any) -> None:
    """Reports came on Tuesday; the workers stood still from then until Friday morning."""
    plan_runs(at=RELEASED - DAY)
    week = open_week()
    set_clock(TUESDAY)
    move_weeks_on()
    send(week, fan=make_fan())
    TierRun.objects.exclude(due_at=THURSDAY).update(ran_at=RELEASED)
    plan_runs(at=RELEASED + 3 * DAY)
    set_clock(THURSDAY + DAY)


def test_a_run_that_was_missed_waits_until_the_week_before_it_is_counted(set_clock: Any) -> None:
    """O1, T1: after an outage the tasks may come in any order."""
    outage(set_clock)
    run = TierRun.objects.get(due_at=THURSDAY)
    tasks.run_tiers()
    run.refresh_from_db()
    assert run.ran_at is None
    move_weeks_on()
    tasks.run_tiers()
    run.refresh_from_db()
    assert run.ran_at is not None
    paid = Contribution.objects.get(kind="report.filed")
    assert paid.recorded_at < run.ran_at


def test_a_week_that_cannot_be_counted_holds_the_run_up_for_a_day(
    set_clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never for ever: one broken week does not stop the tiers of the whole site."""

    def fail(**_: Any) -> int:
        raise RuntimeError

    outage(set_clock)
    run = TierRun.objects.get(due_at=THURSDAY)
    monkeypatch.setattr(actions, "take_step", fail)
    for hours, has_run in ((0, False), (23, False), (24, True)):
        set_clock(THURSDAY + DAY + timedelta(hours=hours))
        move_weeks_on()
        tasks.run_tiers()
        run.refresh_from_db()
        assert (run.ran_at is not None) is has_run
