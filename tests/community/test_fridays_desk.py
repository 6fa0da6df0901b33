"""What staff make of the words of a week: answers, wishes, a look at the draft (O4, O7)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from community.feature_requests.models import FeatureRequest
from community.fridays.actions import answering, reviewing, wishing
from community.fridays.actions.freezing import freeze
from community.fridays.complaints import complaints_of
from community.fridays.models import Cycle, Report
from community.fridays.personal_data import erase, export, forget_region, withdraw
from fans.accounts.models import Fan
from fans.accounts.withdrawal import Because
from fans.audit.models import AuditEntry
from fans.notifications.models import Notice
from tests.community.weeks import LATE_CLOSES, items_of, open_week, send
from tests.factories import BoardFactory, make_fan, make_staff
from tests.locks import holding, start

pytestmark = pytest.mark.django_db

LATER = LATE_CLOSES + timedelta(hours=2)
NEED = "A torch that can be switched on with gloves"


def counted(reports: int = 6, **fields: Any) -> Cycle:
    """Five and more of them complain of the first item, and of the heat."""
    cycle = open_week()
    first = items_of(cycle)[0]
    for _ in range(reports):
        send(cycle, **{"not_good": (first.pk,), "not_good_area": "Heat", **fields})
    freeze(cycle=cycle, at=LATE_CLOSES)
    cycle.refresh_from_db()
    return cycle


def answer(cycle: Cycle, **fields: Any) -> Any:
    said = {"words": "We mend it.", "actor": make_staff(), "at": LATER, **fields}
    return answering.answer_complaint(cycle=cycle, **said)


def complaints(cycle: Cycle) -> list[tuple[str, int, str]]:
    figures = cycle.weekly_reports.get().figures
    return [
        (one.title, one.count, one.answer.words if one.answer else "")
        for one in complaints_of(cycle, figures)
    ]


def test_the_biggest_complaints_are_answered_and_what_was_said_before_is_kept() -> None:
    cycle, staff = counted(), make_staff()
    first = items_of(cycle)[0]
    made = answer(cycle, item=first, actor=staff)
    assert answer(cycle, item=first, actor=staff).pk == made.pk
    answer(cycle, item=first, words="We mend it in **May**.", actor=staff)
    area = complaints(cycle)[1][0]
    answer(cycle, area=area)
    assert complaints(cycle) == [
        (first.title, 6, "We mend it in **May**."),
        (area, 6, "We mend it."),
    ]
    before = AuditEntry.objects.filter(actor=staff).order_by("pk")
    assert [entry.details["before"] for entry in before] == ["", "We mend it."]


def test_an_answer_is_taken_out_and_the_log_keeps_it() -> None:
    cycle, staff = counted(), make_staff()
    made = answer(cycle, item=items_of(cycle)[0])
    assert answering.withdraw_answer(answer=made, actor=staff, at=LATER)
    assert not answering.withdraw_answer(answer=made, actor=staff, at=LATER)
    assert complaints(cycle)[0][2] == ""
    assert AuditEntry.objects.get(actor=staff).details["before"] == "We mend it."


def test_only_what_fans_complained_of_is_answered() -> None:
    """Areas of fewer than five are named nowhere, by an answer neither (O4)."""
    cycle, elsewhere = counted(), open_week(weeks_ago=1)
    for wrong in ({}, {"area": "Nobody said so"}, {"item": items_of(elsewhere)[0]}):
        with pytest.raises(answering.NoSuchComplaint):
            answer(cycle, **wrong)
    with pytest.raises(answering.AnswerMissing):
        answer(cycle, item=items_of(cycle)[0], words=" ")
    with pytest.raises(answering.NotCountedYet):
        answer(elsewhere, item=items_of(elsewhere)[0])


def test_too_few_reports_rank_no_complaint() -> None:
    assert complaints(counted(reports=4)) == []


def need(**fields: Any) -> Report:
    BoardFactory.create(slug="requests")
    cycle = open_week()
    report = send(cycle, new_need=NEED, **fields)
    freeze(cycle=cycle, at=LATE_CLOSES)
    report.cycle.refresh_from_db()
    return report


def make_request(report: Report, title: str = NEED, actor: Fan | None = None) -> FeatureRequest:
    return wishing.make_request(report=report, title=title, actor=actor or make_staff(), at=LATER)


def test_a_need_becomes_a_wish_of_its_fan_once() -> None:
    report = need(quoting="named")
    wish = make_request(report)
    assert (wish.author, wish.product, wish.problem) == (report.fan, report.cycle.product, NEED)
    with pytest.raises(wishing.BecameRequest):
        make_request(report)
    assert Notice.objects.filter(fan=report.fan, event__kind="need_became_request").count() == 1
    assert AuditEntry.objects.filter(verb="request made of a report").count() == 1


def test_a_wish_wants_a_title_and_words() -> None:
    report = need(quoting="named")
    with pytest.raises(wishing.TitleUnfit):
        make_request(report, title="Torch")
    Report.objects.update(new_need="")
    with pytest.raises(wishing.NothingWritten):
        make_request(report)


def test_whoever_gave_no_name_is_asked_to_make_it_a_wish_themselves() -> None:
    """A4: a wish stands under a name; nobody else puts it there."""
    report, staff = need(), make_staff()
    with pytest.raises(wishing.NotInTheirName):
        make_request(report)
    assert wishing.ask_for_request(report=report, actor=staff, at=LATER)
    assert not wishing.ask_for_request(report=report, actor=staff, at=LATER + timedelta(hours=1))
    assert Notice.objects.filter(fan=report.fan, event__kind="need_wanted").count() == 1
    assert not FeatureRequest.objects.exists()


def test_the_first_who_looks_at_the_draft_is_named() -> None:
    cycle, first, second = counted(1), make_staff(), make_staff()
    assert reviewing.review(cycle=cycle, actor=first, at=LATER)
    assert not reviewing.review(cycle=cycle, actor=second, at=LATER)
    cycle.refresh_from_db()
    assert cycle.reviewed_by == first
    assert reviewing.withdraw_review(cycle=cycle, actor=second, at=LATER)
    assert not reviewing.withdraw_review(cycle=cycle, actor=second, at=LATER)
    with pytest.raises(reviewing.NotCountedYet):
        reviewing.review(cycle=open_week(weeks_ago=2), actor=first, at=LATER)


def test_reports_say_no_longer_what_kind_of_place_somebody_lives_in() -> None:
    """The lens: in one act, and of nobody else."""
    cycle = open_week()
    own, other = send(cycle), send(cycle)
    Report.objects.update(region_level="county")
    forget_region(fan=own.fan)
    assert dict(Report.objects.values_list("pk", "region_level")) == {
        own.pk: "unknown",
        other.pk: "county",
    }
    erase(fan=other.fan, at=LATER, with_words=False)
    assert set(Report.objects.values_list("region_level", flat=True)) == {"unknown"}


def test_an_archive_holds_the_marks_and_what_is_quoted() -> None:
    """A5."""
    report = send(open_week(), not_good_why="It gets hot.")
    held = export(report.fan)
    assert held["reports"][0]["tier"] == report.tier
    assert held["reports"][0]["quoting"] == "unnamed"
    assert (held["quotations"], held["pins"], held["verdicts"]) == ([], [], [])


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_are_one_after_the_other() -> None:
    cycle, staff = counted(), make_staff()
    with holding(Cycle, cycle.pk):
        second = start(lambda: answer(cycle, item=items_of(cycle)[0], actor=staff))
        second.waits_for_a_lock()
    assert second.result().words == "We mend it."


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_need_that_two_make_a_wish_of_is_one() -> None:
    report, staff = need(quoting="named"), make_staff()
    with holding(Cycle, report.cycle_id):
        second = start(lambda: make_request(report, actor=staff))
        second.waits_for_a_lock()
    assert second.result().author == report.fan


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_no_report_is_filed_with_a_consent_that_is_going() -> None:
    """Forgetting the region waits for the report that is being filed, and the next for it."""
    cycle, fan = open_week(), make_fan()
    with holding(Cycle, cycle.pk):
        forgetting = start(transaction.atomic(lambda: forget_region(fan=fan)))
        forgetting.waits_for_a_lock()
    forgetting.result()


def test_a_ban_takes_open_reports_and_pins_with_it() -> None:
    report = send(open_week())
    withdraw(fan=report.fan, at=LATER, because=Because.BANNED)
    assert not Report.objects.exists()
