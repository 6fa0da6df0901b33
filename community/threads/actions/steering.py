"""Switches of moderators on a whole thread. Each is idempotent and written down."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from community.threads import earning
from community.threads.actions.counting import lock_thread, mark_changed
from community.threads.actions.refusals import BoardClosed, NotAllowed
from community.threads.models import Board, Thread
from community.threads.permissions import keeps_order_on, may_moderate, may_steer
from fans.accounts.models import Fan
from fans.audit.actions import record


@transaction.atomic
def feature(*, thread: Thread, by: Fan, at: datetime) -> None:
    """Put a thread forward as worth everybody's time; never one's own."""
    if _switch(thread, "featured_at", True, by, at, may_moderate):
        earning.feature_counts(thread, at)


@transaction.atomic
def unfeature(*, thread: Thread, by: Fan, at: datetime) -> None:
    if _switch(thread, "featured_at", False, by, at, may_moderate):
        earning.feature_counts_no_more(thread, at)


@transaction.atomic
def pin(*, thread: Thread, by: Fan, at: datetime) -> None:
    """Keep a thread at the top of its board."""
    _switch(thread, "pinned_at", True, by, at, may_steer)


@transaction.atomic
def unpin(*, thread: Thread, by: Fan, at: datetime) -> None:
    _switch(thread, "pinned_at", False, by, at, may_steer)


@transaction.atomic
def lock(*, thread: Thread, by: Fan, at: datetime) -> None:
    """Close a thread: all may read it, nobody writes in it."""
    _switch(thread, "locked_at", True, by, at, may_steer)


@transaction.atomic
def unlock(*, thread: Thread, by: Fan, at: datetime) -> None:
    _switch(thread, "locked_at", False, by, at, may_steer)


@transaction.atomic
def move(*, thread: Thread, board: Board, by: Fan, at: datetime, reason: str = "") -> None:
    """Put a thread on another board; the mover keeps order on both."""
    locked = lock_thread(thread)
    if not may_steer(by, locked) or not keeps_order_on(by, board):
        raise NotAllowed
    if locked.board_id == board.pk:
        return
    if board.archived_at is not None:
        raise BoardClosed
    origin = locked.board
    locked.board = board
    locked.save(update_fields=["board"])
    mark_changed(locked)
    record(
        actor=by,
        verb="moved",
        subject=f"thread:{locked.pk}",
        at=at,
        concerns=locked.author,
        scope=f"board:{board.pk}",
        reason=reason,
        origin=origin.slug,
        destination=board.slug,
    )


_VERBS = {
    ("featured_at", True): "featured",
    ("featured_at", False): "unfeatured",
    ("pinned_at", True): "pinned",
    ("pinned_at", False): "unpinned",
    ("locked_at", True): "locked",
    ("locked_at", False): "unlocked",
}


def _switch(
    thread: Thread,
    field: str,
    wanted: bool,
    by: Fan,
    at: datetime,
    may: Callable[[Fan, Thread], bool],
) -> bool:
    """Whether it was not so before."""
    locked = lock_thread(thread)
    if not may(by, locked):
        raise NotAllowed
    if (getattr(locked, field) is not None) == wanted:
        return False
    setattr(locked, field, at if wanted else None)
    locked.save(update_fields=[field])
    mark_changed(locked)
    record(
        actor=by,
        verb=_VERBS[field, wanted],
        subject=f"thread:{locked.pk}",
        at=at,
        concerns=locked.author,
        scope=f"board:{locked.board_id}",
    )
    return True
