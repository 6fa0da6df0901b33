"""O1–O3: filing the four-grid report."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from community.fridays.actions.freezing import freeze
from community.fridays.actions.reporting import (
    MayNotWrite,
    ReportClosed,
    StaffDoNotReport,
    TooFewGrids,
    file_report,
)
from community.fridays.models import Cycle, CycleState, Grid, Report, ReportDraft, ReportRevision
from fans.accounts.models import Fan
from fans.ledger.models import ActiveDay
from tests import locks
from tests.community.weeks import (
    CLOSES,
    LATE_CLOSES,
    OPENS,
    TUESDAY,
    WEDNESDAY,
    grids,
    items_of,
    make_wish,
    open_week,
    send,
)
from tests.factories import make_admin, make_fan, make_staff

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
VALID = {"overall": "4", "loved_why": "It is fast.", "new_need": "A torch in the lock screen."}


def address(cycle: Cycle, name: str = "report") -> str:
    return reverse(name, args=[cycle.product.slug, cycle.week])


@pytest.fixture
def at_tuesday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fans.clock.now", lambda: TUESDAY)


def client_of(fan: Fan) -> Client:
    client = Client()
    client.force_login(fan)
    return client


# --- the action -----------------------------------------------------------------


def test_a_report_keeps_what_was_chosen() -> None:
    cycle = open_week()
    first, second, third = items_of(cycle)
    wish = make_wish(cycle.product)
    report = send(
        cycle,
        loved=(first.pk, second.pk),
        not_good=(third.pk,),
        not_good_severity="S2",
        not_good_frequency="Q3",
        anticipated=(wish.pk,),
    )
    assert set(report.choices.values_list("grid", "item", "feature_request")) == {
        (Grid.LOVED, first.pk, None),
        (Grid.LOVED, second.pk, None),
        (Grid.NOT_GOOD, third.pk, None),
        (Grid.ANTICIPATED, None, wish.pk),
    }


@pytest.mark.parametrize(
    ("moment", "is_taken"),
    [
        (OPENS - SECOND, False),
        (OPENS, True),
        (CLOSES - SECOND, True),
        (CLOSES, True),
        (LATE_CLOSES - SECOND, True),
        (LATE_CLOSES, False),
    ],
)
def test_the_stored_times_open_and_close_the_form_whatever_a_worker_did(
    moment: object, is_taken: bool
) -> None:
    """O1: the state column still says «released»."""
    cycle = open_week(state=CycleState.RELEASED)
    if is_taken:
        assert send(cycle, at=moment).pk
    else:
        with pytest.raises(ReportClosed):
            send(cycle, at=moment)


def test_a_second_before_midnight_is_on_time_and_midnight_is_late() -> None:
    cycle = open_week()
    assert not send(cycle, at=CLOSES - SECOND).is_late
    assert send(cycle, at=CLOSES).is_late


def test_the_first_sending_decides_whether_a_report_is_late() -> None:
    """O3."""
    cycle, fan = open_week(), make_fan()
    send(cycle, fan=fan)
    again = send(cycle, fan=fan, at=WEDNESDAY, overall=2)
    assert (again.is_late, again.overall, again.sent_at) == (False, 2, WEDNESDAY)


def test_sending_again_changes_the_one_report_and_keeps_what_was_sent() -> None:
    """O3."""
    cycle, fan = open_week(), make_fan()
    first, second, _ = items_of(cycle)
    send(cycle, fan=fan, loved=(first.pk,))
    report = send(cycle, fan=fan, loved=(second.pk,), overall=1)
    assert Report.objects.count() == 1
    assert list(report.choices.values_list("item", flat=True)) == [second.pk]
    revisions = report.revisions.order_by("number").values_list("number", "content__overall")
    assert list(revisions) == [(1, 4), (2, 1)]
    assert report.revision_count == 2
    assert ActiveDay.objects.get(fan=fan).act_count == 1


def test_pressing_twice_is_pressing_once() -> None:
    cycle, fan = open_week(), make_fan()
    send(cycle, fan=fan)
    send(cycle, fan=fan)
    assert ReportRevision.objects.count() == 1
    assert ActiveDay.objects.get(fan=fan).act_count == 1


def test_one_grid_is_too_few() -> None:
    """O2: valid is overall and two grids."""
    with pytest.raises(TooFewGrids):
        send(open_week(), new_need="")
    assert not Report.objects.exists()


@pytest.mark.parametrize("make", [make_staff, make_admin])
def test_staff_do_not_report(make: object) -> None:
    with pytest.raises(StaffDoNotReport):
        send(open_week(), fan=make())  # type: ignore[operator]


def test_who_may_not_write_may_not_report() -> None:
    cycle = open_week()
    for fan in (make_fan(verified_at=None), make_fan(muted_until=LATE_CLOSES)):
        with pytest.raises(MayNotWrite):
            send(cycle, fan=fan)


def test_a_frozen_week_changes_no_more() -> None:
    """O3: not even by a request that arrived before the late close."""
    cycle, fan = open_week(), make_fan()
    send(cycle, fan=fan)
    freeze(cycle=cycle, at=LATE_CLOSES)
    with pytest.raises(ReportClosed):
        send(cycle, fan=fan, at=LATE_CLOSES - SECOND, overall=1)
    assert Report.objects.get().overall == 4


def test_a_withdrawn_build_takes_no_report() -> None:
    with pytest.raises(ReportClosed):
        send(open_week(withdrawn_at=OPENS, reason="It loses photos."))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_report_waits_for_the_week_that_is_being_counted() -> None:
    """O3: no report falls between count and close."""
    cycle, fan = open_week(), make_fan()
    with locks.holding(Cycle, cycle.pk):
        started = locks.start(
            lambda: file_report(cycle=cycle, fan=fan, grids=grids(), at=LATE_CLOSES - SECOND)
        )
        started.waits_for_a_lock()
        freeze(cycle=cycle, at=LATE_CLOSES)
    with pytest.raises(ReportClosed):
        started.result()
    assert not Report.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_count_waits_for_a_report_that_is_being_written() -> None:
    cycle = open_week()
    with locks.holding(Cycle, cycle.pk):
        started = locks.start(lambda: freeze(cycle=cycle, at=LATE_CLOSES))
        started.waits_for_a_lock()
        send(cycle, at=LATE_CLOSES - SECOND)
    assert started.result().figures["count"] == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_sendings_at_once_are_both_kept() -> None:
    """O3."""
    cycle, fan = open_week(), make_fan()
    with locks.holding(Cycle, cycle.pk):
        one = locks.start(
            lambda: file_report(cycle=cycle, fan=fan, grids=grids(overall=1), at=TUESDAY)
        )
        other = locks.start(
            lambda: file_report(cycle=cycle, fan=fan, grids=grids(overall=2), at=TUESDAY)
        )
        one.waits_for_a_lock()
        other.waits_for_a_lock(of_anybody=True)
    one.result()
    other.result()
    sent = ReportRevision.objects.order_by("number").values_list("number", "content__overall")
    assert sorted(sent) in ([(1, 1), (2, 2)], [(1, 2), (2, 1)])
    assert Report.objects.get().overall == list(sent)[-1][1]


# --- the pages ------------------------------------------------------------------


@pytest.mark.usefixtures("at_tuesday")
def test_a_fan_reports_through_the_page() -> None:
    cycle, fan = open_week(), make_fan()
    first = items_of(cycle)[0]
    client = client_of(fan)
    shown = client.get(address(cycle))
    assert shown.status_code == 200
    answer = client.post(
        address(cycle), {**VALID, "loved": [first.pk], "device": "Phone 3"}, follow=True
    )
    assert "Your report is in, on time." in answer.text
    assert Report.objects.get().device == "Phone 3"
    need = "/requests/new/?product="
    assert need in answer.text


@pytest.mark.usefixtures("at_tuesday")
def test_the_page_says_what_is_missing_and_keeps_the_words() -> None:
    cycle = open_week()
    answer = client_of(make_fan()).post(
        address(cycle), {"overall": "4", "not_good_why": "It gets hot."}
    )
    assert answer.status_code == 422
    assert "Say how bad it is." in answer.text
    assert "It gets hot." in answer.text


@pytest.mark.usefixtures("at_tuesday")
def test_four_items_are_one_too_many() -> None:
    cycle = open_week(items=4)
    answer = client_of(make_fan()).post(
        address(cycle), {**VALID, "loved": [item.pk for item in items_of(cycle)]}
    )
    assert answer.status_code == 422
    assert "Choose three at most." in answer.text


@pytest.mark.usefixtures("at_tuesday")
@pytest.mark.parametrize(
    "typed",
    [
        {"overall": "9"},
        {"overall": "4\x00"},
        {"loved": ["x", "1e9"]},
        {"anticipated": ["99999999999999999999"]},
        {"not_good_severity": "S9"},
        {"new_need": "x" * 501},
    ],
)
def test_what_the_form_does_not_offer_is_not_taken(typed: dict[str, object]) -> None:
    answer = client_of(make_fan()).post(address(open_week()), {**VALID, **typed})
    assert answer.status_code == 422
    assert not Report.objects.exists()


@pytest.mark.usefixtures("at_tuesday")
def test_an_item_of_another_week_is_not_taken() -> None:
    cycle, other = open_week(), open_week()
    answer = client_of(make_fan()).post(address(cycle), {**VALID, "loved": [items_of(other)[0].pk]})
    assert answer.status_code == 422
    assert not Report.objects.exists()


def test_closing_while_somebody_types_loses_no_word(monkeypatch: pytest.MonkeyPatch) -> None:
    cycle = open_week()
    monkeypatch.setattr("fans.clock.now", lambda: LATE_CLOSES)
    answer = client_of(make_fan()).post(address(cycle), VALID)
    assert answer.status_code == 422
    assert "The report closed while you were writing" in answer.text
    assert VALID["new_need"] in answer.text
    assert not Report.objects.exists()


@pytest.mark.usefixtures("at_tuesday")
def test_staff_read_a_sentence_instead_of_a_form() -> None:
    cycle = open_week()
    client = client_of(make_staff())
    assert "The report is for fans." in client.get(address(cycle)).text
    answer = client.post(address(cycle), VALID)
    assert (answer.status_code, Report.objects.count()) == (422, 0)


@pytest.mark.usefixtures("at_tuesday")
def test_what_is_kept_for_later_is_back_on_the_form_and_gone_when_sent() -> None:
    cycle, fan = open_week(), make_fan()
    client = client_of(fan)
    kept = client.post(
        address(cycle, "report_draft"),
        {"loved_why": "Half a thought", "loved": [str(items_of(cycle)[0].pk)], "strange": "x"},
        headers={"X-Requested-With": "fetch"},
    )
    assert kept.status_code == 200
    assert kept.json()["stamp"] == ReportDraft.objects.get().stamp
    assert set(ReportDraft.objects.get().content) == {"loved_why", "loved"}
    page = client.get(address(cycle)).text
    assert "Half a thought" in page
    assert [" checked" in tag.split(">")[0] for tag in page.split('name="loved"')[1:]] == [
        True,
        False,
        False,
    ]
    assert "Half a thought" not in client_of(make_fan()).get(address(cycle)).text
    client.post(address(cycle), VALID)
    assert not ReportDraft.objects.exists()


@pytest.mark.usefixtures("at_tuesday")
def test_a_session_that_ran_out_loses_no_word() -> None:
    cycle, client = open_week(), Client()
    answer = client.post(address(cycle), VALID)
    assert answer.status_code == 302
    client.force_login(make_fan())
    assert VALID["new_need"] in client.get(address(cycle)).text
    client.post(address(cycle), VALID)
    assert Report.objects.count() == 1


@pytest.mark.usefixtures("at_tuesday")
def test_the_report_is_back_on_its_form() -> None:
    cycle, fan = open_week(), make_fan()
    send(cycle, fan=fan, new_need="A compass")
    assert "A compass" in client_of(fan).get(address(cycle)).text


@pytest.mark.usefixtures("at_tuesday")
def test_every_fourth_held_week_asks_whether_one_would_recommend_it() -> None:
    cycle = open_week()
    client = client_of(make_fan())
    assert "Would you recommend" not in client.get(address(cycle)).text
    for weeks_ago in (1, 2, 3):
        open_week(product=cycle.product, weeks_ago=weeks_ago)
    assert "Would you recommend" in client.get(address(cycle)).text


@pytest.mark.usefixtures("at_tuesday")
def test_paper_has_the_same_numbers_as_the_screen() -> None:
    cycle = open_week(items=2)
    screen, paper = (
        client_of(make_fan()).get(address(cycle, name)).text for name in ("report", "report_paper")
    )
    for numbered in ("1. Item 1", "2. Item 2"):
        assert numbered in screen
        assert numbered in paper


@pytest.mark.parametrize("count", [1, 3])
def test_my_reports_ask_the_same_of_the_database_however_many(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fan = make_fan()
    product = None
    for weeks_ago in range(count):
        cycle = open_week(product=product, weeks_ago=weeks_ago, items=0)
        product = cycle.product
        send(cycle, fan=fan, at=TUESDAY - timedelta(weeks=weeks_ago))
    client = client_of(fan)
    client.get("/me/reports/")
    with django_assert_num_queries(3):
        page = client.get("/me/reports/").text
    assert page.count("All in all 4 of 5") == count
