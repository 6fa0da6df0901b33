"""Rest weeks and the weeks of products: skipped as announced, and nobody loses anything (O8)."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from community.fridays import actions, tasks
from community.fridays.actions import TooLate, sweep_cycle
from community.fridays.models import Cycle, CycleState, ReleaseState
from fans import clock
from fans.ledger.models import HeldWeek
from fans.site.actions import announce_rest, withdraw_rest
from fans.site.resting import begins_at
from tests.community.fridays import BEFORE, TARGET, make_cycle, make_draft, make_ready
from tests.factories import ProductFactory, make_staff

pytestmark = pytest.mark.django_db

WEEK = "2026-W47"
MONDAY = begins_at(WEEK)
AHEAD = MONDAY - timedelta(days=3)
DAY = timedelta(days=1)


def make_early_cycle() -> Cycle:
    [cycle] = actions.schedule_weeks(product=ProductFactory.create(), at=MONDAY - 2 * DAY)
    return cycle


def rest(at: datetime = AHEAD, reason: str = "Spring Festival") -> None:
    announce_rest(week=WEEK, reason=reason, actor=make_staff(), at=at)


def swept(cycle: Cycle, at: datetime) -> tuple[str, bool, str]:
    sweep_cycle(cycle_id=cycle.pk, at=at)
    cycle.refresh_from_db()
    return cycle.state, cycle.is_rest, cycle.reason


def due(at: datetime) -> list[int]:
    return list(Cycle.objects.due(at).values_list("pk", flat=True))


WAITS = (CycleState.SCHEDULED, False, "")


def test_a_week_that_rests_is_skipped_with_its_reason_and_waits_again_when_taken_back() -> None:
    cycle = make_early_cycle()
    release = make_ready(cycle)
    assert due(AHEAD) == []
    rest()
    assert due(AHEAD) == [cycle.pk]
    assert swept(cycle, AHEAD) == (CycleState.SKIPPED, True, "Spring Festival")
    assert (cycle.skipped_at, due(AHEAD + DAY)) == (AHEAD, [cycle.pk])
    rest(reason="New Year")
    assert swept(cycle, AHEAD) == (CycleState.SKIPPED, True, "New Year")
    withdraw_rest(week=WEEK, actor=make_staff(), at=AHEAD)
    assert swept(cycle, AHEAD) == WAITS
    release.refresh_from_db()
    assert (cycle.skipped_at, release.state, due(AHEAD)) == (None, ReleaseState.READY, [])


def test_its_build_goes_to_another_week_once_the_rest_has_begun() -> None:
    cycle = make_early_cycle()
    release = make_ready(cycle)
    rest()
    sweep_cycle(cycle_id=cycle.pk, at=MONDAY - timedelta(seconds=1))
    release.refresh_from_db()
    assert release.state == ReleaseState.READY
    sweep_cycle(cycle_id=cycle.pk, at=MONDAY)
    release.refresh_from_db()
    assert (release.state, release.early_from) == (ReleaseState.DRAFT, None)


def test_a_rest_week_has_no_form_and_is_not_held_and_monday_is_kept() -> None:
    """O8: the vote board is kept and wishes are chosen as in every week."""
    rest()
    cycle = make_early_cycle()
    assert swept(cycle, cycle.close_at + DAY) == (CycleState.SKIPPED, True, "Spring Festival")
    assert (cycle.held_at, HeldWeek.objects.count()) == (None, 0)
    assert cycle.snapshot_at == cycle.skip_deadline_at + timedelta(hours=10)
    assert cycle.takes_reports(cycle.report_opens_at) is False
    assert due(cycle.close_at + DAY) == []


def test_nothing_goes_out_in_a_rest_week_also_before_any_sweep() -> None:
    """The worker may stand still: what was announced holds."""
    cycle = make_early_cycle()
    release, draft = make_ready(cycle), make_draft(cycle, version="4.3")
    rest()
    with pytest.raises(TooLate):
        actions.publish_release(release=release, actor=release.created_by, at=TARGET)
    with pytest.raises(TooLate):
        actions.make_ready(release=draft, actor=draft.created_by, at=AHEAD)
    assert swept(cycle, cycle.close_at)[0] == CycleState.SKIPPED


def test_a_build_that_is_out_already_stays_out() -> None:
    cycle = make_early_cycle()
    release = make_ready(cycle)
    actions.publish_release(release=release, actor=release.created_by, at=AHEAD - DAY)
    rest()
    assert swept(cycle, AHEAD)[:2] == (CycleState.RELEASED, False)


def test_a_recalled_build_is_followed_by_none_in_a_rest_week() -> None:
    cycle = make_early_cycle()
    release = make_ready(cycle)
    new = make_ready(cycle, version="4.3")
    actions.publish_release(release=release, actor=release.created_by, at=AHEAD - DAY)
    rest()
    actions.withdraw_release(release=release, reason="Faulty", actor=new.created_by, at=AHEAD)
    assert swept(cycle, TARGET)[0] == CycleState.WITHDRAWN
    new.refresh_from_db()
    assert new.state == ReleaseState.READY


def test_weeks_made_after_the_announcement_rest_from_the_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Made ahead; the one after it is an ordinary one."""
    product = ProductFactory.create()
    announce_rest(week="2026-W48", reason="Rest", actor=make_staff(), at=BEFORE)
    for at in (BEFORE, TARGET, TARGET + 7 * DAY):
        monkeypatch.setattr(clock, "now", lambda at=at: at)
        tasks.move_weeks_on()
    weeks = product.cycles.order_by("friday").values_list("week", "state", "is_rest")
    assert list(weeks) == [
        (WEEK, "skipped", False),  # no build came
        ("2026-W48", "skipped", True),
        ("2026-W49", "scheduled", False),
    ]


def test_everyone_reads_of_a_rest_week_ahead(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    cycle = make_early_cycle()
    rest()
    sweep_cycle(cycle_id=cycle.pk, at=AHEAD)
    monkeypatch.setattr(clock, "now", lambda: AHEAD)
    assert "Spring Festival" in client.get(f"/fridays/{cycle.product.slug}/{WEEK}/").text
    page = client.get("/fridays/").text
    assert "Rest week 2026-W47 (16–22 Nov 2026)" in page


def test_the_other_week_of_a_rest_goes_on_as_promised() -> None:
    """The form of the build before falls into the rest week, and is asked."""
    cycle = make_cycle()
    make_ready(cycle)
    announce_rest(week="2026-W48", reason="Rest", actor=make_staff(), at=BEFORE)
    assert swept(cycle, cycle.publish_at)[0] == CycleState.PUBLISHED
