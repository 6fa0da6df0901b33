"""Proposing somebody for honorary developer, and the two who decide (T12)."""

from datetime import datetime

from django.db import IntegrityError, transaction

from fans.accounts.models import Fan, Role
from fans.audit.actions import record
from fans.tiers.actions.refusals import (
    NoLongerOpen,
    NominatedAlready,
    NotAllowed,
    ReasonMissing,
)
from fans.tiers.actions.standing import lock_rules
from fans.tiers.deciding import assess, passes, rows_of
from fans.tiers.models import OPEN_NOMINATIONS, Nomination, NominationState, Tier
from fans.tiers.permissions import may_nominate, may_review
from fans.tiers.rules import ELIGIBLE


@transaction.atomic
def nominate(*, nominee: Fan, nominator: Fan, statement: str, at: datetime) -> Nomination:
    """Propose a core fan, with what the ledger says for them; `ineligible` when it says too
    little (T12).
    """
    person = Fan.objects.select_for_update(of=("self",), no_key=True).get(pk=nominee.pk)
    if nominator.writing_refusal(at) or not may_nominate(nominator, person, at):
        raise NotAllowed
    if Nomination.objects.filter(nominee=person, state__in=OPEN_NOMINATIONS).exists():
        raise NominatedAlready
    [found] = assess([Fan.objects.get_queryset().select_related("standing").get(pk=person.pk)], at)
    is_eligible = found.tier == Tier.CORE and passes(ELIGIBLE, found.facts)
    try:
        with transaction.atomic():
            nomination: Nomination = Nomination.objects.create(
                nominee=person,
                nominator=nominator,
                statement=statement,
                evidence=rows_of("eligible", found.facts),
                state=(NominationState.UNDER_REVIEW if is_eligible else NominationState.INELIGIBLE),
                state_at=at,
                created_at=at,
            )
    except IntegrityError:
        raise NominatedAlready from None
    return nomination


@transaction.atomic
def approve_nomination(*, nomination: Nomination, by: Fan, at: datetime) -> Nomination:
    """One of two agrees: a moderator and somebody of the staff, neither of them part of it."""
    locked = _lock_for_review(nomination, by)
    office = "moderator" if by.role == Role.MODERATOR else "staff"
    if getattr(locked, f"{office}_id") == by.pk:
        return locked
    if locked.state != NominationState.UNDER_REVIEW or getattr(locked, f"{office}_id"):
        raise NoLongerOpen
    setattr(locked, office, by)
    if locked.moderator_id and locked.staff_id:
        locked.state, locked.state_at, locked.approved_at = NominationState.APPROVED, at, at
    locked.save(update_fields=[office, "state", "state_at", "approved_at"])
    _record("nomination approved", locked, by, at)
    return locked


@transaction.atomic
def reject_nomination(*, nomination: Nomination, by: Fan, reason: str, at: datetime) -> Nomination:
    """Either of the two turns it down, and says why."""
    if not reason:
        raise ReasonMissing
    locked = _lock_for_review(nomination, by)
    if locked.state != NominationState.UNDER_REVIEW:
        raise NoLongerOpen
    locked.state, locked.state_at, locked.reason = NominationState.REJECTED, at, reason
    locked.save(update_fields=["state", "state_at", "reason"])
    _record("nomination rejected", locked, by, at, reason)
    return locked


@transaction.atomic
def withdraw_nomination(*, nomination: Nomination, by: Fan, at: datetime) -> Nomination:
    """Whoever made it, or is named in it, takes it back before there is a seat."""
    lock_rules()
    locked = _lock(nomination)
    if by.pk not in {locked.nominator_id, locked.nominee_id}:
        raise NotAllowed
    if locked.state == NominationState.WITHDRAWN:
        return locked
    if locked.state not in OPEN_NOMINATIONS:
        raise NoLongerOpen
    locked.state, locked.state_at = NominationState.WITHDRAWN, at
    locked.save(update_fields=["state", "state_at"])
    return locked


def _lock(nomination: Nomination) -> Nomination:
    locked: Nomination = Nomination.objects.select_for_update(no_key=True).get(pk=nomination.pk)
    return locked


def _lock_for_review(nomination: Nomination, by: Fan) -> Nomination:
    locked = _lock(nomination)
    if not may_review(by, locked):
        raise NotAllowed
    return locked


def _record(verb: str, nomination: Nomination, by: Fan, at: datetime, reason: str = "") -> None:
    record(
        actor=by,
        verb=verb,
        subject=f"nomination:{nomination.pk}",
        at=at,
        concerns=nomination.nominee,
        scope="site",
        reason=reason,
    )
