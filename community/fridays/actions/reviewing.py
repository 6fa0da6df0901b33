"""Somebody looked at the draft before everyone does (spec §6)."""

from datetime import datetime

from django.db import transaction

from community.fridays.actions.cycles import lock_cycle
from community.fridays.models import Cycle
from fans.accounts.models import Fan
from fans.audit.actions import record


class NotCountedYet(Exception):
    """There is no draft before the freeze."""


@transaction.atomic
def review(*, cycle: Cycle, actor: Fan, at: datetime) -> bool:
    """Say that one has looked at the figures. The first to say so is named; False for others."""
    locked = lock_cycle(cycle.pk)
    if locked.frozen_at is None:
        raise NotCountedYet
    if locked.reviewed_at is not None:
        return False
    locked.reviewed_at, locked.reviewed_by = at, actor
    locked.save(update_fields=["reviewed_at", "reviewed_by"])
    record(actor=actor, verb="draft looked at", subject=locked.subject, at=at)
    return True


@transaction.atomic
def withdraw_review(*, cycle: Cycle, actor: Fan, at: datetime) -> bool:
    """Not looked at after all; False when nobody had."""
    locked = lock_cycle(cycle.pk)
    if locked.reviewed_at is None:
        return False
    locked.reviewed_at = locked.reviewed_by = None
    locked.save(update_fields=["reviewed_at", "reviewed_by"])
    record(actor=actor, verb="draft not looked at", subject=locked.subject, at=at)
    return True
