"""Whether everybody sees a public item: first words wait (A1), and staff may hide one."""

from datetime import datetime

from django.db import transaction

from community.feedback.actions.filing import lock_item
from community.feedback.models import FeedbackItem
from community.screening.rules import releases_by_themselves
from fans.accounts.models import Fan
from fans.audit.actions import record


@transaction.atomic
def show(*, item: FeedbackItem, actor: Fan, at: datetime) -> bool:
    """Let everybody read it. What its reporter kept from the public stays so. False: it was."""
    locked = lock_item(item)
    if not locked.is_public or locked.hidden_at is None:
        return False
    _let_be_seen(locked)
    record(
        actor=actor, verb="feedback shown", subject=locked.subject, at=at,
        concerns=locked.reporter,
    )  # fmt: skip
    return True


@transaction.atomic
def hide(*, item: FeedbackItem, actor: Fan, at: datetime) -> bool:
    """Keep it between its reporter and the company. False: it was so."""
    locked = lock_item(item)
    if not locked.is_public or locked.hidden_at is not None:
        return False
    locked.hidden_at, locked.release_at = at, None
    locked.save(update_fields=["hidden_at", "release_at"])
    record(
        actor=actor, verb="feedback hidden", subject=locked.subject, at=at,
        concerns=locked.reporter,
    )  # fmt: skip
    return True


@transaction.atomic
def release(*, item: FeedbackItem, at: datetime) -> bool:
    """A1: first words appear by themselves, unless so many wait that a person must look."""
    locked = lock_item(item)
    is_due = locked.release_at is not None and locked.release_at <= at
    if not is_due or not releases_by_themselves(FeedbackItem.objects.waiting().count()):
        return False
    _let_be_seen(locked)
    return True


def _let_be_seen(item: FeedbackItem) -> None:
    item.hidden_at = item.release_at = None
    item.save(update_fields=["hidden_at", "release_at"])
