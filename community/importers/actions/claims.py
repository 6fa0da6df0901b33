"""«This was me»: an imported author's posts come to the fan who wrote them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from community.importers.actions.counts import count_anew
from community.importers.models import AccountClaim
from community.threads.models import Post, Thread
from fans.accounts.models import Fan, PastHandle
from fans.audit.actions import record


class ClaimRefused(Exception):
    """A claim that cannot be made or decided like this."""


class NotImported(ClaimRefused):
    """Nobody's posts were imported under this name, or somebody has them already."""


class OwnClaim(ClaimRefused):
    """Nobody decides what they asked for themselves."""


class AlreadyDecided(ClaimRefused):
    """A colleague decided the other way, or the account went to somebody else."""


def claim_account(*, fan: Fan, imported: Fan, message: str, at: datetime) -> AccountClaim:
    """Say that an imported author is oneself; staff decide. Saying it twice is saying it once."""
    if not imported.imported_as or fan.imported_as:
        raise NotImported
    try:
        with transaction.atomic():
            claim, _is_new = AccountClaim.objects.get_or_create(
                fan=fan,
                imported_as=imported.imported_as,
                decided_at=None,
                defaults={
                    "imported": imported,
                    "imported_name": imported.display_name,
                    "message": message,
                    "claimed_at": at,
                },
            )
    except IntegrityError:  # pressed twice at once
        return AccountClaim.objects.open().get(fan=fan, imported_as=imported.imported_as)
    return claim


@transaction.atomic
def join_accounts(*, claim: AccountClaim, by: Fan, reason: str, at: datetime) -> None:
    """Give the imported posts to the fan who claims them, for good.

    The imported page leads to theirs, and later imports know whose posts these are. Doing it
    again changes nothing.
    """
    locked = _lock(claim, by)
    if locked.joined:
        return
    imported = locked.imported
    if locked.decided_at is not None or imported is None or not imported.imported_as:
        raise AlreadyDecided
    thread_ids = _lock_threads_of(imported)
    people = Fan.objects.get_queryset().filter(pk__in=[imported.pk, locked.fan_id])
    fans = {fan.pk: fan for fan in people.select_for_update().order_by("pk")}
    post_count = _move_words(imported, locked.fan)
    _empty_shell(fans[imported.pk], locked.fan, at)
    count_anew(thread_ids)
    _close(locked, by, reason, at, joined=True)
    _record(locked, by, "accounts joined", reason, at, posts=post_count)
    others = AccountClaim.objects.open().filter(imported_as=locked.imported_as)
    others.update(decided_at=at, decided_by=by)


@transaction.atomic
def decline_claim(*, claim: AccountClaim, by: Fan, reason: str, at: datetime) -> None:
    """Leave the posts where they are; the reason is shown to who asked."""
    locked = _lock(claim, by)
    if locked.joined:
        raise AlreadyDecided
    if locked.decided_at is None:
        _close(locked, by, reason, at, joined=False)
        _record(locked, by, "claim declined", reason, at)


def _lock(claim: AccountClaim, by: Fan) -> AccountClaim:
    # All claims on one name together: joining closes the others, so two who join at once would
    # each wait for the other's claim.
    rivals = AccountClaim.objects.filter(imported_as=claim.imported_as)
    locked = {row.pk: row for row in rivals.select_for_update().order_by("pk")}[claim.pk]
    if locked.fan_id == by.pk:
        raise OwnClaim
    return locked


def _lock_threads_of(imported: Fan) -> list[int]:
    """Threads before fans: whoever replies meanwhile waits, and every count stays right."""
    touched = Thread.objects.filter(
        Q(author=imported) | Q(last_author=imported) | Q(posts__author=imported)
    ).values("pk")
    locked = Thread.objects.filter(pk__in=touched).select_for_update().order_by("pk")
    return list(locked.values_list("pk", flat=True))


def _move_words(imported: Fan, fan: Fan) -> int:
    Thread.objects.filter(author=imported).update(author=fan)
    Thread.objects.filter(last_author=imported).update(last_author=fan)
    return Post.objects.filter(author=imported).update(author=fan)


def _empty_shell(imported: Fan, fan: Fan, at: datetime) -> None:
    """What is left is a row for what was already written down about it; its address moves on."""
    for handle in _handles_of(imported):
        PastHandle.objects.filter(fan=fan, handle__iexact=handle).delete()
        PastHandle.objects.create(fan=fan, handle=handle, given_up_at=at)
    PastHandle.objects.filter(fan=imported).delete()
    imported.handle = f"joined-{imported.pk}"
    imported.imported_as = ""
    imported.erased_at = at
    imported.save(update_fields=["handle", "imported_as", "erased_at"])


def _handles_of(imported: Fan) -> Iterable[str]:
    past = PastHandle.objects.filter(fan=imported).values_list("handle", flat=True)
    return {handle.lower(): handle for handle in [*past, imported.handle]}.values()


def _close(claim: AccountClaim, by: Fan, reason: str, at: datetime, *, joined: bool) -> None:
    claim.joined, claim.reason = joined, reason
    claim.decided_by, claim.decided_at = by, at
    claim.save(update_fields=["joined", "reason", "decided_by", "decided_at"])


def _record(
    claim: AccountClaim, by: Fan, verb: str, reason: str, at: datetime, **details: Any
) -> None:
    record(
        actor=by,
        verb=verb,
        subject=f"fan:{claim.fan_id}",
        at=at,
        concerns=claim.fan,
        reason=reason,
        imported_as=claim.imported_as,
        imported_name=claim.imported_name,
        **details,
    )
