"""The question of the week, and visits through shared links (spec §10)."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from fans import clock
from fans.accounts.models import Fan, Role
from fans.clock.weeks import week_at
from fans.measures import actions, personal_data
from fans.measures.models import PulseTally, PulseTurn, ShareVisits
from fans.measures.questions import QUESTIONS, number_of, question_of
from tests.factories import NOW, make_fan, make_staff
from tests.locks import holding, start

WEEK = timedelta(weeks=1)
HERE = {"HTTP_ORIGIN": "http://testserver"}


@pytest.fixture(autouse=True)
def _it_is_friday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def tallies() -> dict[int, int]:
    rows = PulseTally.objects.filter(week=week_at(NOW)).order_by("score")
    return dict(rows.values_list("score", "count"))


def test_each_question_comes_again_and_none_twice_in_a_row() -> None:
    weeks = ["2026-W51", "2026-W52", "2026-W53", "2027-W01", "2027-W02", "2027-W03"]
    assert sorted(map(number_of, weeks)) == list(range(len(QUESTIONS)))
    assert question_of("2026-W47") == str(QUESTIONS[number_of("2026-W47")])


@pytest.mark.django_db
def test_everybody_of_the_company_answers_once_a_week() -> None:
    staff, other = make_staff(), make_staff()
    actions.answer_pulse(fan=staff, score=4, at=NOW)
    with pytest.raises(actions.AlreadyAnswered):
        actions.answer_pulse(fan=staff, score=1, at=NOW)
    actions.answer_pulse(fan=other, score=4, at=NOW)
    assert tallies() == {1: 0, 2: 0, 3: 0, 4: 2, 5: 0}
    actions.answer_pulse(fan=staff, score=1, at=NOW + WEEK)
    with pytest.raises(actions.NotStaff):
        actions.answer_pulse(fan=make_fan(), score=1, at=NOW)
    with pytest.raises(ValueError, match="6"):
        actions.answer_pulse(fan=make_staff(), score=6, at=NOW)


def test_no_column_could_lead_from_an_answer_to_a_person() -> None:
    turn = {field.name for field in PulseTurn._meta.get_fields()}
    tally = {field.name for field in PulseTally._meta.get_fields()}
    assert (turn, tally) == ({"id", "week", "fan"}, {"id", "week", "score", "count"})


@pytest.mark.django_db
def test_who_answered_is_forgotten_when_the_week_is_over() -> None:
    staff = make_staff()
    actions.answer_pulse(fan=staff, score=4, at=NOW)
    assert personal_data.export(staff) == {"pulse_answered": ["2026-W47"]}
    assert actions.forget_turns(at=NOW) == 0
    assert actions.forget_turns(at=NOW + WEEK) == 1
    assert tallies()[4] == 1


@pytest.mark.django_db
def test_the_page_asks_and_then_asks_no_more(client: Client) -> None:
    client.force_login(make_staff())
    question = question_of("2026-W47")
    assert question in client.get("/staff/measures/").content.decode()
    assert client.post("/staff/pulse/", {"score": "3"}).status_code == 302
    assert tallies()[3] == 1
    assert question not in client.get("/staff/measures/").content.decode()
    for wrong in ("", "0", "6", "9" * 19, "\0", "x"):
        client.post("/staff/pulse/", {"score": wrong})
    client.post("/staff/pulse/", {"score": "5"})
    assert sum(tallies().values()) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("people", "shows"), [(4, False), (5, True)])
def test_the_mean_is_shown_after_the_week_from_five_answers_on(
    client: Client, monkeypatch: pytest.MonkeyPatch, people: int, shows: bool
) -> None:
    """And not while the week runs: each answer that came in would show."""
    for _ in range(people):
        actions.answer_pulse(fan=make_staff(), score=4, at=NOW)
    actions.answer_pulse(fan=make_staff(), score=1, at=NOW - WEEK)
    client.force_login(make_staff())
    assert "<b>4.0</b>" not in client.get("/staff/measures/").content.decode()
    monkeypatch.setattr(clock, "now", lambda: NOW + WEEK)
    page = client.get("/staff/measures/").content.decode()
    assert ("<b>4.0</b>" in page) is shows
    assert (f"{4 * people} / {people}" in page) is shows


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_who_leaves_the_company_while_answering_answers_no_more() -> None:
    staff = make_staff()
    with holding(Fan, staff.pk):
        answering = start(lambda: actions.answer_pulse(fan=staff, score=4, at=NOW))
        answering.waits_for_a_lock()
        Fan.objects.filter(pk=staff.pk).update(role=Role.FAN)
    with pytest.raises(actions.NotStaff):
        answering.result()
    assert sum(tallies().values()) == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_the_database_marks_no_tally_as_the_one_that_grew() -> None:
    """Each row carries the number of the transaction that wrote it last: all five the same."""
    from django.db import connection

    for score in (2, 5):
        actions.answer_pulse(fan=make_staff(), score=score, at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(DISTINCT xmin::text) FROM fans_pulsetally")
        assert cursor.fetchone() == (1,)


# --- Shared links -----------------------------------------------------------------------


@pytest.mark.django_db
def test_a_visit_through_a_shared_link_is_a_number_of_its_day(client: Client) -> None:
    for _ in range(2):
        assert client.post("/share-visits/", **HERE).status_code == 204
    assert list(ShareVisits.objects.values_list("day", "count")) == [(NOW.date(), 2)]
    assert client.cookies == {}


@pytest.mark.django_db
@pytest.mark.parametrize("origin", [{}, {"HTTP_ORIGIN": "https://elsewhere.example"}])
def test_other_sites_count_nothing_here(client: Client, origin: dict[str, str]) -> None:
    assert client.post("/share-visits/", **origin).status_code == 403
    assert client.get("/share-visits/").status_code == 405
    assert ShareVisits.objects.count() == 0


@pytest.mark.django_db
def test_one_address_counts_only_so_often(client: Client, settings: Settings) -> None:
    settings.RATE_LIMITS = True
    answers = [client.post("/share-visits/", **HERE).status_code for _ in range(11)]
    assert answers == [204] * 10 + [429]
