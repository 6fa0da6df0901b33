"""Promised weeks, kept or publicly overdue; and what is owed, by team (F1)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from community.feature_requests import actions
from community.feature_requests.models import FeatureRequest, Status, StatusChange
from community.feature_requests.overdue import overdue, overdue_counts, silent_plans
from community.feature_requests.promises import (
    page_of_promises,
    promise_of,
    promised,
    tally,
    with_promise,
)
from community.products.models import Team
from fans import clock
from fans.clock.weeks import moment_of, monday_of
from fans.notifications.models import Event
from fans.templatetags.display import week_words
from tests.community.feature_requests import (
    fresh,
    make_request,
    merge,
    move,
    ship,
    vote,
    walk,
)
from tests.factories import NOW, ProductFactory, make_fan, make_moderator, make_staff

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WEEK = "2026-W50"
FIRST_MOMENT = moment_of(monday_of(WEEK), 0)
OVER = FIRST_MOMENT + 7 * DAY  # Monday, 00:00 where the platform lives
LAST_MOMENT = OVER - timedelta(seconds=1)


def promise(wish: FeatureRequest, week: str, **fields: Any) -> Any:
    wanted: dict[str, Any] = {"actor": make_staff(), "at": NOW, **fields}
    return actions.promise(feature_request=wish, week=week, **wanted)


def state(wish: FeatureRequest, at: datetime) -> str:
    """In Python and in SQL."""
    row = with_promise(FeatureRequest.objects.filter(pk=wish.pk), at).get()
    assert row.promise == promise_of(row, at)  # type: ignore[attr-defined]
    return promise_of(row, at)


# --- Naming and moving a week ------------------------------------------------------------------


def test_a_week_is_named_with_the_plan_and_moved_with_a_reason() -> None:
    wish = make_request(status=Status.UNDER_REVIEW)
    move(wish, Status.PLANNED, promised_for=WEEK)
    assert promise(wish, WEEK) is None
    with pytest.raises(actions.ReasonMissing):
        promise(wish, "2026-W52")
    promise(wish, "2026-W52", reason="The parts are late.")
    changes = wish.status_changes.exclude(promised_for="").order_by("pk")
    steps = list(changes.values_list("was", "became", "promised_for", "reason"))
    assert steps == [
        ("under_review", "planned", WEEK, "It is so."),
        ("planned", "planned", "2026-W52", "The parts are late."),
    ]
    assert fresh(wish).promised_for == "2026-W52"


def test_naming_a_week_later_needs_no_reason_and_moves_no_status() -> None:
    wish = make_request(status=Status.IN_DEVELOPMENT)
    before = fresh(wish)
    promise(wish, WEEK, at=NOW + DAY)
    after = fresh(wish)
    assert (after.status, after.status_at) == (before.status, before.status_at)
    event = Event.objects.order_by("-pk")[0]
    assert (event.kind, event.facts["promised_for"]) == ("request_status", WEEK)


def test_a_promise_is_never_dropped_by_going_back() -> None:
    wish = make_request(status=Status.PLANNED)
    promise(wish, WEEK)
    move(wish, Status.UNDER_REVIEW)
    assert (fresh(wish).promised_for, state(wish, OVER)) == (WEEK, "overdue")
    with pytest.raises(actions.ReasonMissing):
        move(wish, Status.PLANNED, promised_for="2026-W52", reason="")
    move(wish, Status.PLANNED, promised_for="2026-W52")
    assert fresh(wish).promised_for == "2026-W52"


@pytest.mark.parametrize("week", ["", "2026-W46", "2026-W60", "soon"])
def test_only_weeks_to_come_are_promised(week: str) -> None:
    with pytest.raises(actions.NoSuchWeek):
        promise(make_request(status=Status.PLANNED), week)


def test_this_week_can_still_be_promised() -> None:
    wish = make_request(status=Status.PLANNED)
    promise(wish, "2026-W47")
    assert fresh(wish).promised_for == "2026-W47"


def test_only_staff_promise_and_only_what_is_on_its_way() -> None:
    planned = make_request(status=Status.PLANNED)
    for actor in (make_fan(), make_moderator()):
        with pytest.raises(actions.NotAllowed):
            promise(planned, WEEK, actor=actor)
    for status in (Status.SUBMITTED, Status.UNDER_REVIEW, Status.DECLINED):
        with pytest.raises(actions.NotInThatState):
            promise(make_request(status=status), WEEK)


@pytest.mark.parametrize(
    "row",
    [
        {"was": "planned", "became": "planned"},  # names no week
        {"was": "shipped", "became": "reopened"},
        {"was": "in_testing", "became": "under_review"},
        {"was": "submitted", "became": "planned"},
        {"was": "in_testing", "became": "shipped"},
        {"was": "submitted", "became": "needs_info"},
        {"was": "submitted", "became": "declined", "response": "No."},
        {"was": "submitted", "became": "declined", "reason": "No."},
        {"was": "submitted", "became": "under_review", "actor": None},
        {"was": "planned", "became": "in_development", "actor": None},
    ],
)
def test_the_database_refuses_a_step_without_its_words(row: dict[str, Any]) -> None:
    """F1, by raw insert: no form and no action in between."""
    row = {"actor": make_staff(), "changed_at": NOW, "feature_request": make_request(), **row}
    with pytest.raises(IntegrityError), transaction.atomic():
        StatusChange.objects.bulk_create([StatusChange(**row)])


# --- Kept or overdue ---------------------------------------------------------------------------


def test_kept_is_shipped_by_the_end_of_the_week() -> None:
    kept, late, due = (make_request(status=Status.PLANNED) for _ in range(3))
    for wish in (kept, late, due):
        promise(wish, WEEK)
    ship(kept, at=LAST_MOMENT)
    ship(late, at=OVER)
    assert [state(wish, LAST_MOMENT) for wish in (kept, due)] == ["kept", "due"]
    assert [state(wish, OVER) for wish in (kept, late, due)] == ["kept", "late", "overdue"]
    assert state(make_request(), OVER) == ""


def test_a_promise_that_ends_otherwise_is_not_kept() -> None:
    wish = make_request(status=Status.PLANNED)
    promise(wish, WEEK)
    move(wish, Status.UNDER_REVIEW)
    move(wish, Status.DECLINED)
    assert state(wish, NOW) == "broken"


def test_a_recalled_build_keeps_no_promise() -> None:
    wish = make_request(status=Status.PLANNED)
    promise(wish, WEEK)
    ship(wish)
    actions.unship(feature_request=wish, reason="It burns.", actor=make_staff(), at=NOW)
    assert [state(wish, NOW), state(wish, OVER)] == ["due", "overdue"]


def test_an_iso_week_at_the_turn_of_the_year() -> None:
    """Friday 1 January 2027 is in 2026-W53."""
    wish = make_request(status=Status.PLANNED)
    promise(wish, "2026-W53")
    ship(wish, at=moment_of(monday_of("2026-W53") + 4 * DAY, 17))
    assert state(wish, OVER + 60 * DAY) == "kept"


def test_the_tally_counts_what_came_due() -> None:
    made = [make_request(status=Status.PLANNED) for _ in range(4)]
    for wish in made[:3]:
        promise(wish, WEEK)
    promise(made[3], "2026-W52")
    ship(made[0], at=LAST_MOMENT)
    ship(made[1], at=OVER)
    merged = make_request(status=Status.PLANNED)
    promise(merged, WEEK)
    merge(merged, made[3])
    counted = tally(make_fan(), OVER)
    assert (counted.made, counted.past, counted.kept, counted.due) == (4, 3, 1, 1)


def test_promises_are_paged_by_key_and_filtered() -> None:
    author, fan = make_request().author, make_fan()
    made = [make_request(author=author, status=Status.PLANNED) for _ in range(3)]
    FeatureRequest.objects.filter(pk__in=[wish.pk for wish in made]).update(promised_for=WEEK)
    others = [make_request(author=author, at=NOW + n * DAY) for n in range(30)]
    FeatureRequest.objects.filter(pk__in=[wish.pk for wish in others]).update(
        promised_for="2026-W49"
    )
    first, older = page_of_promises(fan, NOW)
    rest, end = page_of_promises(fan, NOW, before=older)
    assert [wish.pk for wish in first + rest] == [
        wish.pk for wish in [*reversed(made), *reversed(others)]
    ]
    assert end == ""
    assert page_of_promises(fan, NOW, state="kept") == ([], "")
    assert len(page_of_promises(fan, NOW, before="nonsense")[0]) == 30
    assert promised(fan).count() == 33


@pytest.mark.parametrize(
    ("week", "english", "chinese"),
    [
        ("2026-W50", "7–13 Dec 2026", "2026年12月7日至13日"),
        ("2026-W49", "30 Nov – 6 Dec 2026", "2026年11月30日至12月6日"),
        ("2026-W53", "28 Dec 2026 – 3 Jan 2027", "2026年12月28日至2027年1月3日"),
    ],
)
def test_a_week_is_said_by_its_days(week: str, english: str, chinese: str) -> None:
    assert (week_words(week, "en"), week_words(week, "zh-hans")) == (english, chinese)


# --- What is owed, by team ---------------------------------------------------------------------


def test_three_kinds_of_debt_by_team_and_never_by_person() -> None:
    team, reader = Team.objects.create(name="Alarm", slug="alarm"), make_fan()
    late, silent, promised_one = (
        make_request(votes=3),
        make_request(status=Status.PLANNED),
        make_request(status=Status.IN_TESTING),
    )
    promise(promised_one, WEEK)
    for wish in (late, promised_one):
        FeatureRequest.objects.filter(pk=wish.pk).update(team=team)
    assert overdue(reader, NOW) == []
    assert overdue_counts(reader, OVER + 30 * DAY) == {"answer": 1, "promise": 1, "silence": 1}
    of_team, of_nobody = overdue(reader, OVER + 30 * DAY)
    owed = [(debts.kind.name, debts.count, debts.wishes) for debts in of_team.debts]
    assert (of_team.team, owed) == (team, [("answer", 1, [late]), ("promise", 1, [promised_one])])
    assert (of_nobody.team, of_nobody.debts[0].wishes) == (None, [silent])
    assert overdue(reader, OVER + 30 * DAY, team="alarm") == [of_team]


def test_the_oldest_of_many_are_shown_and_all_are_counted() -> None:
    team, author = Team.objects.create(name="Alarm", slug="alarm"), make_request().author
    made = [make_request(author=author) for _ in range(7)]
    for days, wish in enumerate(made):
        FeatureRequest.objects.filter(pk=wish.pk).update(team=team, answer_due_at=NOW + days * DAY)
    (debtor,) = overdue(make_fan(), NOW + 30 * DAY)
    assert (debtor.count, debtor.debts[0].hidden_count) == (7, 2)
    assert debtor.debts[0].wishes == made[:5]
    (debtor,) = overdue(make_fan(), NOW + 30 * DAY, team="alarm")
    assert debtor.debts[0].wishes == made


@pytest.mark.parametrize("rows", [1, 3])
def test_the_public_lists_cost_the_same_for_one_row_and_for_three(
    rows: int,
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for _ in range(rows):
        make_request(votes=3)
        make_request(status=Status.PLANNED)
        promise(make_request(status=Status.PLANNED), WEEK)
        move(make_request(status=Status.PLANNED), Status.UNDER_REVIEW)
        ship(make_request(status=Status.PLANNED), at=NOW + 30 * DAY)
    monkeypatch.setattr(clock, "now", lambda: NOW + 30 * DAY)
    client.force_login(make_fan())
    for address, queries in (
        ("/roadmap/", ROADMAP),
        ("/requests/overdue/", OVERDUE),
        ("/requests/promises/", PROMISES),
    ):
        client.get(address)
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200


ROADMAP, OVERDUE, PROMISES = 12, 4, 3


def test_the_roadmap_by_product_marks_what_came_back(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = ProductFactory.create(slug="watch")
    back = make_request(status=Status.PLANNED, product=watch)
    promise(back, WEEK)
    move(back, Status.UNDER_REVIEW)
    plain = make_request(status=Status.UNDER_REVIEW, product=watch)
    make_request(status=Status.UNDER_REVIEW)
    monkeypatch.setattr(clock, "now", lambda: OVER)
    review = client.get("/roadmap/?product=watch").context["columns"][0]
    marks = {wish.pk: (wish.is_returned, wish.promise) for wish in review.wishes}
    assert marks == {back.pk: (True, "overdue"), plain.pk: (False, "")}


def test_what_is_hidden_or_merged_is_owed_by_nobody(client: Client) -> None:
    waiting, merged = make_request(waiting=True), make_request()
    merge(merged, make_request())
    pks = [waiting.pk, merged.pk]
    FeatureRequest.objects.filter(pk__in=pks).update(answer_due_at=NOW - DAY)
    assert overdue(make_fan(), NOW) == []
    page = client.get("/requests/overdue/")
    assert "Nothing is overdue" in page.text
    assert client.get("/requests/overdue/?team=nobody").status_code == 404


def test_a_vote_and_a_note_change_what_is_owed() -> None:
    wish = make_request(status=Status.PLANNED)
    assert list(silent_plans(wish.author, NOW + 28 * DAY)) == [wish]
    actions.write_note(feature_request=wish, words="Half way.", actor=make_staff(), at=NOW + DAY)
    assert list(silent_plans(wish.author, NOW + 28 * DAY)) == []


def test_opened_again_an_answer_is_owed_again() -> None:
    """F1, F9: its votes stand again, and so does the day of the answer."""
    wish = make_request(votes=3)
    walk(wish, Status.DECLINED)
    with pytest.raises(actions.ReasonMissing):
        move(wish, Status.REOPENED, reason="", at=NOW + 30 * DAY)
    move(wish, Status.REOPENED, response="", at=NOW + 30 * DAY)
    opened = fresh(wish)
    assert (opened.status, opened.answered_at, opened.vote_count) == ("reopened", None, 3)
    assert opened.answer_due_at is not None
    assert opened.answer_due_at > NOW + 37 * DAY
    vote(wish, make_fan(), at=NOW + 31 * DAY)
    move(wish, Status.UNDER_REVIEW)
    assert fresh(wish).vote_count == 4
