"""What moderators do to posts (spec §4, §9). Never to their own; every act is written down."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from community.threads import earning
from community.threads.actions.counting import lock_thread_of, set_state, thread_state_over_deleted
from community.threads.actions.refusals import NotAllowed, NotInThatState, RuleMissing
from community.threads.models import Post, State
from community.threads.permissions import may_moderate_post
from fans.accounts.models import Fan
from fans.audit.actions import record


@transaction.atomic
def hide(*, post: Post, by: Fan | None, at: datetime, rule: str = "", reason: str = "") -> Post:
    """Take a post out of sight until somebody has looked at it; `by=None` is the site itself.

    Its author reads the rule and the reason on the post. One its author deleted is theirs no
    longer to restore.
    """
    locked = _lock_for(by, post)
    says_more = rule and (rule, reason) != (locked.rule, locked.rule_note)
    if _must_move(locked, State.HIDDEN, {State.PUBLISHED, State.DELETED}) or says_more:
        set_state(locked, State.HIDDEN, at, rule=rule, note=reason)
        _record(by, "hidden", locked, at, rule=rule, reason=reason)
    return locked


@transaction.atomic
def restore(*, post: Post, by: Fan | None, at: datetime, reason: str = "") -> Post:
    """Show a hidden post again, where it was; one its author had deleted stays deleted."""
    locked = _lock_for(by, post)
    if _must_move(locked, _state_before(locked), {State.HIDDEN}):
        _put_back(locked, at)
        _record(by, "restored", locked, at, reason=reason)
    return locked


@transaction.atomic
def remove(*, post: Post, by: Fan, rule: str, at: datetime, note: str = "") -> Post:
    """Remove a post by a rule (C1); the stub that stays says which.

    A post its author deleted too: otherwise they would restore it after the decision.
    """
    if not rule:
        raise RuleMissing
    locked = _lock_for(by, post)
    if _must_move(locked, State.REMOVED, {State.PUBLISHED, State.HIDDEN, State.DELETED}):
        set_state(locked, State.REMOVED, at, rule=rule, note=note)
        _record(by, "removed", locked, at, rule=rule, reason=note)
        earning.removal_counts(locked, at)
    return locked


@transaction.atomic
def reinstate(*, post: Post, by: Fan, at: datetime, reason: str = "") -> Post:
    """Take a removal back, as after an appeal; one its author had deleted stays deleted."""
    locked = _lock_for(by, post)
    if _must_move(locked, _state_before(locked), {State.REMOVED}):
        _put_back(locked, at)
        _record(by, "reinstated", locked, at, reason=reason)
        earning.removal_counts_no_more(locked, at)
    return locked


def _lock_for(by: Fan | None, post: Post) -> Post:
    locked = lock_thread_of(post)
    if by is not None and not may_moderate_post(by, locked):
        raise NotAllowed
    return locked


def _must_move(post: Post, wanted: State, states: Collection[State]) -> bool:
    """False when it is there already; a refusal when the way is not open."""
    if post.state == wanted:
        return False
    if post.state not in states:
        raise NotInThatState
    return True


def _state_before(post: Post) -> State:
    return State.PUBLISHED if post.deleted_at is None else State.DELETED


def _put_back(post: Post, at: datetime) -> None:
    state = _state_before(post)
    is_deleted = state == State.DELETED
    set_state(
        post,
        state,
        at,
        thread_state=thread_state_over_deleted(post.thread) if is_deleted else None,
    )


def _record(
    by: Fan | None, verb: str, post: Post, at: datetime, rule: str = "", reason: str = ""
) -> None:
    record(
        actor=by,
        verb=verb,
        subject=f"post:{post.pk}",
        at=at,
        concerns=post.author,
        scope=f"board:{post.thread.board_id}",
        rule=rule,
        reason=reason,
    )
