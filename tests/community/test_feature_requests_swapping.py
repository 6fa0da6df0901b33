"""A vote goes from one wish to another, or stays where it is (F2)."""

import pytest

from community.feature_requests import actions
from community.feature_requests.models import FeatureRequest, Status, Vote
from fans.accounts.models import Fan
from fans.ledger.models import ActiveDay
from tests.community.feature_requests import (
    count,
    make_request,
    merge,
    move,
    recount,
    vote,
    walk,
)
from tests.factories import NOW, make_fan, make_staff

pytestmark = pytest.mark.django_db


def swap(give: FeatureRequest, take_back: FeatureRequest, fan: Fan) -> None:
    actions.swap_vote(give=give, take_back=take_back, fan=fan, at=NOW)


def spent() -> tuple[Fan, list[FeatureRequest]]:
    """A fan with all ten votes in use, and the wishes they stand for."""
    fan, wishes = make_fan(), [make_request() for _ in range(10)]
    for wish in wishes:
        vote(wish, fan)
    return fan, wishes


def test_the_eleventh_takes_the_place_of_another() -> None:
    """Twice is the same as once."""
    fan, wishes = spent()
    wanted = make_request()
    for _ in range(2):
        swap(wanted, wishes[0], fan)
        assert (count(wanted), count(wishes[0])) == (1, 0)
        assert len(Vote.objects.open_wishes_of(fan)) == 10
        assert ActiveDay.objects.get(fan=fan).act_count == 10
    assert recount() == []


def test_what_cannot_be_voted_for_takes_no_vote_away() -> None:
    fan, wishes = spent()
    with pytest.raises(actions.VotingClosed):
        swap(make_request(status=Status.DECLINED), wishes[0], fan)
    assert count(wishes[0]) == 1


def test_whoever_votes_for_it_already_keeps_the_other() -> None:
    fan, wishes = spent()
    swap(wishes[1], wishes[0], fan)
    assert (count(wishes[0]), count(wishes[1])) == (1, 1)


def test_a_vote_that_came_back_meanwhile_is_simply_cast() -> None:
    fan, wishes = spent()
    wanted = make_request()
    walk(wishes[0], Status.DECLINED)
    swap(wanted, wishes[0], fan)
    assert (count(wanted), count(wishes[0])) == (1, 1)


def test_above_the_limit_no_new_vote_is_cast_by_swapping_either() -> None:
    """F9: eleven stand again; only when ten do, one may be moved."""
    fan, wishes = make_fan(), [make_request() for _ in range(11)]
    vote(wishes[10], fan)
    walk(wishes[10], Status.DECLINED)
    for wish in wishes[:10]:
        vote(wish, fan)
    move(wishes[10], Status.REOPENED)
    with pytest.raises(actions.NoVoteLeft):
        swap(make_request(), wishes[0], fan)
    assert count(wishes[0]) == 1
    actions.withdraw_vote(feature_request=wishes[1], fan=fan, at=NOW)
    swap(make_request(), wishes[0], fan)
    assert len(Vote.objects.open_wishes_of(fan)) == 10


def test_between_two_that_are_merged_there_is_nothing_to_swap() -> None:
    fan, left, right = make_fan(), make_request(), make_request()
    vote(left, fan)
    merge(left, right)
    swap(right, left, fan)
    assert (count(right), Vote.objects.count()) == (1, 1)


def test_staff_swap_no_votes() -> None:
    with pytest.raises(actions.StaffCastNoVotes):
        swap(make_request(), make_request(), make_staff())


def test_a_vote_costs_these_statements(django_assert_num_queries: pytest.FixtureRequest) -> None:
    """P6: who is busy, then under lock: wish, right and fan, what stands, vote, tallies, act."""
    fan, wish = make_fan(), make_request(votes=4)
    vote(make_request(), fan)
    with django_assert_num_queries(9):  # type: ignore[operator]
        vote(wish, fan)
