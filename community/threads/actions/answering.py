from datetime import datetime

from django.db import transaction
from django.db.models import F

from community.threads import earning
from community.threads.actions.counting import lock_thread
from community.threads.actions.refusals import NotAllowed, NotAnAnswer
from community.threads.models import Post, State, Thread
from community.threads.permissions import may_accept_answers
from fans.accounts.models import Fan


@transaction.atomic
def accept_answer(*, post: Post, fan: Fan, at: datetime) -> None:
    """The asker marks the reply that helped; another one takes its place (at most one)."""
    locked = _lock_for(fan, post.thread)
    is_reply = locked.posts.filter(pk=post.pk, floor__gt=1, state=State.PUBLISHED).exists()
    if not is_reply:
        raise NotAnAnswer
    if locked.accepted_answer_id != post.pk or locked.accepted_at is None:
        _forget_answer(locked, at)
        _answer_with(locked, post, at)
        earning.answer_counts(post, fan, at)


@transaction.atomic
def withdraw_answer(*, thread: Thread, fan: Fan, at: datetime) -> None:
    """The question is open again."""
    locked = _lock_for(fan, thread)
    if locked.accepted_answer_id is not None:
        _forget_answer(locked, at)
        _answer_with(locked, None, None)


def _lock_for(fan: Fan, thread: Thread) -> Thread:
    locked = lock_thread(thread)
    if not may_accept_answers(fan, locked):
        raise NotAllowed
    return locked


def _forget_answer(locked: Thread, at: datetime) -> None:
    if locked.accepted_answer_id is not None:
        earning.answer_counts_no_more(locked.accepted_answer_id, at)


def _answer_with(locked: Thread, post: Post | None, at: datetime | None) -> None:
    Thread.objects.filter(pk=locked.pk).update(
        accepted_answer=post, accepted_at=at, change_count=F("change_count") + 1
    )
