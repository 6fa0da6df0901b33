"""Races (R6), made certain: we hold the row, start the action, and ask PostgreSQL who waits.

Each of these fails when the lock is taken out of the action.
"""

import contextlib

import pytest

from community.feature_requests import actions
from community.feature_requests.models import FeatureRequest, Status, Vote, VotingRight
from fans.accounts.models import Fan
from tests.community.feature_requests import count, fresh, make_request, merge, move, undo, vote
from tests.factories import NOW, make_fan, make_staff
from tests.locks import holding, start

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_two_votes_on_one_wish_are_both_counted() -> None:
    wish, first, second = make_request(), make_fan(), make_fan()
    with holding(FeatureRequest, wish.pk):
        waiting = start(lambda: vote(wish, second))
        waiting.waits_for_a_lock()
        vote(wish, first)
    waiting.result()
    assert count(wish) == 2


def test_pressing_twice_at_once_casts_one_vote() -> None:
    wish, fan = make_request(), make_fan()
    with holding(FeatureRequest, wish.pk):
        waiting = start(lambda: vote(wish, fan))
        waiting.waits_for_a_lock()
        vote(wish, fan)
    waiting.result()
    assert (count(wish), Vote.objects.count()) == (1, 1)


def test_a_wish_that_closes_gets_no_late_vote() -> None:
    wish, fan, staff = make_request(), make_fan(), make_staff()
    with holding(FeatureRequest, wish.pk):
        waiting = start(lambda: vote(wish, fan))
        waiting.waits_for_a_lock()
        move(wish, Status.DECLINED, actor=staff)
    with pytest.raises(actions.VotingClosed):
        waiting.result()
    assert count(wish) == 0


def test_two_votes_of_one_fan_never_overdraw_the_ten() -> None:
    """F2: the wishes are two; what they queue up behind is the fan's voting right."""
    fan, wishes = make_fan(), [make_request() for _ in range(11)]
    for wish in wishes[:9]:
        vote(wish, fan)
    with holding(VotingRight, fan.pk):
        waiting = start(lambda: vote(wishes[9], fan))
        waiting.waits_for_a_lock()
        vote(wishes[10], fan)
    with pytest.raises(actions.NoVoteLeft):
        waiting.result()
    assert (count(wishes[9]), count(wishes[10])) == (0, 1)


def test_a_vote_does_not_slip_past_an_office() -> None:
    wish, fan = make_request(), make_fan()
    with holding(Fan, fan.pk):
        waiting = start(lambda: vote(wish, fan))
        waiting.waits_for_a_lock()
        Fan.objects.get_queryset().filter(pk=fan.pk).update(role="staff")
    with pytest.raises(actions.StaffCastNoVotes):
        waiting.result()
    assert count(wish) == 0


def test_a_vote_that_meets_a_merge_counts_where_the_wish_is_shown() -> None:
    left, right, fan, staff = make_request(), make_request(votes=1), make_fan(), make_staff()
    with holding(FeatureRequest, left.pk, right.pk):
        waiting = start(lambda: vote(left, fan))
        waiting.waits_for_a_lock()
        merge(left, right, actor=staff)
    waiting.result()
    assert count(right) == 2
    assert Vote.objects.get(fan=fan).feature_request_id == right.pk


def test_a_merge_that_meets_a_vote_counts_it() -> None:
    left, right, fan, staff = make_request(), make_request(), make_fan(), make_staff()
    with holding(FeatureRequest, right.pk):
        waiting = start(lambda: merge(left, right, actor=staff))
        waiting.waits_for_a_lock()
        vote(right, fan)
    waiting.result()
    assert count(right) == 1


def test_a_vote_that_meets_an_undo_counts_for_the_wish_that_was_pressed() -> None:
    left, right, fan, staff = make_request(), make_request(), make_fan(), make_staff()
    merge(left, right)
    with holding(FeatureRequest, left.pk, right.pk):
        waiting = start(lambda: vote(left, fan))
        waiting.waits_for_a_lock()
        undo(left, actor=staff)
    waiting.result()
    assert (count(left), count(right)) == (1, 0)


def test_merging_two_into_each_other_makes_no_circle() -> None:
    left, right, staff = make_request(), make_request(), make_staff()
    with holding(FeatureRequest, left.pk, right.pk):
        waiting = start(lambda: merge(right, left, actor=staff))
        waiting.waits_for_a_lock()
        merge(left, right, actor=staff)
    with pytest.raises(actions.MergeCycle):
        waiting.result()
    assert (fresh(left).shown_as_id, fresh(right).shown_as_id) == (right.pk, None)


def test_merging_and_undoing_at_once_leaves_exact_counts() -> None:
    a, b, c = make_request(votes=1), make_request(votes=2), make_request(votes=4)
    staff = make_staff()
    merge(a, b)
    with holding(FeatureRequest, a.pk, b.pk, c.pk):
        waiting = start(lambda: undo(a, actor=staff))
        waiting.waits_for_a_lock()
        merge(b, c, actor=staff)
    waiting.result()
    assert [fresh(wish).shown_as_id for wish in (a, b, c)] == [None, c.pk, None]
    assert (count(a), count(c)) == (1, 6)


def test_a_wish_is_answered_once() -> None:
    wish, first, second = make_request(), make_staff(), make_staff()
    with holding(FeatureRequest, wish.pk):
        waiting = start(lambda: move(wish, Status.DECLINED, actor=second))
        waiting.waits_for_a_lock()
        move(wish, Status.UNDER_REVIEW, actor=first)
        move(wish, Status.PLANNED, actor=first)
    with contextlib.suppress(actions.NotInThatState):
        waiting.result()
    assert fresh(wish).status == Status.PLANNED


def test_a_form_that_is_sent_twice_at_once_makes_one_wish() -> None:
    """C3."""
    first = make_request()
    author, product = first.author, first.product
    form = {
        "author": author,
        "product": product,
        "title": "Pressed twice on a slow phone",
        "problem": "The page takes its time and the button is still there.",
        "submission_key": "form-key-1",
        "at": NOW,
    }
    with holding(Fan, author.pk):
        waiting = start(lambda: actions.file_request(**form))
        waiting.waits_for_a_lock()
        made = actions.file_request(**form)
    assert waiting.result() == made
    assert FeatureRequest.objects.count() == 2


def test_a_young_vote_is_counted_once_by_two_sweeps() -> None:
    wish, young = make_request(), make_fan(joined_at=NOW)
    vote(wish, young)
    due = Vote.objects.select_related("feature_request", "fan").get()
    later = due.counts_from

    def sweep() -> None:
        actions.count_young_vote(vote=due, at=later)

    with holding(FeatureRequest, wish.pk):
        waiting = start(sweep)
        waiting.waits_for_a_lock()
        sweep()
    waiting.result()
    assert count(wish) == 1
