"""A step of the life of a wish, and all that follows from it, in one transaction (F1)."""

from datetime import datetime

from community.feature_requests.actions.telling import tell_of_status
from community.feature_requests.models import ON_THE_WAY, FeatureRequest, Status, StatusChange
from community.products.models import Team
from fans.accounts.models import Fan
from fans.ledger import actions as ledger


def move(
    wish: FeatureRequest,
    *,
    became: str,
    at: datetime,
    response: str = "",
    reason: str = "",
    promised_for: str = "",
    actor: Fan | None = None,
) -> StatusChange:
    """Write a step of a wish that is locked down, and tell everybody it concerns."""
    change = StatusChange.objects.create(
        feature_request=wish,
        was=wish.status,
        became=became,
        response=response,
        reason=reason,
        promised_for=promised_for,
        actor=actor,
        team=team_of(actor, wish),
        changed_at=at,
    )
    _apply(wish, change)
    _write_deeds(wish, change)
    tell_of_status(wish, change)
    return change


def _apply(wish: FeatureRequest, change: StatusChange) -> None:
    at, became = change.changed_at, change.became
    if change.promised_for:
        wish.promised_for, wish.promise_met_at = change.promised_for, None
    elif wish.promised_for and (change.was, became) == (Status.SHIPPED, Status.REOPENED):
        wish.promise_met_at = wish.promise_met_at or wish.status_at
    if became != wish.status:
        wish.status, wish.status_at = became, at
    wish.team = wish.team or change.team
    if became == Status.REOPENED:  # whoever opens it again owes it an answer again
        wish.answered_at = wish.answer_due_at = None
    elif change.response and wish.answered_at is None:
        wish.answered_at = at
    if became == Status.PLANNED and change.was != Status.PLANNED:
        wish.progress_at = at
    wish.save(
        update_fields=[
            *("status", "status_at", "answered_at", "answer_due_at", "team", "progress_at"),
            *("promised_for", "promise_met_at"),
        ]
    )


def team_of(actor: Fan | None, wish: FeatureRequest) -> Team | None:
    """For whom a member of staff speaks: the team of the wish if it is theirs."""
    if actor is None or not actor.is_staff:
        return None
    teams = list(actor.teams.order_by("pk"))
    return next((team for team in teams if team.pk == wish.team_id), next(iter(teams), None))


def _write_deeds(wish: FeatureRequest, change: StatusChange) -> None:
    """Points and story: what was planned counts, and no longer does when it is not."""
    at = change.changed_at
    if wish.status == change.was:
        return
    if wish.status == Status.PLANNED:
        ledger.record(
            fan=wish.author, kind="request.planned", subject=wish.subject, effective_at=at, at=at
        )
    elif change.was in ON_THE_WAY and wish.status in {Status.UNDER_REVIEW, Status.WITHDRAWN}:
        ledger.reverse(
            kind="request.planned", subject=wish.subject, at=at, reason="no longer planned"
        )
