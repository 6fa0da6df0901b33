"""What this room holds about a person (settings.PERSONAL_DATA)."""

from datetime import datetime
from typing import Any

from community.feature_requests import actions
from community.feature_requests.indexing import KIND
from community.feature_requests.models import FeatureRequest, Follow, Vote, VotingRight
from fans.accounts.models import Fan
from fans.accounts.withdrawal import Because
from fans.search import actions as search


def export(fan: Fan) -> dict[str, Any]:
    wishes = FeatureRequest.objects.filter(author=fan).order_by("pk")
    votes = Vote.objects.filter(fan=fan).select_related("feature_request").order_by("pk")
    follows = Follow.objects.filter(fan=fan).select_related("feature_request").order_by("pk")
    return {
        "feature_requests": [
            {
                "title": wish.title,
                "problem": wish.problem,
                "proposal": wish.proposal,
                "status": wish.status,
                "created_at": wish.created_at.isoformat(),
                "url": wish.get_absolute_url(),
            }
            for wish in wishes
        ],
        "votes": [
            {
                "feature_request": vote.feature_request.title,
                "cast_at": vote.cast_at.isoformat(),
                "region_level": vote.region_level,
                "is_newcomer": vote.is_newcomer,
                "is_busiest": vote.is_busiest,
            }
            for vote in votes
        ],
        "follows": [
            {
                "feature_request": follow.feature_request.title,
                "changed_at": follow.changed_at.isoformat(),
                "is_muted": follow.muted_at is not None,
            }
            for follow in follows
        ],
    }


def hold(*, fan: Fan) -> None:
    """The wishes their votes stand for, by number."""
    actions.lock_open_wishes(fan)


def withdraw(*, fan: Fan, at: datetime, because: Because) -> None:
    """Staff and banned people have no open votes; of whoever leaves they wait for a change of
    mind (F3).
    """
    if because == Because.LEAVING:
        actions.set_votes_aside(fan=fan)
    else:
        actions.withdraw_all_votes(fan=fan)


def erase(*, fan: Fan, at: datetime, with_words: bool) -> None:
    """Who voted for what and follows what is gone; frozen tallies stay, but for the region (A5).
    Their wishes are words of theirs: what is to go of them goes with their posts.
    """
    actions.forget_region(fan=fan)
    actions.withdraw_all_votes(fan=fan)
    Vote.objects.filter(fan=fan).delete()
    VotingRight.objects.filter(fan=fan).delete()
    Follow.objects.filter(fan=fan).delete()
    if with_words:
        wishes = FeatureRequest.objects.filter(author=fan)
        wishes.update(problem="", proposal="")
        search.forget(kind=KIND, keys=wishes.values_list("pk", flat=True))  # until the next sweep


def forget_region(*, fan: Fan) -> None:
    """Consent is taken back: the mark comes off every vote, in one act (the lens)."""
    actions.forget_region(fan=fan)
