"""Votes: one per fan and wish, a few open at a time, each counted exactly (F2–F4)."""

from collections.abc import Callable
from datetime import datetime, timedelta

from community.feature_requests.actions.counting import change_voice, voice_of
from community.feature_requests.actions.locking import hold_shown, lock_voter, until_settled
from community.feature_requests.actions.refusals import (
    NoVoteLeft,
    StaffCastNoVotes,
    VotingClosed,
)
from community.feature_requests.models import FeatureRequest, Vote, VoteQuerySet, VotingRight
from community.feature_requests.permissions import casts_votes
from community.threads.models import State
from fans.accounts.models import Fan
from fans.ledger import actions as ledger
from fans.places.models import RegionLevel
from fans.tiers.busiest import is_busiest

COUNTS_AFTER = timedelta(days=7)  # of an account's life
NEWCOMER_FOR = timedelta(days=90)


def cast_vote(*, feature_request: FeatureRequest, fan: Fan, at: datetime) -> None:
    """Count one fan's voice (F2). Casting twice is the same as casting once.

    A wish that was merged is voted for through the one it is shown as (F4).
    """
    busy = _asked_before_waiting(fan)

    def cast() -> None:
        [wish] = hold_shown(feature_request)
        _cast(wish, lock_voter(fan, at), at, is_among_busiest=busy)

    _with_right(fan, cast)


def swap_vote(*, give: FeatureRequest, take_back: FeatureRequest, fan: Fan, at: datetime) -> None:
    """Vote for one wish with the vote that stands for another: both or neither (F2).

    Whoever votes for the one already keeps the other; one that has ended holds no vote to take.
    """
    busy = _asked_before_waiting(fan)

    def swap() -> None:
        wish, other = hold_shown(give, take_back)
        right = lock_voter(fan, at)
        if votes_of(fan, wish).exists():
            return
        if other.takes_votes:
            _take_back(other, fan)
        _cast(wish, right, at, is_among_busiest=busy)

    _with_right(fan, swap)


def withdraw_vote(*, feature_request: FeatureRequest, fan: Fan, at: datetime) -> None:
    """Take one's voice back while the wish is open, wherever in it it was raised (F2, F4)."""

    def withdraw() -> None:
        [wish] = hold_shown(feature_request)
        if not wish.takes_votes:
            raise VotingClosed
        _take_back(wish, fan)

    until_settled(withdraw)


def votes_of(fan: Fan, wish: FeatureRequest) -> VoteQuerySet:
    """This fan's votes on a wish and all that is merged into it: several after a merge."""
    return Vote.objects.shown_with(wish).filter(fan=fan.pk)


def take_out(wish: FeatureRequest, votes: list[Vote]) -> None:
    """Remove all votes of one fan from a wish that is locked."""
    Vote.objects.filter(pk__in=[vote.pk for vote in votes]).delete()
    change_voice(wish, was=voice_of(votes))


def _asked_before_waiting(fan: Fan) -> bool:
    """Whether somebody who may vote at all is among the busiest: it is so until the next weekly
    run, and nobody else need wait for the answer.
    """
    if not casts_votes(fan):
        raise StaffCastNoVotes
    return is_busiest(fan)


def _with_right(fan: Fan, act: Callable[[], None]) -> None:
    try:
        until_settled(act)
    except VotingRight.DoesNotExist:
        # Their first vote. In a transaction of its own: a new row that is not committed yet
        # would be a lock taken before the wish's.
        VotingRight.objects.get_or_create(fan=fan)
        until_settled(act)


def _cast(
    wish: FeatureRequest, right: VotingRight, at: datetime, *, is_among_busiest: bool
) -> None:
    voter = right.fan
    if voter.is_staff:
        raise StaffCastNoVotes
    if not wish.takes_votes or wish.thread.state != State.PUBLISHED:
        raise VotingClosed
    standing = set(Vote.objects.open_wishes_of(voter))
    if wish.pk in standing:
        return
    if len(standing) >= right.limit:
        raise NoVoteLeft
    vote = _vote_of(voter, at, is_among_busiest)
    vote.feature_request = wish
    vote.save(force_insert=True)
    change_voice(wish, now=voice_of([vote]), at=at)
    ledger.note_act(fan=voter, at=at)


def _vote_of(voter: Fan, at: datetime, is_among_busiest: bool) -> Vote:
    """With what its fan is at this moment: it keeps that (the lens)."""
    counts_from = max(at, voter.joined_at + COUNTS_AFTER)
    return Vote(
        fan=voter,
        cast_at=at,
        counts_from=counts_from,
        counted_at=at if counts_from <= at else None,
        region_level=voter.region_level if voter.consents_to_region else RegionLevel.UNKNOWN,
        is_newcomer=at - voter.joined_at < NEWCOMER_FOR,
        is_busiest=is_among_busiest,
    )


def _take_back(wish: FeatureRequest, fan: Fan) -> None:
    votes = list(votes_of(fan, wish))
    for vote in votes:
        ledger.take_back_act(fan=fan, at=vote.cast_at)
    take_out(wish, votes)
