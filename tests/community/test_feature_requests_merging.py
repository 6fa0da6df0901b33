"""A merge is a link, and undoing it is exact (F4)."""

from datetime import timedelta
from itertools import permutations

import pytest

from community.feature_requests import actions
from community.feature_requests.lenses import COLUMNS
from community.feature_requests.models import FeatureRequest, Merge, Status, Vote
from community.threads.models import Post
from fans.audit.models import AuditEntry
from fans.ledger.models import Contribution
from fans.notifications.models import Event
from tests.community.feature_requests import (
    author_replies,
    count,
    fresh,
    make_request,
    merge,
    move,
    recount,
    ship,
    undo,
    vote,
    walk,
)
from tests.factories import NOW, make_fan, make_moderator

pytestmark = pytest.mark.django_db


def tallies(*wishes: FeatureRequest) -> list[int]:
    return [count(wish) for wish in wishes]


def shown(*wishes: FeatureRequest) -> list[int | None]:
    return [fresh(wish).shown_as_id for wish in wishes]


def test_the_union_of_the_story_is_seventeen() -> None:
    """Spec §11 (1–2): 12 fans, a duplicate of 8 with 3 in common → 17, and a co-requester."""
    fans = [make_fan() for _ in range(17)]
    wish, double = make_request(), make_request()
    vote(wish, *fans[:12])
    vote(double, *fans[9:])
    merge(double, wish)
    assert count(wish) == 17
    assert fresh(double).merged_into_id == wish.pk
    assert fresh(double).status == Status.MERGED


def test_undo_restores_both_exactly() -> None:
    """40 and 31 with 9 in common → 62 → 40 and 31."""
    fans = [make_fan() for _ in range(62)]
    left, right = make_request(), make_request(status=Status.UNDER_REVIEW)
    vote(right, *fans[:40])
    vote(left, *fans[31:])
    before = list(Vote.objects.order_by("pk").values())
    merge(left, right)
    assert tallies(right) == [62]
    undo(left)
    assert tallies(right, left) == [40, 31]
    assert list(Vote.objects.order_by("pk").values()) == before
    assert (fresh(left).status, fresh(right).status) == ("submitted", "under_review")
    assert fresh(left).merged_into_id is None


def test_a_fan_on_both_has_one_open_vote_and_takes_both_back_at_once() -> None:
    fan, left, right = make_fan(), make_request(), make_request()
    vote(left, fan)
    vote(right, fan)
    merge(left, right)
    assert list(Vote.objects.open_wishes_of(fan)) == [right.pk]
    actions.withdraw_vote(feature_request=left, fan=fan, at=NOW)
    assert tallies(right) == [0]
    undo(left)
    assert tallies(left, right) == [0, 0]


def test_voting_for_what_was_merged_votes_where_it_is_shown() -> None:
    fan, left, right = make_fan(), make_request(), make_request()
    merge(left, right)
    vote(left, fan)
    vote(right, fan)
    assert tallies(right) == [1]
    undo(left)
    assert tallies(left, right) == [0, 1]  # it was cast for what stood there then


def test_a_fan_of_the_merged_one_does_not_vote_again_for_the_other() -> None:
    fan, left, right = make_fan(), make_request(), make_request()
    vote(left, fan)
    merge(left, right)
    vote(right, fan)
    assert (tallies(right), Vote.objects.count()) == ([1], 1)


def test_a_chain_is_followed_and_undone_link_by_link() -> None:
    """A → B → C shows as C; undoing B → C leaves A → B."""
    a, b, c = make_request(votes=1), make_request(votes=2), make_request(votes=4)
    merge(a, b)
    merge(b, c)
    assert shown(a, b, c) == [c.pk, c.pk, None]
    assert tallies(c) == [7]
    undo(b)
    assert shown(a, b, c) == [b.pk, None, None]
    assert tallies(b, c) == [3, 4]
    undo(a)
    assert tallies(a, b, c) == [1, 2, 4]


def test_a_chain_is_undone_from_its_beginning_too() -> None:
    a, b, c = make_request(votes=1), make_request(votes=2), make_request(votes=4)
    for wish, voices in ((a, 5), (b, 6), (c, 7)):
        actions.add_offline_support(feature_request=wish, count=voices, at=NOW)
    merge(a, b)
    merge(b, c)
    assert fresh(c).offline_count == 18
    undo(a)
    assert shown(a, b, c) == [None, c.pk, None]
    assert tallies(a, c) == [1, 6]
    undo(b)
    assert tallies(a, b, c) == [1, 2, 4]
    assert [fresh(wish).offline_count for wish in (a, b, c)] == [5, 6, 7]


def test_merging_into_what_was_merged_leads_to_its_end() -> None:
    a, b, c = make_request(votes=1), make_request(votes=1), make_request(votes=1)
    merge(b, c)
    merge(a, b)
    assert fresh(a).merged_into_id == c.pk
    assert tallies(c) == [3]


def test_no_cycles() -> None:
    a, b, c = make_request(), make_request(), make_request()
    merge(a, b)
    merge(b, c)
    for target in (a, b, c):
        with pytest.raises(actions.MergeCycle):
            merge(c, target)


def test_merging_twice_and_undoing_twice_is_once() -> None:
    a, b = make_request(votes=1), make_request()
    assert merge(a, b) == merge(a, b)
    undo(a)
    undo(a)
    assert Merge.objects.count() == 1
    assert Event.objects.filter(kind="request_merged").count() == 1
    merge(a, b)
    assert tallies(b) == [1]
    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["wishes merged", "merge undone", "wishes merged"]


