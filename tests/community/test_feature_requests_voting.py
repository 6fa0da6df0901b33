"""Votes: one a fan, ten at a time, each counted exactly (F2, F3)."""

from datetime import timedelta

import pytest

from community.feature_requests import actions, tasks
from community.feature_requests.models import OPEN, FeatureRequest, Status, Vote
from community.threads import actions as threads
from fans import clock
from fans.accounts.models import Fan
from fans.ledger.models import ActiveDay
from fans.places.models import Place, RegionLevel
from tests.community.feature_requests import count, fresh, make_request, move, ship, vote, walk
from tests.factories import NOW, make_admin, make_fan, make_moderator, make_staff

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_casting_a_vote_counts_one_voice() -> None:
    wish, fan = make_request(), make_fan()
    vote(wish, fan)
    assert count(wish) == 1
    assert list(Vote.objects.values_list("fan", "counted_at")) == [(fan.pk, NOW)]
    assert ActiveDay.objects.get(fan=fan).act_count == 1


def test_casting_twice_is_the_same_as_casting_once() -> None:
    """F2, and spec §11: 12 fans vote, one tries twice → 12."""
    wish, fans = make_request(), [make_fan() for _ in range(12)]
    vote(wish, *fans, fans[3])
    assert count(wish) == 12
    assert ActiveDay.objects.get(fan=fans[3]).act_count == 1


def test_withdrawing_gives_the_vote_back_and_twice_is_once() -> None:
    wish, fan = make_request(votes=2), make_fan()
    vote(wish, fan)
    for _ in range(2):
        actions.withdraw_vote(feature_request=wish, fan=fan, at=NOW)
    assert count(wish) == 2


def test_taking_a_vote_back_and_forth_is_one_act() -> None:
    """Spec §0: what is undone was no act, so nobody is busy by undoing."""
    wish, other, fan = make_request(), make_request(), make_fan()
    vote(other, fan)
    for _ in range(3):
        vote(wish, fan)
        assert ActiveDay.objects.get(fan=fan).act_count == 2
        actions.withdraw_vote(feature_request=wish, fan=fan, at=NOW)
    assert ActiveDay.objects.get(fan=fan).act_count == 1
    actions.withdraw_vote(feature_request=other, fan=fan, at=NOW)
    assert not ActiveDay.objects.filter(fan=fan).exists()


def test_the_author_votes_by_hand_like_everybody() -> None:
    wish = make_request()
    assert count(wish) == 0
    vote(wish, wish.author)
    assert count(wish) == 1


def test_ten_votes_stand_open_and_the_eleventh_is_refused() -> None:
    """F2."""
    fan, wishes = make_fan(), [make_request() for _ in range(11)]
    for wish in wishes[:10]:
        vote(wish, fan)
    with pytest.raises(actions.NoVoteLeft):
        vote(wishes[10], fan)
    assert count(wishes[10]) == 0
    actions.withdraw_vote(feature_request=wishes[0], fan=fan, at=NOW)
    vote(wishes[10], fan)
    assert count(wishes[10]) == 1


@pytest.mark.parametrize("end", ["declined", "shipped", "withdrawn", "stale"])
def test_a_vote_returns_when_the_wish_ends(end: str) -> None:
    """F2: no longer among the ten; the count it left stays."""
    fan, wish = make_fan(), make_request()
    vote(wish, fan)
    match end:
        case "declined":
            walk(wish, Status.DECLINED)
        case "shipped":
            walk(wish, Status.IN_TESTING)
            ship(wish)
        case "withdrawn":
            actions.withdraw_request(feature_request=wish, actor=wish.author, at=NOW)
        case "stale":
            walk(wish, Status.NEEDS_INFO)
            actions.close_stale(feature_request=wish, at=NOW + 30 * DAY)
    assert list(Vote.objects.open_wishes_of(fan)) == []
    assert count(wish) == 1


def test_a_vote_for_what_a_moderator_took_away_holds_no_vote_back() -> None:
    fan, wish = make_fan(), make_request()
    vote(wish, fan)
    threads.hide(post=wish.thread.posts.get(), by=make_moderator(), at=NOW)
    assert list(Vote.objects.open_wishes_of(fan)) == []
    with pytest.raises(actions.VotingClosed):
        vote(wish, make_fan())


@pytest.mark.parametrize("status", [each for each in Status if each not in OPEN])
def test_what_has_ended_takes_no_vote_and_gives_none_back(status: Status) -> None:
    if status == Status.MERGED:
        return  # followed to where it is shown
    fan, wish = make_fan(), make_request()
    vote(wish, fan)
    FeatureRequest.objects.filter(pk=wish.pk).update(status=status)
    with pytest.raises(actions.VotingClosed):
        vote(wish, make_fan())
    with pytest.raises(actions.VotingClosed):
        actions.withdraw_vote(feature_request=wish, fan=fan, at=NOW)
    assert count(wish) == 1


