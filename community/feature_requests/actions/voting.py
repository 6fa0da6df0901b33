"""Votes: one per fan and wish, a few open at a time, each counted exactly (F2–F4)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from community.feature_requests.actions.counting import count_one_more
from community.feature_requests.actions.locking import lock_fan, lock_shown
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
    if not casts_votes(fan):
        raise StaffCastNoVotes
    # In a transaction of its own: a new row that is not committed yet would be a lock taken
    # before the wish's.
    VotingRight.objects.get_or_create(fan=fan)
    _cast(feature_request, fan, at)


@transaction.atomic
def _cast(feature_request: FeatureRequest, fan: Fan, at: datetime) -> None:
    wish = lock_shown(feature_request)
    right = _lock_right(fan)
    voter = lock_fan(fan, at)
    if voter.is_staff:
        raise StaffCastNoVotes
    if not wish.takes_votes or wish.thread.state != State.PUBLISHED:
        raise VotingClosed
    if votes_of(voter, wish).exists():
        return
    if Vote.objects.open_wishes_of(voter).count() >= right.limit:
        raise NoVoteLeft
    _write(wish, voter, at)
    ledger.note_act(fan=voter, at=at)


@transaction.atomic
def withdraw_vote(*, feature_request: FeatureRequest, fan: Fan, at: datetime) -> None:
    """Take one's voice back while the wish is open, wherever in it it was raised (F2, F4)."""
    wish = lock_shown(feature_request)
    if not wish.takes_votes:
        raise VotingClosed
    votes = votes_of(fan, wish)
    for cast_at in list(votes.values_list("cast_at", flat=True)):
        ledger.take_back_act(fan=fan, at=cast_at)
    take_out(wish, votes)


@transaction.atomic
def withdraw_all_votes(*, fan: Fan) -> None:
    """Every open vote goes back: an office, a ban, a farewell. Frozen tallies stay (A5).

    One wish after the other, by number.
    """
    for wish in lock_open_wishes(fan):
        take_out(wish, votes_of(fan, wish))


@transaction.atomic
def set_votes_aside(*, fan: Fan) -> None:
    """Somebody is suspended: their open votes stand and count no more (F3).

    Once they may act again, the sweep of young votes counts them.
    """
    for wish in lock_open_wishes(fan):
        counted = list(votes_of(fan, wish).counted().values_list("pk", flat=True))
        if Vote.objects.filter(pk__in=counted).update(counted_at=None):
            wish.vote_count -= 1
            wish.save(update_fields=["vote_count"])


def lock_open_wishes(fan: Fan) -> list[FeatureRequest]:
    """The wishes this fan's open votes stand for. Before the fan's own row, wherever both are."""
    numbers = sorted(Vote.objects.open_wishes_of(fan, listed_alone=False))
    wishes = [lock_shown(FeatureRequest(pk=pk)) for pk in numbers]
    return [wish for wish in wishes if wish.takes_votes]


@transaction.atomic
def count_young_vote(*, vote: Vote, at: datetime) -> None:
    """The account is 7 days old now, or a suspension over: its vote counts (F2, F3). Again
    changes nothing.
    """
    wish = lock_shown(vote.feature_request)
    due = Vote.objects.due(at).filter(pk=vote.pk).first()
    if due is None or not wish.takes_votes:
        return
    is_counted_already = votes_of(due.fan, wish).counted().exists()
    Vote.objects.filter(pk=due.pk).update(counted_at=at)
    if not is_counted_already:
        count_one_more(wish, at)


def votes_of(fan: Fan, wish: FeatureRequest) -> VoteQuerySet:
    """This fan's votes on a wish and all that is merged into it: several after a merge."""
    shown_here = Q(feature_request=wish.pk) | Q(feature_request__shown_as=wish.pk)
    return Vote.objects.filter(shown_here, fan=fan.pk)


def take_out(wish: FeatureRequest, votes: VoteQuerySet) -> None:
    """Remove one fan's votes from a wish that is locked."""
    was_counted = votes.counted().exists()
    Vote.objects.filter(pk__in=list(votes.values_list("pk", flat=True))).delete()
    if was_counted:
        wish.vote_count -= 1
        wish.save(update_fields=["vote_count"])


def _lock_right(fan: Fan) -> VotingRight:
    # Two votes of one fan on two wishes queue up here: the budget is never overdrawn (F2).
    return VotingRight.objects.select_for_update(no_key=True).get(pk=fan.pk)


def _write(wish: FeatureRequest, voter: Fan, at: datetime) -> None:
    counts_from = max(at, voter.joined_at + COUNTS_AFTER)
    counts_now = counts_from <= at
    Vote.objects.create(
        feature_request=wish,
        fan=voter,
        cast_at=at,
        counts_from=counts_from,
        counted_at=at if counts_now else None,
        region_level=voter.region_level if voter.consents_to_region else RegionLevel.UNKNOWN,
        is_newcomer=at - voter.joined_at < NEWCOMER_FOR,
        is_busiest=is_busiest(voter),
    )
    if counts_now:
        count_one_more(wish, at)
