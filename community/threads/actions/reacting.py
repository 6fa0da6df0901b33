from datetime import datetime

from django.db import transaction
from django.db.models import F

from community.threads import earning
from community.threads.actions.counting import lock_thread_of, mark_changed
from community.threads.actions.refusals import NotAllowed
from community.threads.models import Post, Reaction, ReactionKind
from community.threads.permissions import may_react
from fans.accounts.models import Fan


@transaction.atomic
def react(*, post: Post, fan: Fan, kind: ReactionKind, at: datetime) -> None:
    """Like somebody's post, or mark it helpful. Twice is the same as once."""
    locked = lock_thread_of(post)
    if not may_react(fan, locked):
        raise NotAllowed
    if locked.reactions.filter(fan=fan, kind=kind).exists():
        return
    Reaction.objects.create(post=locked, fan=fan, kind=kind, reacted_at=at)
    _count(locked, kind, +1, at)


@transaction.atomic
def unreact(*, post: Post, fan: Fan, kind: ReactionKind, at: datetime) -> None:
    """Take a reaction back, whatever became of the post."""
    locked = lock_thread_of(post)
    taken_back, _ = locked.reactions.filter(fan=fan, kind=kind).delete()
    if taken_back:
        _count(locked, kind, -1, at)


def _count(post: Post, kind: ReactionKind, step: int, at: datetime) -> None:
    column = f"{ReactionKind(kind).value}_count"
    Post.objects.filter(pk=post.pk).update(**{column: F(column) + step})
    mark_changed(post.thread)
    if kind == ReactionKind.HELPFUL:
        earning.helpful_marks_count(post, at)