def test_only_what_is_open_is_merged_and_only_into_what_is_open() -> None:
    open_one, declined = make_request(), make_request(status=Status.DECLINED)
    with pytest.raises(actions.NotOpen):
        merge(declined, open_one)
    with pytest.raises(actions.NotOpen):
        merge(open_one, declined)


def test_what_is_merged_elsewhere_is_not_merged_again() -> None:
    a, b, c = make_request(), make_request(), make_request()
    merge(a, b)
    with pytest.raises(actions.NotInThatState):
        merge(a, c)


def test_nobody_merges_the_wish_of_another_into_their_own() -> None:
    """The one it is merged into keeps the name and the points."""
    moderator = make_moderator(founding_since_date=NOW.date())
    own, other = make_request(author=moderator), make_request()
    with pytest.raises(actions.NotAllowed):
        merge(other, own, actor=moderator)
    assert fresh(other).status == Status.SUBMITTED


def test_moderators_merge_what_others_asked_for() -> None:
    a, b = make_request(), make_request()
    own = make_request(author=make_moderator(founding_since_date=NOW.date()))
    with pytest.raises(actions.NotAllowed):
        merge(a, b, actor=make_fan())
    with pytest.raises(actions.NotAllowed):
        merge(own, b, actor=own.author)
    merge(a, b, actor=make_moderator())
    assert fresh(a).status == Status.MERGED


def test_a_threshold_that_was_passed_stays_passed() -> None:
    a, b = make_request(votes=3), make_request()
    due = fresh(a).answer_due_at
    assert due is not None
    merge(a, b)
    assert fresh(b).answer_due_at == due


def test_the_union_may_pass_the_threshold() -> None:
    a, b = make_request(votes=2), make_request(votes=1)
    assert fresh(b).answer_due_at is None
    merge(a, b)
    assert fresh(b).answer_due_at is not None


def test_votes_that_stand_again_never_block() -> None:
    """F9: eleven stand after the undo; the count is right and none is lost."""
    fan, a, b = make_fan(), make_request(), make_request()
    vote(a, fan)
    vote(b, fan)
    merge(a, b)
    for _ in range(9):
        vote(make_request(), fan)
    undo(a)
    assert len(Vote.objects.open_wishes_of(fan)) == 11
    assert tallies(a, b) == [1, 1]
    with pytest.raises(actions.NoVoteLeft):
        vote(make_request(), fan)


def test_who_no_longer_asked_for_the_same_has_no_share() -> None:
    a, b = make_request(), make_request()
    merge(a, b)
    ship(walk(b, Status.PLANNED))
    undo(a)
    rows = Contribution.objects.filter(fan=a.author, kind="request.shipped").order_by("pk")
    assert list(rows.values_list("points", flat=True)) == [15, -15]
    assert Contribution.objects.filter(fan=b.author, kind="request.shipped").count() == 1
    assert fresh(a).status == Status.SUBMITTED


def test_what_is_merged_is_not_answered_by_itself() -> None:
    a, b = make_request(), make_request()
    merge(a, b)
    with pytest.raises(actions.NotInThatState):
        move(a, Status.UNDER_REVIEW)


def columns(*wishes: FeatureRequest) -> list[dict[str, float]]:
    """Everything that is kept of votes and voices."""
    kept = [column for pair in COLUMNS.values() for column in pair if column]
    return [{column: getattr(fresh(wish), column) for column in kept} for wish in wishes]


def test_an_undo_restores_counts_warmth_voices_and_words() -> None:
    """40 + 31 with 9 in common → 62 → 40 and 31; comments where they were, no co-requester."""
    fans = [make_fan(joined_at=NOW - timedelta(days=30 + 3 * n)) for n in range(62)]
    left, right = make_request(), make_request()
    vote(right, *fans[:40])
    vote(left, *fans[31:])
    for wish, voices in ((left, 5), (right, 7)):
        actions.add_offline_support(feature_request=wish, count=voices, at=NOW)
    words = author_replies(left)
    before = columns(left, right)
    merge(left, right)
    union = fresh(right)
    assert (union.vote_count, union.offline_count) == (62, 12)
    undo(left)
    assert [row["vote_count"] for row in columns(left, right)] == [31, 40]
    assert columns(left, right) == [pytest.approx(row, rel=1e-12) for row in before]
    assert Post.objects.get(pk=words.pk).thread_id == left.thread_id
    assert not FeatureRequest.objects.filter(shown_as=right.pk).exists()
    assert recount() == []


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_chain_of_four_is_undone_in_any_order(order: tuple[int, ...]) -> None:
    """A fan of all four counts once while they are one, and on each when they are apart."""
    everywhere, chain = make_fan(), [make_request(votes=number) for number in range(4)]
    for number, wish in enumerate(chain):
        vote(wish, everywhere)
        actions.add_offline_support(feature_request=wish, count=number + 1, at=NOW)
    before = columns(*chain)
    for number in range(3):
        merge(chain[number], chain[number + 1])
    assert tallies(chain[3]) == [7]
    for link in order:
        undo(chain[link])
        assert recount() == []
    assert columns(*chain) == [pytest.approx(row, rel=1e-12) for row in before]
    assert shown(*chain) == [None] * 4
