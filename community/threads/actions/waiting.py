"""First posts wait (A1): until their time comes, or a moderator decides."""

from datetime import datetime

from django.db import transaction

from community.threads.actions.counting import (
    count_new_reply,
    entitle,
    lock_thread_of,
    mark_changed,
    next_floor,
    set_state,
)
from community.threads.actions.refusals import NotAllowed, NotInThatState, RuleMissing
from community.threads.models import Post, State, Thread
from community.threads.permissions import may_moderate_post
from fans.accounts.models import Fan
from fans.audit.actions import record


@transaction.atomic
def publish_waiting(*, post: Post, by: Fan, at: datetime) -> Post:
    """A moderator lets a waiting post appear. Doing so twice is the same as once."""
    locked = lock_thread_of(post)
    if not may_moderate_post(by, locked):
        raise NotAllowed
    if locked.state == State.PUBLISHED:
        return locked
    if locked.state != State.WAITING:
        raise NotInThatState
    _appear(locked, at)
    _write_down(locked, by, at)
    return locked


@transaction.atomic
def publish_approved(*, post: Post, at: datetime) -> Post:
    """Words that staff agreed to before they were posted, as part of a plan, do not wait.

    The site lets them appear: whoever agreed may have left their office since.
    """
    locked = lock_thread_of(post)
    if locked.state == State.WAITING:
        _appear(locked, at)
        _write_down(locked, None, at)
    return locked


def _write_down(post: Post, by: Fan | None, at: datetime) -> None:
    record(
        actor=by,
        verb="published",
        subject=f"post:{post.pk}",
        at=at,
        concerns=post.author,
        scope=f"board:{post.thread.board_id}",
    )


@transaction.atomic
def release_waiting(*, post: Post, at: datetime) -> bool:
    """A waiting post appears by itself when its time has come (A1); false when it may not.

    Asked again under the lock: meanwhile it was rejected, published, or edited into one
    that only a moderator lets through. What somebody wrote who may not write any more
    (banned, muted, suspended, leaving) is left for a moderator.
    """
    locked = lock_thread_of(post)
    is_due = locked.release_at is not None and locked.release_at <= at
    if locked.state != State.WAITING or not is_due:
        return False
    # Their row too: a mute that came first is seen.
    author = Fan.objects.get_queryset().select_for_update(no_key=True).get(pk=locked.author_id)
    if not author.is_active or author.writing_refusal(at):
        locked.release_at = None
        locked.save(update_fields=["release_at"])
        return False
    _appear(locked, at)
    return True


def _appear(post: Post, at: datetime) -> None:
    if post.waited_until is not None:
        set_state(post, State.PUBLISHED, at)  # back in its place, after an edit that waited
        if post.floor == 1:
            entitle(post, post.thread.latest_title)
        return
    thread = post.thread
    if 1 < post.floor < thread.last_floor:
        # Others were faster: it appears as the newest, so nobody has read past it.
        post.floor = next_floor(thread)
    post.state, post.state_at, post.waited_until, post.release_at = State.PUBLISHED, at, at, None
    post.save(update_fields=["floor", "state", "state_at", "waited_until", "release_at"])
    if post.floor > 1:
        count_new_reply(thread, post, at)
    else:
        _open_thread(thread, post, at)


def _open_thread(thread: Thread, post: Post, at: datetime) -> None:
    thread.state = State.PUBLISHED
    Thread.objects.filter(pk=thread.pk).update(
        state=State.PUBLISHED, last_post_at=at, last_author=post.author_id
    )
    mark_changed(thread)


@transaction.atomic
def reject(*, post: Post, by: Fan, rule: str, at: datetime, note: str = "") -> bool:
    """A moderator turns a waiting post down, by a rule (C1); its author may mend and send again.

    False when somebody has done so already.
    """
    if not rule:
        raise RuleMissing
    locked = lock_thread_of(post)
    if not may_moderate_post(by, locked):
        raise NotAllowed
    if locked.state == State.REJECTED:
        return False
    if locked.state != State.WAITING:
        raise NotInThatState
    set_state(locked, State.REJECTED, at, rule=rule, note=note)
    record(
        actor=by,
        verb="rejected",
        subject=f"post:{locked.pk}",
        at=at,
        concerns=locked.author,
        scope=f"board:{locked.thread.board_id}",
        rule=rule,
        reason=note,
    )
    return True
