"""What a release makes of a wish, and what its recall takes back (F6, F7)."""

from datetime import datetime

from django.db import transaction

from community.feature_requests.actions.locking import lock_shown
from community.feature_requests.actions.moving import move
from community.feature_requests.actions.refusals import NotOnTheWay, ResponseMissing
from community.feature_requests.actions.standing import stand_again
from community.feature_requests.actions.telling import record_step
from community.feature_requests.models import (
    JUDGED_BROKEN,
    ON_THE_WAY,
    FeatureRequest,
    Status,
    StoryStep,
)
from community.threads.models import Thread
from fans.accounts.models import Fan
from fans.ledger import actions as ledger

CO_REQUESTER_POINTS = 15
_SHIPPED = "shipped"


@transaction.atomic
def ship(
    *,
    feature_request: FeatureRequest,
    release_words: str,
    release_name: str,
    release_url: str,
    release_key: str,
    actor: Fan | None,
    at: datetime,
    release_thread: Thread | None = None,
) -> None:
    """The release that holds it is published: state, points, credit, one notice each (F6).

    Its words are the official response, and stay when the release is hidden; its name goes with the
    release. For the same release again nothing changes. Several wishes in one transaction: by number.
    """
    wish = lock_shown(feature_request)
    if wish.status == Status.SHIPPED and _newest_release(wish) == release_key:
        return
    if wish.status not in ON_THE_WAY:
        raise NotOnTheWay(wish)
    if not release_words:
        raise ResponseMissing
    move(wish, became=Status.SHIPPED, response=release_words, actor=actor, at=at)
    _pay(wish, at)
    step = record_step(
        feature_request=wish,
        kind=_SHIPPED,
        key=release_key,
        at=at,
        url=release_url,
        facts={"name": release_name},
        thread=release_thread,
    )
    if step.happened_at != at:  # shipped again with the release it was recalled with
        StoryStep.objects.filter(pk=step.pk).update(happened_at=at)


@transaction.atomic
def unship(
    *,
    feature_request: FeatureRequest,
    reason: str,
    actor: Fan | None,
    at: datetime,
    release_key: str = "",
) -> None:
    """Its release was withdrawn: back to testing, points reversed, votes standing (F7).

    What shipped again with another release since stays shipped; what was opened again meanwhile
    stays open, and nobody is paid for a release that is no more.
    """
    wish = lock_shown(feature_request)
    if release_key and _newest_release(wish) != release_key:
        return
    if wish.status == Status.SHIPPED:
        move(wish, became=Status.IN_TESTING, reason=reason, actor=actor, at=at)
        stand_again(wish, at)
    ledger.reverse(kind="request.shipped", subject=wish.subject, at=at, reason="withdrawn")


@transaction.atomic
def reopen_broken(*, feature_request: FeatureRequest, at: datetime) -> bool:
    """Those who asked for it say that it is broken: open again, its votes with it (F8, F9).

    Points and thanks stay, for what was asked for was built; shipping again pays nothing more (L4).
    False when it is not shipped any more.
    """
    wish = lock_shown(feature_request)
    if wish.status != Status.SHIPPED:
        return False
    move(wish, became=Status.REOPENED, reason=JUDGED_BROKEN, at=at)
    stand_again(wish, at)
    return True


def _pay(wish: FeatureRequest, at: datetime) -> None:
    for fan, points in _shares(wish):
        ledger.record(
            fan=fan,
            kind="request.shipped",
            subject=wish.subject,
            effective_at=at,
            at=at,
            points=points,
        )


def _newest_release(wish: FeatureRequest) -> str:
    steps = wish.story_steps.filter(kind=_SHIPPED).order_by("-happened_at", "-pk")
    return steps.values_list("key", flat=True).first() or ""


def _shares(wish: FeatureRequest) -> list[tuple[Fan, int | None]]:
    """Its author in full, those who asked for the same half; by number, as the ledger asks."""
    merged = FeatureRequest.objects.filter(shown_as=wish.pk).select_related("author")
    shares: dict[Fan, int | None] = {row.author: CO_REQUESTER_POINTS for row in merged}
    shares[wish.author] = None  # what the table of points says
    return sorted(shares.items(), key=lambda share: share[0].pk)
