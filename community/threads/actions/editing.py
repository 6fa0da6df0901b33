from datetime import datetime, timedelta
from hashlib import blake2b

from django.db import transaction

from community.screening.rules import FIRST_POSTS
from community.threads.actions.counting import entitle, lock_thread_of, mark_changed, set_state
from community.threads.actions.refusals import EditedMeanwhile, NotAllowed
from community.threads.actions.screening import judge, lock_author
from community.threads.actions.words import Words, hold_pictures, prepare
from community.threads.models import Post, PostRevision, State
from community.threads.permissions import may_edit, may_moderate_post
from fans.accounts.models import Fan
from fans.audit.actions import record

SILENT_FOR = timedelta(minutes=5)


def wording_of(post: Post) -> str:
    """A short mark of what a post says; the form carries the one it showed."""
    said = f"{post.thread.latest_title if post.floor == 1 else ''}\0{post.source}"
    return blake2b(said.encode(), digest_size=12).hexdigest()


def edit_post(
    *,
    post: Post,
    editor: Fan,
    source: str,
    at: datetime,
    title: str = "",
    reason: str = "",
    seen: str = "",
) -> Post:
    """Change one's own words. What they said before stays in the history from 5 minutes on.

    `title` counts on floor 1 alone. `seen` is `wording_of` the post when the form was shown:
    if it says something else by now, the edit is refused and both texts are kept.
    An edit that adds what a moderator must see waits like a new post (A1); a rejected post
    that was mended waits again. While floor 1 waits over replies by others, which stay readable,
    its thread keeps the old title in public and takes the new one when the post appears.
    """
    words = prepare(source)
    return _edit(post, editor, words, title, reason, seen, at)


@transaction.atomic
def _edit(
    post: Post, editor: Fan, words: Words, title: str, reason: str, seen: str, at: datetime
) -> Post:
    locked = lock_thread_of(post)
    editor = lock_author(editor, at)
    if not may_edit(editor, locked):
        raise NotAllowed
    title = (title or locked.thread.latest_title) if locked.floor == 1 else ""
    if words.source == locked.source and title in {"", locked.thread.latest_title}:
        return locked  # sent twice, or nothing was changed
    if seen and seen != wording_of(locked):
        raise EditedMeanwhile(locked)
    if locked.state == State.PUBLISHED and at - locked.created_at >= SILENT_FOR:
        _keep_wording(locked, editor, reason, at)
    _store(locked, words, editor, at)
    _screen_again(locked, editor, words, title, at)
    if title:
        entitle(locked, title)
    mark_changed(locked.thread)
    return locked


def _keep_wording(post: Post, editor: Fan, reason: str, at: datetime) -> None:
    post.revision_count += 1
    post.edited_at = at
    PostRevision.objects.create(
        post=post,
        number=post.revision_count,
        title=post.thread.title if post.floor == 1 else "",
        source=post.source,
        html=post.html,
        editor=editor,
        reason=reason,
        replaced_at=at,
    )


def _store(post: Post, words: Words, editor: Fan, at: datetime) -> None:
    post.source, post.html, post.language = words.source, words.html, words.language
    post.source_is_html = False
    post.save(
        update_fields=[
            "source",
            "source_is_html",
            "html",
            "language",
            "revision_count",
            "edited_at",
        ]
    )
    hold_pictures(post, words, editor, at)


def _screen_again(post: Post, editor: Fan, words: Words, title: str, at: datetime) -> None:
    """A1 for what is said now, so nobody passes with plain words and adds the advertisement later."""
    others = editor.posts.filter(state=State.PUBLISHED).exclude(pk=post.pk)[:FIRST_POSTS]
    was_shown = post.state == State.PUBLISHED
    verdict = judge(
        author=editor,
        approved_count=others.count(),
        board=post.thread.board,
        title=title,
        words=words,
        at=at,
        # Being new is no reason to take down what was seen already; a link or watched word is.
        release_minutes=1 if was_shown else None,
    )
    if was_shown:
        if verdict.waits and verdict.release_at is None:
            _hold_back(post, at)
        return
    release_at = verdict.release_at if verdict.waits else at
    was_rejected = post.state == State.REJECTED
    is_listed = post.thread.state == State.PUBLISHED  # for the replies of others
    set_state(
        post,
        State.WAITING,
        at,
        thread_state=State.PUBLISHED if is_listed else State.WAITING,
    )
    if not was_rejected:  # what a moderator turned down, a moderator looks at again
        post.release_at = release_at
        post.save(update_fields=["release_at"])


def _hold_back(post: Post, at: datetime) -> None:
    """A published post waits again. Replies by others stay readable, as after a deletion."""
    post.waited_until = post.waited_until or post.created_at
    post.save(update_fields=["waited_until"])
    others_replied = post.thread.answering_count > 0
    set_state(
        post,
        State.WAITING,
        at,
        thread_state=State.PUBLISHED if others_replied else State.WAITING,
    )


@transaction.atomic
def hide_revision(*, revision: PostRevision, by: Fan, at: datetime, reason: str = "") -> None:
    """Take one earlier wording out of the public history; the numbering keeps its place."""
    post = lock_thread_of(revision.post)
    if not may_moderate_post(by, post):
        raise NotAllowed
    is_new = PostRevision.objects.filter(pk=revision.pk, hidden_at=None).update(hidden_at=at)
    if is_new:
        record(
            actor=by,
            verb="revision hidden",
            subject=f"post:{post.pk}",
            at=at,
            concerns=post.author,
            scope=f"board:{post.thread.board_id}",
            reason=reason,
            number=revision.number,
        )
