from datetime import datetime

from django.db import transaction

from community.moderation.actions.refusals import DecidedByColleague, HeldByColleague, NotAllowed
from community.moderation.models import Case
from community.moderation.permissions import may_decide
from fans.accounts.models import Fan


@transaction.atomic
def claim(*, case: Case, by: Fan, at: datetime) -> None:
    """Say «I am on it» for half an hour; doing so again begins the half hour anew."""
    locked = lock_for_deciding(case, by, at)
    locked.claimed_by, locked.claimed_at = by, at
    locked.save(update_fields=["claimed_by", "claimed_at"])


@transaction.atomic
def withdraw_claim(*, case: Case, by: Fan) -> None:
    """Leave a case to whoever comes next."""
    Case.objects.filter(pk=case.pk, claimed_by=by).update(claimed_by=None, claimed_at=None)


def lock_for_deciding(case: Case, by: Fan, at: datetime) -> Case:
    """The open case, locked and free for this person. Its thread is locked after it, never before."""
    locked = (
        Case.objects.select_for_update(of=("self",))
        .select_related("post__thread__board", "post__author", "about", "claimed_by")
        .get(pk=case.pk)
    )
    if not may_decide(by, locked):
        raise NotAllowed
    if locked.decided_at is not None:
        raise DecidedByColleague
    holder = locked.holder(at)
    if holder is not None and holder.pk != by.pk:
        raise HeldByColleague(holder)
    return locked
