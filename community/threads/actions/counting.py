"""The thread's row: the lock everything queues up behind, and the counts kept on it.

Counts move by one and are never recounted here, so a reply costs the same in a thread of
ten and of ten thousand. `manage.py recount_threads` repairs what a bug or a hand has spoiled.
"""

from datetime import datetime

from django.db.models import F
from django.db.models.functions import Coalesce

from community.markdown import language_of
from community.threads import earning
from community.threads.actions.prepared import RowLock
from community.threads.models import Post, State, Thread
from community.threads.slugs import slug_of

# What a reply asks of its thread.
_ROW_FOR_REPLY = RowLock(
    Thread,
    "board_id",
    "author_id",
    "slug",
    "state",
    "locked_at",
    "last_floor",
    "last_given_floor",
)


def lock_thread(thread: Thread) -> Thread:
    """Whoever changes a thread or its posts takes this lock first; fans come after."""
    return _lock(thread.pk)


def lock_thread_for_reply(thread: Thread) -> Thread:
    """The same lock, with the few columns that a reply asks for; the board as it was handed in."""
    locked = _ROW_FOR_REPLY.take(thread.pk)
    if locked.board_id == thread.board_id:
        locked.board = thread.board
    return locked


def lock_thread_of(post: Post) -> Post:
    """The post as it stands now, with its thread locked."""
    locked = _lock(post.thread_id)
    fresh = Post.objects.select_related("author").get(pk=post.pk)
    fresh.thread = locked
    return fresh


def _lock(thread_id: int) -> Thread:
    # NO KEY: a reader's position or a new reaction may point at the row meanwhile.
    return (
        Thread.objects.select_for_update(of=("self",), no_key=True)
        .select_related("board")
        .get(pk=thread_id)
    )


def next_floor(locked: Thread) -> int:
    return max(locked.last_floor, locked.last_given_floor) + 1


def count_new_reply(locked: Thread, post: Post, at: datetime) -> None:
    """A reply appeared as the newest: the thread rises, and its counts grow by one."""
    Thread.objects.filter(pk=locked.pk).update(
        last_floor=post.floor,
        last_given_floor=max(post.floor, locked.last_given_floor),
        reply_count=F("reply_count") + 1,
        answering_count=F("answering_count") + _is_answering(locked, post),
        last_post_at=at,
        last_author=post.author_id,
        change_count=F("change_count") + 1,
    )


def set_state(
    post: Post,
    state: State,
    at: datetime,
    *,
    thread_state: State | None = None,
    rule: str = "",
    note: str = "",
) -> None:
    """Bring a post of a locked thread into a state; state, counts and answer of the thread follow.

    `thread_state` is where floor 1 leaves its thread, if not in its own state.
    """
    was_shown = post.state == State.PUBLISHED
    post.state, post.state_at = state, at
    post.rule, post.rule_note = rule, note
    post.release_at = None
    post.save(update_fields=["state", "state_at", "rule", "rule_note", "release_at"])
    is_shown = state == State.PUBLISHED
    if post.floor == 1:
        post.thread.state = thread_state or state
        Thread.objects.filter(pk=post.thread_id).update(
            state=post.thread.state, change_count=F("change_count") + 1
        )
    elif was_shown != is_shown:
        _count_again_in_sight(post, at) if is_shown else _count_out_of_sight(post)
    if was_shown != is_shown:
        earning.sight_changed(post, is_shown, at)
    mark_changed(post.thread)


def entitle(post: Post, title: str) -> None:
    """Give the thread of a floor 1 its title; held back while the post waits in a listed thread."""
    thread = post.thread
    if post.state == State.WAITING and thread.state == State.PUBLISHED:
        thread.wanted_title = title if title != thread.title else ""
        thread.save(update_fields=["wanted_title"])
    elif (title, "") != (thread.title, thread.wanted_title):
        thread.title, thread.slug, thread.wanted_title = title, slug_of(title), ""
        thread.language = language_of(title)
        thread.save(update_fields=["title", "slug", "language", "wanted_title"])


def remember_deletion(post: Post, deleted_at: datetime | None) -> None:
    """So that what a moderator does to it meanwhile, once taken back, leaves it deleted."""
    post.deleted_at = deleted_at
    post.save(update_fields=["deleted_at"])


def thread_state_over_deleted(thread: Thread) -> State:
    """Where a deleted floor 1 leaves its thread: others' words are not its author's to take away."""
    return State.PUBLISHED if thread.answering_count > 0 else State.DELETED


def mark_changed(locked: Thread) -> None:
    """Something a page shows is different now: fragments kept of it are stale."""
    Thread.objects.filter(pk=locked.pk).update(change_count=F("change_count") + 1)


def _count_out_of_sight(post: Post) -> None:
    _count(post, -1)
    if post.thread.accepted_answer_id == post.pk:
        Thread.objects.filter(pk=post.thread_id).update(accepted_at=None)


def _count_again_in_sight(post: Post, at: datetime) -> None:
    _count(post, +1)
    if post.thread.accepted_answer_id == post.pk:
        Thread.objects.filter(pk=post.thread_id).update(accepted_at=at)


def _count(post: Post, step: int) -> None:
    newest_at, newest_author = newest_post(post.thread)
    Thread.objects.filter(pk=post.thread_id).update(
        reply_count=F("reply_count") + step,
        answering_count=F("answering_count") + step * _is_answering(post.thread, post),
        last_post_at=newest_at,
        last_author=newest_author,
    )


def newest_post(thread: Thread) -> tuple[datetime, int]:
    """When the newest published post appeared, and whose it is; one step down an index."""
    newest = (
        thread.posts.published()
        .order_by("-floor", "-pk")
        .values_list(Coalesce("waited_until", "created_at"), "author_id")
        .first()
    )
    return newest or (thread.created_at, thread.author_id)


def _is_answering(thread: Thread, post: Post) -> int:
    return int(post.author_id != thread.author_id)
