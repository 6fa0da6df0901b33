"""Voices heard away from the site: beside the votes, never among them (F3)."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.db.models import F, Q

from community.feature_requests.actions.locking import lock_shown
from community.feature_requests.actions.refusals import NotAllowed, VotingClosed
from community.feature_requests.actions.telling import record_step
from community.feature_requests.models import Channel, FeatureRequest, OfflineSupport
from community.feature_requests.permissions import may_triage
from community.threads.models import State
from fans.accounts.models import Fan
from fans.audit.actions import record
from fans.places.models import Place


@transaction.atomic
def add_offline_support(
    *, feature_request: FeatureRequest, count: int, at: datetime, url: str = "", key: str = ""
) -> None:
    """Voices on paper that another room has counted; with a key, «batch:12», once."""
    wish = lock_shown(feature_request)
    _add(wish, key=key or str(uuid4()), url=url, count=count, recorded_at=at)


@transaction.atomic
def record_offline_support(
    *,
    feature_request: FeatureRequest,
    channel: str,
    count: int,
    place: Place | None = None,
    source: str = "",
    actor: Fan,
    submission_key: str,
    at: datetime,
) -> OfflineSupport:
    """Write down how many asked for it on paper, by telephone or in a room. The same form twice
    is one row (C3).
    """
    wish = lock_shown(feature_request)
    if not may_triage(actor, wish):
        raise NotAllowed
    key = f"form:{actor.pk}:{submission_key}"
    if known := _known(wish, key):
        return known
    if not wish.takes_votes or wish.thread.state != State.PUBLISHED:
        raise VotingClosed
    support = _add(
        wish,
        key=key,
        channel=channel,
        count=count,
        place=place,
        source=source,
        recorded_by=actor,
        recorded_at=at,
    )
    _log("offline voices recorded", wish, support, actor, at)
    return support


@transaction.atomic
def withdraw_offline_support(*, support: OfflineSupport, actor: Fan, at: datetime) -> None:
    """They were written down by mistake: out of the count, and of the story. Again changes
    nothing.
    """
    wish = lock_shown(support.feature_request)
    if not may_triage(actor, wish):
        raise NotAllowed
    standing = OfflineSupport.objects.filter(pk=support.pk, withdrawn_at=None)
    if not standing.update(withdrawn_at=at):
        return
    wishes = FeatureRequest.objects.filter(pk=wish.pk)
    wishes.update(offline_count=F("offline_count") - support.count)
    support.feature_request.story_steps.filter(kind="paper", key=support.key).delete()
    _log("offline voices withdrawn", wish, support, actor, at)


def _add(
    wish: FeatureRequest,
    *,
    key: str,
    count: int,
    recorded_at: datetime,
    url: str = "",
    channel: str = Channel.PAPER,
    place: Place | None = None,
    source: str = "",
    recorded_by: Fan | None = None,
) -> OfflineSupport:
    if known := _known(wish, key):
        return known
    support = OfflineSupport.objects.create(
        feature_request=wish,
        key=key,
        channel=channel,
        count=count,
        place=place,
        source=source,
        recorded_by=recorded_by,
        recorded_at=recorded_at,
    )
    FeatureRequest.objects.filter(pk=wish.pk).update(offline_count=F("offline_count") + count)
    facts = {"count": count, "channel": str(channel)}
    record_step(feature_request=wish, kind="paper", key=key, at=recorded_at, url=url, facts=facts)
    return support


def _known(wish: FeatureRequest, key: str) -> OfflineSupport | None:
    """The same voices, written down on it or on what is merged into it by now."""
    here = Q(feature_request=wish.pk) | Q(feature_request__shown_as=wish.pk)
    return OfflineSupport.objects.filter(here, key=key).first()


def _log(
    verb: str, wish: FeatureRequest, support: OfflineSupport, actor: Fan, at: datetime
) -> None:
    record(
        actor=actor,
        verb=verb,
        subject=wish.subject,
        at=at,
        concerns=wish.author,
        scope=f"board:{wish.thread.board_id}",
        count=support.count,
        channel=support.channel,
    )
