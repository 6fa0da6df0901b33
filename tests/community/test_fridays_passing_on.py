"""Complaints of a counted week go to the desks: once, in pieces, and to nobody else's eyes."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from community.feedback import actions as feedback
from community.feedback.models import FeedbackItem, ItemState
from community.fridays.actions.passing_on import key_of, pass_on
from community.fridays.models import Choice, Cycle, Grid, Report
from community.threads.forms import KeyField, new_key
from fans.accounts.models import Fan
from fans.notifications.models import Notice
from tests.community.fridays import make_cycle, make_published
from tests.factories import NOW, make_fan, make_feedback, make_staff
from tests.locks import holding, start

pytestmark = pytest.mark.django_db
FROZEN = NOW + timedelta(days=4, hours=19)  # Wednesday noon
LATER = FROZEN + timedelta(minutes=1)


def make_counted_week() -> Cycle:
    return make_cycle(frozen_at=FROZEN, state="frozen", held_at=FROZEN - timedelta(days=1))


def make_report(cycle: Cycle, fan: Fan | None = None, **fields: Any) -> Report:
    wanted: dict[str, Any] = {"overall": 3, "is_late": False, "first_sent_at": NOW, "sent_at": NOW}
    return Report.objects.create(cycle=cycle, fan=fan or make_fan(), **{**wanted, **fields})


def passed(cycle: Cycle, limit: int = 500) -> int:
    return pass_on(cycle_id=cycle.pk, at=LATER, limit=limit)


def test_a_complaint_becomes_one_item_that_only_its_fan_and_the_staff_read() -> None:
    cycle = make_cycle()
    item_of_build = make_published(cycle).items.get()
    Cycle.objects.filter(pk=cycle.pk).update(frozen_at=FROZEN)
    report = make_report(
        cycle, not_good_why="The alarm\nstays silent", not_good_severity="S2",
        not_good_frequency="Q3", build="4.2", device="Watch 3",
    )  # fmt: skip
    Choice.objects.create(report=report, grid=Grid.NOT_GOOD, item=item_of_build)
    assert (passed(cycle), passed(cycle)) == (1, 0)
    item = FeedbackItem.objects.get()
    assert (item.channel, item.reporter, item.priority) == ("report_cell", report.fan, "P1")
    assert (item.title, item.words) == ("The alarm", "The alarm\nstays silent")
    assert (item.about, item.build) == (item_of_build.title, "4.2 · Watch 3")
    assert (item.created_at, item.submission_key) == (FROZEN, f"report:{report.pk}")
    assert item.answer_due_at == FROZEN + timedelta(days=1)  # Thursday noon
    readers = [report.fan, make_staff(), make_fan(), None]
    seen = [FeedbackItem.objects.visible_to(reader).exists() for reader in readers]  # type: ignore[arg-type]
    assert seen == [True, True, False, False]
    assert feedback.take_step(
        item=item, became=ItemState.RESOLVED, answer="Mended in 4.3", actor=make_staff(), at=LATER
    )
    assert Notice.objects.get().fan == report.fan


def test_only_words_or_an_area_make_an_item() -> None:
    cycle = make_counted_week()
    make_report(cycle, loved_why="Fast", new_need="A torch")
    area = make_report(cycle, not_good_area="Battery")
    gone = make_fan()
    make_report(cycle, gone, not_good_why="Too dark")
    Fan.objects.get_queryset().filter(pk=gone.pk).update(erased_at=NOW)
    assert passed(cycle) == 1
    item = FeedbackItem.objects.get()
    assert (item.title, item.about, item.severity) == ("Battery", "Battery", "S3")
    assert item.reporter == area.fan


def test_it_goes_on_where_it_stopped_and_says_when_none_is_left() -> None:
    cycle = make_counted_week()
    for _ in range(3):
        make_report(cycle, not_good_why="Too dark")
    assert passed(cycle, limit=2) == 2
    cycle.refresh_from_db()
    assert cycle.passed_on_at is None
    assert (passed(cycle, limit=2), passed(cycle, limit=2)) == (1, 0)
    cycle.refresh_from_db()
    assert cycle.passed_on_at == LATER
    assert FeedbackItem.objects.count() == 3


def test_nobody_takes_the_key_of_a_complaint_with_a_form_of_their_own() -> None:
    """One who did would keep the complaints of everybody from the desks."""
    cycle = make_counted_week()
    report = make_report(cycle, not_good_why="Too dark")
    field = KeyField()
    typed = [field.clean(key) for key in (key_of(report), f"report-{report.pk}", new_key())]
    assert typed[0] is None
    for key in typed[1:]:
        make_feedback(reporter=report.fan, submission_key=key)
    assert passed(cycle) == 1


def test_a_week_that_is_not_counted_passes_nothing_on() -> None:
    cycle = make_cycle()
    make_report(cycle, not_good_why="Too dark")
    assert passed(cycle) == 0
    cycle.refresh_from_db()
    assert cycle.passed_on_at is None


def test_many_cost_no_more_questions_than_one(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    cycle = make_counted_week()
    feedback.department_for("usability")  # a site has teams
    fan_ids = [make_fan().pk for _ in range(30)]
    Report.objects.bulk_create(
        Report(cycle=cycle, fan_id=pk, overall=2, is_late=False, first_sent_at=NOW, sent_at=NOW,
               not_good_why="Too dark")
        for pk in fan_ids
    )  # fmt: skip
    with django_assert_max_num_queries(13):
        assert passed(cycle) == 30


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_passing_on_twice_at_once_makes_one_item_each() -> None:
    cycle = make_counted_week()
    make_report(cycle, not_good_why="Too dark")
    with holding(Cycle, cycle.pk):
        first = start(lambda: passed(cycle))
        first.waits_for_a_lock()
        second = start(lambda: passed(cycle))
        second.waits_for_a_lock(of_anybody=True)
    assert sorted([first.result(), second.result()]) == [0, 1]
    assert FeedbackItem.objects.count() == 1
