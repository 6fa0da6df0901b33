"""Answers: what must be said, by when, and what follows from it (F1)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from community.feature_requests import actions, tasks
from community.feature_requests.actions.counting import votes_until_answer
from community.feature_requests.graph import STEPS
from community.feature_requests.models import (
    OPEN,
    FeatureRequest,
    Status,
    StatusChange,
    StoryStep,
)
from community.feature_requests.overdue import overdue, silent_plans
from community.products.models import Team
from fans import clock
from fans.ledger.models import ActiveDay, Contribution, SiteSize
from fans.notifications.models import Event
from tests.community.feature_requests import (
    author_replies,
    fresh,
    make_request,
    merge,
    move,
    ship,
    vote,
    walk,
)
from tests.factories import NOW, make_fan, make_moderator, make_staff

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def points(wish: FeatureRequest, kind: str) -> list[int]:
    rows = Contribution.objects.filter(kind=kind, subject=wish.subject).order_by("pk")
    return list(rows.values_list("points", flat=True))


@pytest.mark.parametrize(
    ("active", "votes"), [(0, 3), (30, 3), (48, 3), (49, 4), (400, 10), (3_000_000, 200)]
)
def test_so_many_votes_ask_for_an_answer(active: int, votes: int) -> None:
    """F1: 30 active fans → 3, 400 → 10, 3 million → 200."""
    assert votes_until_answer(active) == votes


def test_the_answer_is_due_seven_working_days_after_the_last_vote_needed() -> None:
    """F1: Friday 17:00 in Shanghai → the second Tuesday at 17:00; set once."""
    wish = make_request(votes=2)
    assert fresh(wish).answer_due_at is None
    vote(wish, make_fan())
    due = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
    assert fresh(wish).answer_due_at == due
    vote(wish, make_fan(), at=NOW + 3 * DAY)
    assert fresh(wish).answer_due_at == due


def test_a_larger_site_needs_more_votes() -> None:
    SiteSize.objects.create(day=NOW.date(), active_count=400)
    assert fresh(make_request(votes=9)).answer_due_at is None
    assert fresh(make_request(votes=10)).answer_due_at is not None


def test_what_was_answered_before_owes_nothing() -> None:
    wish = make_request(status=Status.NEEDS_INFO)
    vote(wish, *(make_fan() for _ in range(3)))
    assert fresh(wish).answer_due_at is None


def test_late_answers_are_counted_by_team_alone() -> None:
    late, answered = make_request(votes=3), make_request(votes=3)
    walk(answered, Status.DECLINED)
    team = Team.objects.create(name="Alarm", slug="alarm")
    FeatureRequest.objects.filter(pk=late.pk).update(team=team)
    due = fresh(late).answer_due_at
    assert due is not None
    reader = make_fan()
    assert overdue(reader, due) == []
    (debtor,) = overdue(reader, due + DAY)
    assert (debtor.team, debtor.count) == (team, 1)
    assert debtor.debts[0].wishes == [late]


EVERY_STEP = [(was, became) for was in Status for became in Status if was != became]


@pytest.mark.parametrize(("was", "became"), EVERY_STEP)
def test_only_steps_of_the_graph_are_taken(was: Status, became: Status) -> None:
    if was == Status.MERGED:
        return
    wish = make_request()
    FeatureRequest.objects.filter(pk=wish.pk).update(status=was)
    if became in STEPS.get(was, set()):
        move(wish, became)
        assert fresh(wish).status == became
    else:
        with pytest.raises(actions.NotInThatState):
            move(wish, became)


def test_the_same_status_again_changes_nothing() -> None:
    wish = make_request(status=Status.UNDER_REVIEW)
    assert move(wish, Status.UNDER_REVIEW) is None
    assert wish.status_changes.count() == 2


@pytest.mark.parametrize("became", ["needs_info", "declined"])
def test_some_steps_need_words_of_the_company(became: str) -> None:
    """F1, refused by the action and by the database."""
    wish = make_request()
    with pytest.raises(actions.ResponseMissing):
        move(wish, became, response="")
    with pytest.raises(IntegrityError), transaction.atomic():
        StatusChange.objects.create(
            feature_request=wish,
            became=became,
            reason="Because.",
            actor=make_staff(),
            changed_at=NOW,
        )


def test_planning_needs_words_and_takes_a_promise() -> None:
    wish = make_request(status=Status.UNDER_REVIEW)
    with pytest.raises(actions.ResponseMissing):
        move(wish, Status.PLANNED, response="")
    with pytest.raises(actions.NoSuchWeek):
        move(wish, Status.PLANNED, promised_for="2026-W60")
    move(wish, Status.PLANNED, promised_for="2026-W50")
    assert fresh(wish).promised_for == "2026-W50"


def test_declining_and_going_back_say_why() -> None:
    wish = make_request()
    with pytest.raises(actions.ReasonMissing):
        move(wish, Status.DECLINED, reason="")
    with pytest.raises(IntegrityError), transaction.atomic():
        StatusChange.objects.create(
            feature_request=wish,
            became="declined",
            response="No.",
            actor=make_staff(),
            changed_at=NOW,
        )
    with pytest.raises(actions.ReasonMissing):
        move(walk(wish, Status.PLANNED), Status.UNDER_REVIEW, reason="")


def test_the_first_answer_is_kept_with_the_team_that_gave_it() -> None:
    wish, staff = make_request(), make_staff()
    team = Team.objects.create(name="Alarm", slug="alarm")
    team.members.add(staff)
    move(wish, Status.UNDER_REVIEW, actor=staff, response="")
    assert fresh(wish).answered_at is None
    move(wish, Status.NEEDS_INFO, actor=staff, at=NOW + DAY)
    move(wish, Status.NEEDS_INFO, actor=staff, at=NOW + 2 * DAY)
    assert (fresh(wish).answered_at, fresh(wish).team) == (NOW + DAY, team)


def test_moderators_sort_and_do_not_promise() -> None:
    wish, moderator = make_request(), make_moderator()
    move(wish, Status.UNDER_REVIEW, actor=moderator)
    with pytest.raises(actions.NotInThatState):
        move(wish, Status.PLANNED, actor=moderator)
    with pytest.raises(actions.NotAllowed):
        move(wish, Status.PLANNED, actor=make_fan())
    with pytest.raises(actions.NotAllowed):
        move(make_request(author=moderator), Status.UNDER_REVIEW, actor=moderator)


# --- What follows ----------------------------------------------------------------------------


def test_planned_counts_ten_and_nothing_once_it_is_not() -> None:
    """Spec §2: reversed when it goes back, restored when it is planned again."""
    wish = make_request(status=Status.PLANNED)
    assert points(wish, "request.planned") == [10]
    move(wish, Status.UNDER_REVIEW)
    assert points(wish, "request.planned") == [10, -10]
    move(wish, Status.PLANNED)
    assert points(wish, "request.planned") == [10, -10, 10]
    assert Contribution.objects.filter(kind="request.planned", validated=False).count() == 0


def test_shipping_pays_author_and_co_requester_once() -> None:
    """F6: thirty and fifteen; the same release again changes nothing."""
    wish, double = make_request(), make_request()
    merge(double, wish)
    walk(wish, Status.IN_TESTING)
    ship(wish)
    ship(wish)
    shares = Contribution.objects.filter(kind="request.shipped").values_list("fan", "points")
    assert dict(shares) == {wish.author_id: 30, double.author_id: 15}
    assert Event.objects.filter(kind="request_shipped").count() == 1
    assert fresh(wish).status == Status.SHIPPED
    steps = StoryStep.objects.filter(feature_request=wish).order_by("pk")
    assert list(steps.values_list("kind", flat=True)) == ["shipped"]


def test_only_what_is_on_the_way_ships() -> None:
    for status in (Status.SUBMITTED, Status.UNDER_REVIEW, Status.DECLINED):
        wish = make_request(status=status)
        with pytest.raises(actions.NotOnTheWay) as refusal:
            ship(wish)
        assert refusal.value.feature_request == wish


def test_a_recalled_release_takes_back_and_shipping_again_pays_once() -> None:
    """F7."""
    wish = make_request(status=Status.PLANNED, votes=1)
    ship(wish)
    for _ in range(2):
        actions.unship(feature_request=wish, reason="Recalled.", actor=make_staff(), at=NOW)
    assert fresh(wish).status == Status.IN_TESTING
    assert points(wish, "request.shipped") == [30, -30]
    ship(wish, release_key="release:2", at=NOW + DAY)
    assert points(wish, "request.shipped") == [30, -30, 30]
    assert points(wish, "request.planned") == [10]


def test_a_planned_wish_without_a_word_for_28_days_is_listed() -> None:
    wish = make_request(status=Status.PLANNED)
    assert list(silent_plans(wish.author, NOW + 28 * DAY - timedelta(seconds=1))) == []
    assert list(silent_plans(wish.author, NOW + 28 * DAY)) == [wish]
    actions.write_note(feature_request=wish, words="Half way.", actor=make_staff(), at=NOW + DAY)
    assert list(silent_plans(wish.author, NOW + 28 * DAY)) == []


def test_a_note_is_staffs_to_write_and_twice_is_once() -> None:
    wish, staff = make_request(), make_staff()
    with pytest.raises(actions.NotAllowed):
        actions.write_note(feature_request=wish, words="Hm.", actor=make_moderator(), at=NOW)
    for _ in range(2):
        actions.write_note(feature_request=wish, words="Half way.", actor=staff, at=NOW)
    assert wish.progress_notes.count() == 1


# --- Questions -------------------------------------------------------------------------------


def test_an_answer_in_the_discussion_brings_it_back(monkeypatch: pytest.MonkeyPatch) -> None:
    wish = make_request(status=Status.NEEDS_INFO)
    monkeypatch.setattr(clock, "now", lambda: NOW + 2 * DAY)
    tasks.follow_questions()
    assert fresh(wish).status == Status.NEEDS_INFO
    author_replies(wish)
    tasks.follow_questions()
    tasks.follow_questions()
    assert fresh(wish).status == Status.SUBMITTED
    assert wish.status_changes.count() == 3


def test_its_author_says_so_by_a_button() -> None:
    wish = make_request(status=Status.NEEDS_INFO)
    with pytest.raises(actions.NotAllowed):
        actions.answer_question(feature_request=wish, actor=make_fan(), at=NOW)
    for _ in range(2):
        actions.answer_question(feature_request=wish, actor=wish.author, at=NOW)
    assert fresh(wish).status == Status.SUBMITTED
    assert wish.status_changes.count() == 3


def test_a_question_open_for_30_days_closes_the_wish(monkeypatch: pytest.MonkeyPatch) -> None:
    wish = make_request(status=Status.NEEDS_INFO)
    monkeypatch.setattr(clock, "now", lambda: NOW + 30 * DAY - timedelta(seconds=1))
    tasks.follow_questions()
    assert fresh(wish).status == Status.NEEDS_INFO
    monkeypatch.setattr(clock, "now", lambda: NOW + 30 * DAY)
    tasks.follow_questions()
    tasks.follow_questions()
    assert fresh(wish).status == Status.CLOSED_STALE
    assert wish.status_changes.count() == 3
    move(wish, Status.REOPENED)
    assert fresh(wish).status == Status.REOPENED


def test_an_answer_before_the_thirtieth_day_is_seen_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wish = make_request(status=Status.NEEDS_INFO)
    author_replies(wish, at=NOW + 29 * DAY)
    assert not actions.close_stale(feature_request=wish, at=NOW + 31 * DAY)


# --- Taking back -----------------------------------------------------------------------------


def test_its_author_withdraws_while_hardly_anybody_stands_behind_it() -> None:
    wish = make_request(votes=1)
    with pytest.raises(actions.NotAllowed):
        actions.withdraw_request(feature_request=wish, actor=make_staff(), at=NOW)
    for _ in range(2):
        actions.withdraw_request(feature_request=wish, actor=wish.author, at=NOW)
    assert fresh(wish).status == Status.WITHDRAWN
    assert wish.status_changes.count() == 2


def test_two_votes_keep_a_wish() -> None:
    wish = make_request(votes=1)
    vote(wish, make_fan(joined_at=NOW - DAY))  # counts later, and stands already
    with pytest.raises(actions.HasVotes):
        actions.withdraw_request(feature_request=wish, actor=wish.author, at=NOW)


def test_what_has_ended_is_not_withdrawn() -> None:
    for status in [each for each in Status if each not in OPEN and each != Status.WITHDRAWN]:
        if status == Status.MERGED:
            continue
        wish = make_request()
        FeatureRequest.objects.filter(pk=wish.pk).update(status=status)
        with pytest.raises(actions.NotInThatState):
            actions.withdraw_request(feature_request=wish, actor=wish.author, at=NOW)


def test_withdrawing_what_was_planned_takes_its_points_back() -> None:
    wish = make_request(status=Status.PLANNED)
    actions.withdraw_request(feature_request=wish, actor=wish.author, at=NOW)
    assert points(wish, "request.planned") == [10, -10]


def test_filing_is_one_act() -> None:
    wish = make_request()
    assert ActiveDay.objects.get(fan=wish.author).act_count == 1
