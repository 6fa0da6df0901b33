"""A question of the company to whoever asked, and what its author takes back (spec §5)."""

from datetime import datetime, timedelta

from django.db import transaction

from community.feature_requests.actions.locking import lock_fan, lock_request
from community.feature_requests.actions.moving import move
from community.feature_requests.actions.refusals import HasVotes, NotAllowed, NotInThatState
from community.feature_requests.models import OPEN, FeatureRequest, Status
from fans.accounts.models import Fan

STALE_AFTER = timedelta(days=30)  # without an answer of its author


@transaction.atomic
def answer_question(*, feature_request: FeatureRequest, actor: Fan, at: datetime) -> None:
    """Its author told what was missing: it is looked at again (spec §5)."""
    wish = lock_request(feature_request)
    if wish.author_id != actor.pk:
        raise NotAllowed
    if wish.status == Status.SUBMITTED:
        return
    if wish.status != Status.NEEDS_INFO:
        raise NotInThatState(wish)
    lock_fan(actor, at)
    move(wish, became=Status.SUBMITTED, actor=actor, at=at)


@transaction.atomic
def note_answer(*, feature_request: FeatureRequest, at: datetime) -> bool:
    """The author replied in the discussion: whoever asked looks again. Swept."""
    wish = lock_request(feature_request)
    if not FeatureRequest.objects.answered_by_author().filter(pk=wish.pk).exists():
        return False
    move(wish, became=Status.SUBMITTED, at=at)
    return True


@transaction.atomic
def close_stale(*, feature_request: FeatureRequest, at: datetime) -> bool:
    """Nobody told what was missing for 30 days. Swept; whether it was done."""
    wish = lock_request(feature_request)
    if wish.status != Status.NEEDS_INFO or at - wish.status_at < STALE_AFTER:
        return False
    if FeatureRequest.objects.answered_by_author().filter(pk=wish.pk).exists():
        return False
    move(wish, became=Status.CLOSED_STALE, at=at)
    return True


@transaction.atomic
def withdraw_request(*, feature_request: FeatureRequest, actor: Fan, at: datetime) -> None:
    """Its author no longer wants it, and hardly anybody else does (at most one vote)."""
    wish = lock_request(feature_request)
    if wish.author_id != actor.pk:
        raise NotAllowed
    if wish.status == Status.WITHDRAWN:
        return
    if wish.status not in OPEN:
        raise NotInThatState(wish)
    if wish.votes.count() > 1 or wish.shown_here.exists():
        raise HasVotes
    move(wish, became=Status.WITHDRAWN, actor=actor, at=at)
