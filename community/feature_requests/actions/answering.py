"""What the company says to a wish, and where it moves with it (F1)."""

from datetime import datetime, timedelta

from django.db import transaction

from community.feature_requests.actions.locking import lock_fan, lock_request
from community.feature_requests.actions.refusals import (
    HasVotes,
    NoSuchWeek,
    NotAllowed,
    NotInThatState,
    ReasonMissing,
    ResponseMissing,
)
from community.feature_requests.actions.telling import record_step, tell_of_status
from community.feature_requests.graph import NEEDS_RESPONSE, needs_reason, steps_from
from community.feature_requests.models import (
    OPEN,
    FeatureRequest,
    ProgressNote,
    Status,
    StatusChange,
)
from community.feature_requests.permissions import may_answer, may_triage
from community.products.models import Team
from fans.accounts.models import Fan
from fans.audit.actions import record
from fans.clock.weeks import monday_of
from fans.ledger import actions as ledger

STALE_AFTER = timedelta(days=30)  # without an answer of its author
_ASKS_NOBODY = {Status.UNDER_REVIEW, Status.SUBMITTED}


@transaction.atomic
def change_status(
    *,
    feature_request: FeatureRequest,
    became: str,
    response: str = "",
    reason: str = "",
    actor: Fan,
    at: datetime,
    promised_for: str = "",
) -> StatusChange | None:
    """Answer a wish and move it along the graph (F1). None when it stood there already.

    `promised_for` is a week, "2026-W50": kept or publicly overdue.
    """
    wish = lock_request(feature_request)
    if not may_triage(actor, wish):
        raise NotAllowed
    if wish.status == became:
        return None
    if became not in steps_from(wish.status, is_staff=actor.is_staff):
        raise NotInThatState(wish)
    if became in NEEDS_RESPONSE and not response:
        raise ResponseMissing
    if needs_reason(wish.status, became) and not reason:
        raise ReasonMissing
    if promised_for and became == Status.PLANNED:
        wish.promised_for = _week(promised_for)
    change = move(wish, became=became, response=response, reason=reason, actor=actor, at=at)
    record(
        actor=actor,
        verb="wish moved",
        subject=wish.subject,
        at=at,
        concerns=wish.author,
        scope=f"board:{wish.thread.board_id}",
        reason=reason,
        became=became,
    )
    return change


def move(
    wish: FeatureRequest,
    *,
    became: str,
    at: datetime,
    response: str = "",
    reason: str = "",
    actor: Fan | None = None,
) -> StatusChange:
    """Write a step of the life of a wish that is locked, and all that follows from it."""
    team = _team_of(actor)
    change = StatusChange.objects.create(
        feature_request=wish,
        was=wish.status,
        became=became,
        response=response,
        reason=reason,
        actor=actor,
        team=team,
        changed_at=at,
    )
    was, wish.status, wish.status_at = wish.status, became, at
    if response and wish.answered_at is None:
        wish.answered_at = at
    wish.team = team or wish.team
    wish.progress_at = at if became == Status.PLANNED else wish.progress_at
    wish.save(
        update_fields=[
            *("status", "status_at", "answered_at", "team", "progress_at", "promised_for")
        ]
    )
    _write_deeds(wish, was, at)
    if became not in _ASKS_NOBODY or was in {Status.DECLINED, Status.SHIPPED, Status.CLOSED_STALE}:
        tell_of_status(wish, key=f"status_change:{change.pk}", actor=actor, at=at)
    return change


def _write_deeds(wish: FeatureRequest, was: str, at: datetime) -> None:
    """Points and story: what was planned counts, and no longer does when it is not."""
    if wish.status == Status.PLANNED:
        ledger.record(
            fan=wish.author, kind="request.planned", subject=wish.subject, effective_at=at, at=at
        )
        record_step(
            feature_request=wish,
            kind="planned",
            key=f"planned:{at:%Y-%m-%d}",
            at=at,
            url=wish.get_absolute_url(),
        )
    elif was not in {Status.SHIPPED, Status.DECLINED} and wish.status in {
        *(Status.UNDER_REVIEW, Status.WITHDRAWN),
    }:
        ledger.reverse(
            kind="request.planned", subject=wish.subject, at=at, reason="no longer planned"
        )


def _team_of(actor: Fan | None) -> Team | None:
    if actor is None or not actor.is_staff:
        return None
    return actor.teams.order_by("pk").first()


def _week(text: str) -> str:
    try:
        monday_of(text)
    except ValueError as error:
        raise NoSuchWeek from error
    return text


@transaction.atomic
def write_note(
    *, feature_request: FeatureRequest, words: str, actor: Fan, at: datetime
) -> ProgressNote:
    """Say how it goes, without a change of status."""
    wish = lock_request(feature_request)
    if not may_answer(actor):
        raise NotAllowed
    if not words:
        raise ResponseMissing
    if wish.status == Status.MERGED:
        raise NotInThatState(wish)
    same = wish.progress_notes.filter(author=actor, words=words, written_at__gt=at - NOTE_PAUSE)
    if (known := same.first()) is not None:
        return known
    note = ProgressNote.objects.create(
        feature_request=wish, author=actor, team=_team_of(actor), words=words, written_at=at
    )
    wish.progress_at = at
    wish.save(update_fields=["progress_at"])
    return note


NOTE_PAUSE = timedelta(minutes=5)  # within which the same words are the same note


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
