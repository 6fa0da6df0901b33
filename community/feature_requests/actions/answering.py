"""What the company says to a wish, and where it moves with it (F1)."""

from datetime import datetime, timedelta

from django.db import transaction

from community.feature_requests.actions.locking import lock_request
from community.feature_requests.actions.moving import move, team_of
from community.feature_requests.actions.refusals import (
    NoSuchWeek,
    NotAllowed,
    NotInThatState,
    ReasonMissing,
    ResponseMissing,
)
from community.feature_requests.actions.standing import stand_again
from community.feature_requests.actions.telling import tell_of_note
from community.feature_requests.graph import NEEDS_RESPONSE, needs_reason, steps_from
from community.feature_requests.models import (
    ON_THE_WAY,
    FeatureRequest,
    ProgressNote,
    Status,
    StatusChange,
)
from community.feature_requests.permissions import may_answer, may_triage
from community.products.models import Team
from fans.accounts.models import Fan
from fans.audit.actions import record
from fans.clock.weeks import monday_of, week_at

NOTE_PAUSE = timedelta(minutes=5)  # within which the same words are the same note


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
    week = _week_named(wish, promised_for, reason, at) if became in ON_THE_WAY else ""
    change = move(
        wish,
        became=became,
        response=response,
        reason=reason,
        promised_for=week,
        actor=actor,
        at=at,
    )
    if became == Status.REOPENED:
        stand_again(wish, at)
    _record(wish, "wish moved", actor, at, reason, became=became)
    return change


@transaction.atomic
def promise(
    *, feature_request: FeatureRequest, week: str, reason: str = "", actor: Fan, at: datetime
) -> StatusChange | None:
    """Name the week in which it ships, or another one with the reason: kept or publicly overdue.

    None when that week was named already.
    """
    wish = lock_request(feature_request)
    if not may_answer(actor):
        raise NotAllowed
    if wish.status not in ON_THE_WAY:
        raise NotInThatState(wish)
    if not week:
        raise NoSuchWeek
    if not (named := _week_named(wish, week, reason, at)):
        return None
    change = move(wish, became=wish.status, reason=reason, promised_for=named, actor=actor, at=at)
    _record(wish, "week promised", actor, at, reason, week=named)
    return change


def _week_named(wish: FeatureRequest, week: str, reason: str, at: datetime) -> str:
    """The week that is promised anew; empty when none is. A promise is moved, never dropped."""
    if not week or week == wish.owed_week:
        return ""
    try:
        monday_of(week)
    except ValueError as error:
        raise NoSuchWeek from error
    if week < week_at(at):
        raise NoSuchWeek
    if wish.owed_week and not reason:
        raise ReasonMissing
    return week


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
        feature_request=wish, author=actor, team=team_of(actor, wish), words=words, written_at=at
    )
    wish.progress_at = at
    wish.save(update_fields=["progress_at"])
    tell_of_note(wish, note)
    return note


@transaction.atomic
def assign_team(
    *, feature_request: FeatureRequest, team: Team | None, actor: Fan, at: datetime
) -> Team | None:
    """Say which team answers for it; the one that did until now."""
    wish = lock_request(feature_request)
    if not may_triage(actor, wish):
        raise NotAllowed
    before = wish.team
    if wish.team_id != (team.pk if team else None):
        wish.team = team
        wish.save(update_fields=["team"])
        _record(wish, "wish assigned", actor, at, team=team.name if team else "")
    return before


def _record(
    wish: FeatureRequest, verb: str, actor: Fan, at: datetime, reason: str = "", **facts: str
) -> None:
    record(
        actor=actor,
        verb=verb,
        subject=wish.subject,
        at=at,
        concerns=wish.author,
        scope=f"board:{wish.thread.board_id}",
        reason=reason,
        **facts,
    )
