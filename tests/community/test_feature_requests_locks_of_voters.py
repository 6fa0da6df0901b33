"""Races around a fan's votes (R6): swaps, consent, budget; each held, each fails without its lock."""

import pytest

from community.feature_requests import actions
from community.feature_requests.models import FeatureRequest, Vote, VotingRight
from fans.accounts import home
from fans.accounts.models import Fan
from fans.places.models import Place, RegionLevel
from tests.community.feature_requests import count, fresh, make_request, merge, recount, undo, vote
from tests.factories import NOW, make_fan, make_staff
from tests.locks import holding, start

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def make_villager() -> Fan:
    county = Place.objects.create(
        code="X-9", name_en="Kumquat", region_level=RegionLevel.COUNTY, timezone="Asia/Shanghai"
    )
    return make_fan(place=county, consents_to_region=True)


def swap(give: FeatureRequest, take_back: FeatureRequest, fan: Fan) -> None:
    actions.swap_vote(give=give, take_back=take_back, fan=fan, at=NOW)


@pytest.mark.parametrize("held", ["left", "right"])
def test_swaps_in_opposite_directions_wait_for_both_wishes(held: str) -> None:
    """By number, so neither waits for what the other has: two such swaps pass."""
    left, right, first, second = make_request(), make_request(), make_fan(), make_fan()
    vote(left, first)
    vote(right, second)
    with holding(FeatureRequest, (left if held == "left" else right).pk):
        there = start(lambda: swap(right, left, first))
        back = start(lambda: swap(left, right, second))
        there.waits_for_a_lock(of_anybody=True)
        back.waits_for_a_lock(of_anybody=True)
    there.result()
    back.result()
    assert (count(left), count(right)) == (1, 1)
    assert recount() == []


def test_two_swaps_of_one_fan_spend_one_vote() -> None:
    """F2: both take the same vote back; what they queue up behind are its wish and the right."""
    fan, wishes = make_fan(), [make_request() for _ in range(12)]
    for wish in wishes[:10]:
        vote(wish, fan)
    with holding(VotingRight, fan.pk):
        waiting = start(lambda: swap(wishes[10], wishes[0], fan))
        waiting.waits_for_a_lock()
        # What the other press did in the meantime, as it would have.
        Vote.objects.filter(feature_request=wishes[1], fan=fan).update(feature_request=wishes[11])
    waiting.result()
    assert len(Vote.objects.open_wishes_of(fan)) == 10


def test_a_vote_cast_while_consent_goes_carries_no_mark() -> None:
    """The vote holds the wish and waits for the fan, whose consent is gone when it goes on."""
    wish, fan = make_request(), make_villager()
    VotingRight.objects.create(fan=fan)
    with holding(Fan, fan.pk):
        waiting = start(lambda: vote(wish, fan))
        waiting.waits_for_a_lock()
        home.withdraw_region_consent(fan=fan)
    waiting.result()
    assert (count(wish), fresh(wish).county_count) == (1, 0)
    assert recount() == []


def test_consent_that_goes_while_a_vote_is_cast_takes_its_mark_off() -> None:
    """It holds what carries a mark, then the fan; learning of another vote it begins again."""
    before, wish, fan = make_request(), make_request(), make_villager()
    vote(before, fan)
    with holding(Fan, fan.pk):
        waiting = start(lambda: home.withdraw_region_consent(fan=Fan.objects.get(pk=fan.pk)))
        waiting.waits_for_a_lock()
        vote(wish, fan)
    waiting.result()
    assert [fresh(each).county_count for each in (before, wish)] == [0, 0]
    assert not Vote.objects.with_region().exists()
    assert recount() == []


def test_consent_waits_for_the_wishes_its_votes_stand_for() -> None:
    wish, fan, other = make_request(), make_villager(), make_fan()
    vote(wish, fan)
    with holding(FeatureRequest, wish.pk):
        waiting = start(lambda: home.withdraw_region_consent(fan=fan))
        waiting.waits_for_a_lock()
        vote(wish, other)
        actions.withdraw_vote(feature_request=wish, fan=fan, at=NOW)
    waiting.result()
    assert (count(wish), fresh(wish).county_count) == (1, 0)
    assert recount() == []


def test_consent_that_meets_an_undo_lowers_both_wishes() -> None:
    left, right, fan, staff = make_request(), make_request(), make_villager(), make_staff()
    vote(left, fan)
    vote(right, fan)
    merge(left, right)
    with holding(FeatureRequest, left.pk, right.pk):
        waiting = start(lambda: home.withdraw_region_consent(fan=fan))
        waiting.waits_for_a_lock()
        undo(left, actor=staff)
    waiting.result()
    assert [fresh(each).county_count for each in (left, right)] == [0, 0]
    assert recount() == []


def test_a_withdrawal_that_meets_a_merge_is_taken_from_where_the_wish_is_shown() -> None:
    left, right, fan, staff = make_request(), make_request(votes=1), make_fan(), make_staff()
    vote(left, fan)
    with holding(FeatureRequest, left.pk, right.pk):
        waiting = start(lambda: actions.withdraw_vote(feature_request=left, fan=fan, at=NOW))
        waiting.waits_for_a_lock()
        merge(left, right, actor=staff)
    waiting.result()
    assert count(right) == 1
    assert recount() == []


def test_a_suspension_that_meets_a_vote_sets_it_aside() -> None:
    wish, fan = make_request(votes=1), make_fan()
    vote(wish, fan)
    with holding(FeatureRequest, wish.pk):
        waiting = start(lambda: actions.set_votes_aside(fan=fan))
        waiting.waits_for_a_lock()
        vote(wish, make_fan())
    waiting.result()
    assert count(wish) == 2
    assert recount() == []