def test_votes_that_stand_again_only_block_new_ones() -> None:
    """F9: eleven may stand; none is taken away, and no twelfth is cast."""
    fan, back = make_fan(), make_request()
    vote(back, fan)
    walk(back, Status.DECLINED)
    for _ in range(10):
        vote(make_request(), fan)
    move(back, Status.REOPENED)
    assert len(Vote.objects.open_wishes_of(fan)) == 11
    assert count(back) == 1
    with pytest.raises(actions.NoVoteLeft):
        vote(make_request(), fan)


@pytest.mark.parametrize("make", [make_staff, make_admin])
def test_staff_cast_no_votes(make: type) -> None:
    with pytest.raises(actions.StaffCastNoVotes):
        vote(make_request(), make())


def test_an_office_given_meanwhile_is_seen() -> None:
    wish, fan = make_request(), make_fan()
    type(fan).objects.get_queryset().filter(pk=fan.pk).update(role="staff")
    with pytest.raises(actions.StaffCastNoVotes):
        vote(wish, fan)


def test_moderators_vote_as_the_fans_they_are() -> None:
    wish = make_request()
    vote(wish, make_moderator())
    assert count(wish) == 1


@pytest.mark.parametrize(
    "silenced",
    [{"verified_at": None}, {"muted_until": NOW + DAY}, {"suspended_until": NOW + DAY}],
)
def test_who_may_not_write_casts_no_vote(silenced: dict[str, object]) -> None:
    with pytest.raises(actions.MayNotWrite):
        vote(make_request(), make_fan(**silenced))


def test_a_young_account_counts_from_its_seventh_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """F2: swept; delivered twice it counts once."""
    wish, young = make_request(votes=1), make_fan(joined_at=NOW - 3 * DAY)
    vote(wish, young)
    assert count(wish) == 1
    monkeypatch.setattr(clock, "now", lambda: NOW + 4 * DAY - timedelta(seconds=1))
    tasks.count_young_votes()
    assert count(wish) == 1
    monkeypatch.setattr(clock, "now", lambda: NOW + 4 * DAY)
    tasks.count_young_votes()
    tasks.count_young_votes()
    assert count(wish) == 2


def test_votes_of_somebody_suspended_count_again_when_it_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """F3: the shown count is of active fans; the vote itself stands meanwhile."""
    wish, fan = make_request(votes=1), make_fan()
    vote(wish, fan)
    for _ in range(2):
        Fan.objects.get_queryset().filter(pk=fan.pk).update(suspended_until=NOW + 3 * DAY)
        actions.set_votes_aside(fan=fan)
        assert (count(wish), wish.votes.count()) == (1, 2)
    monkeypatch.setattr(clock, "now", lambda: NOW + 2 * DAY)
    tasks.count_young_votes()
    assert count(wish) == 1
    monkeypatch.setattr(clock, "now", lambda: NOW + 3 * DAY)
    for _ in range(2):
        tasks.count_young_votes()
        assert count(wish) == 2


def test_a_young_vote_on_what_has_ended_is_never_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    wish, young = make_request(), make_fan(joined_at=NOW)
    vote(wish, young)
    walk(wish, Status.DECLINED)
    monkeypatch.setattr(clock, "now", lambda: NOW + 8 * DAY)
    tasks.count_young_votes()
    assert count(wish) == 0


def test_a_vote_carries_what_its_fan_was_when_it_was_cast() -> None:
    """The lens: the region only with consent; a newcomer for 90 days."""
    county = Place.objects.create(
        code="510116",
        name_en="Shuangliu",
        name_zh_hans="双流",
        name_zh_hant="雙流",
        region_level=RegionLevel.COUNTY,
        timezone="Asia/Shanghai",
    )
    fans = [
        make_fan(place=county, consents_to_region=True, joined_at=NOW - 89 * DAY),
        make_fan(place=county, joined_at=NOW - 90 * DAY),
    ]
    vote(make_request(), *fans)
    marks = Vote.objects.order_by("pk").values_list("region_level", "is_newcomer", "is_busiest")
    assert list(marks) == [("county", True, False), ("unknown", False, False)]


def test_offline_support_stands_beside_the_votes() -> None:
    """F3."""
    wish = make_request(votes=2)
    for _ in range(2):
        actions.add_offline_support(feature_request=wish, count=9, at=NOW, key="batch:1")
    actions.add_offline_support(feature_request=wish, count=3, at=NOW, key="batch:2")
    wish = fresh(wish)
    assert (wish.vote_count, wish.offline_count) == (2, 12)
