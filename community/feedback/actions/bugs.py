"""A fault is real: staff confirm it, and whoever found it has earned something (spec §2)."""

from datetime import datetime

from django.db import transaction

from community.feedback.actions.filing import lock_item
from community.feedback.actions.refusals import NotTheirs
from community.feedback.models import FeedbackItem, ItemState
from community.feedback.rules import bug_points
from fans.accounts.models import Fan
from fans.audit.actions import record as log
from fans.ledger.actions import record, reverse

KIND = "bug.confirmed"


@transaction.atomic
def confirm_bug(*, item: FeedbackItem, actor: Fan, at: datetime) -> bool:
    """The first reporter in full; half for those who said «I have this too» or told it again.

    Whoever says so only afterwards earns nothing. False when it was confirmed already.
    """
    locked = lock_item(item)
    if locked.bug_confirmed_at is not None:
        return False
    if locked.state == ItemState.DUPLICATE or locked.reporter_id == actor.pk:
        raise NotTheirs
    locked.bug_confirmed_at = at
    locked.save(update_fields=["bug_confirmed_at"])
    said_at = _those_who_said_so(locked)
    for fan in Fan.objects.get_queryset().filter(pk__in=said_at).order_by("pk"):
        points = bug_points(locked.severity, is_first=fan.pk == locked.reporter_id)
        record(
            fan=fan, kind=KIND, subject=locked.subject, effective_at=said_at[fan.pk], at=at,
            points=points,
        )  # fmt: skip
    log(actor=actor, verb="bug confirmed", subject=locked.subject, at=at)
    return True


@transaction.atomic
def withdraw_confirmation(*, item: FeedbackItem, actor: Fan, at: datetime) -> bool:
    """It was none after all: what was earned by it is taken back. False: none was confirmed."""
    locked = lock_item(item)
    if locked.bug_confirmed_at is None:
        return False
    locked.bug_confirmed_at = None
    locked.save(update_fields=["bug_confirmed_at"])
    reverse(kind=KIND, subject=locked.subject, at=at, reason="withdrawn")
    log(actor=actor, verb="bug unconfirmed", subject=locked.subject, at=at)
    return True


def pay_for_duplicate(*, original: FeedbackItem, duplicate: FeedbackItem, at: datetime) -> None:
    """Told again before it was known for sure: half, like the others."""
    confirmed_at, fan = original.bug_confirmed_at, duplicate.reporter
    if confirmed_at is None or fan is None or fan.pk == original.reporter_id:
        return
    if duplicate.created_at <= confirmed_at:
        record(
            fan=fan, kind=KIND, subject=original.subject, effective_at=duplicate.created_at,
            at=at, points=bug_points(original.severity, is_first=False),
        )  # fmt: skip


def _those_who_said_so(item: FeedbackItem) -> dict[int, datetime]:
    """Each fan once, with the moment of their first word."""
    told = item.duplicates.exclude(reporter=None).values_list("reporter", "created_at")
    said = [*item.me_toos.values_list("fan", "said_at"), *told]
    first: dict[int, datetime] = {}
    for fan, at in said:
        first[fan] = min(at, first.get(fan, at))
    if item.reporter_id is not None:
        first[item.reporter_id] = item.created_at
    return first
