"""Whose votes count: those of active fans who hold no office (F3)."""

from datetime import timedelta

import pytest

from community.feature_requests import actions, personal_data, tasks
from community.feature_requests.models import FeatureRequest, Status, Vote
from community.moderation.actions import lift_sanction, sanction
from community.moderation.models import Sanction, SanctionKind
from fans import clock
from fans.accounts.models import Fan, Role
from fans.accounts.withdrawal import Because
from fans.tiers.actions import change_role
from tests.community.feature_requests import (
    count,
    make_request,
    merge,
    move,
    recount,
    ship,
    undo,
    vote,
    walk,
)
from tests.factories import NOW, make_admin, make_fan, make_moderator, make_staff

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def suspend(fan: Fan) -> Sanction:
    return sanction(
        fan=fan, kind=SanctionKind.SUSPEND, rule="abuse", reason="x", by=make_staff(), at=NOW,
        days=30,
    )  # fmt: skip


def voted(*wishes: FeatureRequest) -> Fan:
    fan = make_fan()
    for wish in wishes:
        vote(wish, fan)
    return fan


def counts(*wishes: FeatureRequest) -> list[int]:
    assert recount() == []
    return [count(wish) for wish in wishes]


def test_lifting_a_suspension_early_brings_the_votes_back_with_the_next_sweep() -> None:
    wish = make_request(votes=1)
    given = suspend(voted(wish))
    tasks.count_young_votes()
    assert counts(wish) == [1]
    lift_sanction(sanction=given, by=make_staff(), at=NOW)
    tasks.count_young_votes()
    assert counts(wish) == [2]


def test_a_vote_for_what_ended_meanwhile_stays_aside_until_it_reopens() -> None:
    """The tally that was frozen is of those who were active then."""
    wish = make_request(votes=1)
    given = suspend(voted(wish))
    walk(wish, Status.DECLINED)
    lift_sanction(sanction=given, by=make_staff(), at=NOW)
    tasks.count_young_votes()
    assert counts(wish) == [1]
    move(wish, Status.REOPENED)
    tasks.count_young_votes()
    assert counts(wish) == [2]


def test_a_vote_for_what_was_merged_meanwhile_comes_back_where_it_is_shown() -> None:
    left, right = make_request(), make_request(votes=1)
    given = suspend(voted(left, right))
    merge(left, right)
    assert counts(right) == [1]
    lift_sanction(sanction=given, by=make_staff(), at=NOW)
    tasks.count_young_votes()
    assert counts(right) == [2]  # once, though two votes came back
    undo(left)
    assert counts(left, right) == [1, 2]


@pytest.mark.parametrize("way", ["reopened", "recalled", "undone"])
def test_what_is_open_again_counts_the_active_alone(way: str) -> None:
    """Whoever was suspended while it was closed waits, whoever took an office is gone (F3)."""
    wish, other = make_request(votes=1), make_request()
    away, staff = voted(wish), voted(wish)
    if way == "undone":
        merge(wish, other)
    if way == "reopened":
        walk(wish, Status.DECLINED)
    else:
        ship(walk(other if way == "undone" else wish, Status.PLANNED))
    given = suspend(away)
    change_role(
        fan=staff, role=Role.STAFF, scopes=frozenset(), actor=make_admin(), reason="x", at=NOW
    )
    assert counts(other if way == "undone" else wish) == [3]
    if way == "reopened":
        move(wish, Status.REOPENED)
    elif way == "recalled":
        actions.unship(feature_request=wish, reason="x", actor=make_staff(), at=NOW)
    else:
        undo(wish)
    assert counts(wish) == [1]
    lift_sanction(sanction=given, by=make_staff(), at=NOW)
    tasks.count_young_votes()
    assert counts(wish) == [2]


def test_becoming_staff_takes_all_open_votes_back() -> None:
    wish, ended = make_request(votes=1), make_request()
    fan = voted(wish, ended)
    walk(ended, Status.DECLINED)
    change_role(
        fan=fan, role=Role.STAFF, scopes=frozenset(), actor=make_admin(), reason="x", at=NOW
    )
    assert counts(wish, ended) == [1, 1]
    assert list(Vote.objects.filter(fan=fan).values_list("feature_request", flat=True)) == [
        ended.pk
    ]


def test_becoming_a_moderator_takes_none_back() -> None:
    wish = make_request()
    fan = voted(wish)
    change_role(
        fan=fan, role=Role.MODERATOR, scopes=frozenset({"site"}), actor=make_admin(), reason="x",
        at=NOW,
    )  # fmt: skip
    vote(wish, make_moderator())
    assert counts(wish) == [2]


def test_votes_of_whoever_leaves_wait_for_a_change_of_mind() -> None:
    """A5: seven days."""
    wish = make_request(votes=1)
    fan = voted(wish)
    Fan.objects.filter(pk=fan.pk).update(leaving_at=NOW)
    personal_data.withdraw(fan=fan, at=NOW, because=Because.LEAVING)
    tasks.count_young_votes()
    assert counts(wish) == [1]
    Fan.objects.filter(pk=fan.pk).update(leaving_at=None)
    tasks.count_young_votes()
    assert counts(wish) == [2]
    personal_data.erase(fan=fan, at=NOW, with_words=False)
    assert counts(wish) == [1]


def test_a_ban_takes_open_votes_back() -> None:
    wish = make_request(votes=1)
    personal_data.withdraw(fan=voted(wish), at=NOW, because=Because.BANNED)
    assert counts(wish) == [1]
