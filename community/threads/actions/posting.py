from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from community import markdown
from community.screening.rules import Verdict
from community.threads.actions.counting import count_new_reply, lock_thread_for_reply, next_floor
from community.threads.actions.refusals import BoardClosed, OnlyStaffAnnounce, ThreadLocked
from community.threads.actions.screening import judge, lock_author, recent_posts
from community.threads.actions.words import Words, hold_pictures, prepare, with_pictures
from community.threads.models import STARTED_BY_HAND, Board, Post, State, Thread, ThreadKind
from community.threads.permissions import may_read, may_reply
from community.threads.slugs import slug_of
from fans.accounts.models import Fan
from fans.images.models import Image
from fans.ledger.actions import note_act


def start_thread(
    *,
    board: Board,
    author: Fan,
    kind: str,
    title: str,
    source: str,
    submission_key: str | None,
    at: datetime,
    pictures: Sequence[Image] = (),
) -> Thread:
    """Open a conversation, at once or waiting for a moderator (A1).

    Sending the same form twice gives the same thread (C3).
    """
    words = prepare(with_pictures(source, pictures))
    try:
        return _start_thread(board, author, kind, title, words, submission_key, at)
    except IntegrityError as error:
        return _made_before(author, submission_key, error).thread


@transaction.atomic
def _start_thread(
    board: Board,
    author: Fan,
    kind: str,
    title: str,
    words: Words,
    submission_key: str | None,
    at: datetime,
) -> Thread:
    author = lock_author(author, at)
    recent = recent_posts(author, words.source)
    if submission_key and (made := recent.of_form(submission_key)):
        return Thread.objects.get(posts=made)
    _refuse_thread(board, author, kind)
    recent.refuse_repetition(at)
    recent.refuse_haste(board, at)
    verdict = judge(
        author=author,
        approved_count=recent.approved_count(),
        board=board,
        title=title,
        words=words,
        at=at,
    )
    thread = Thread.objects.create(
        board=board,
        author=author,
        kind=kind,
        title=title,
        slug=slug_of(title),
        language=markdown.language_of(title),
        state=State.WAITING if verdict.waits else State.PUBLISHED,
        created_at=at,
        last_post_at=at,
        last_author=author,
    )
    _write(thread, author, 1, words, verdict, submission_key, at)
    note_act(fan=author, at=at)
    return thread


def _refuse_thread(board: Board, author: Fan, kind: str) -> None:
    if not may_read(author, board) or board.archived_at is not None:
        raise BoardClosed
    if bool(board.kept_for) == (kind in STARTED_BY_HAND):
        raise BoardClosed  # kept for the threads of things, and things have theirs nowhere else
    if not author.is_staff and (board.announcements_only or kind == ThreadKind.ANNOUNCEMENT):
        raise OnlyStaffAnnounce


def reply(
    *,
    thread: Thread,
    author: Fan,
    source: str,
    submission_key: str | None,
    at: datetime,
    reply_to: Post | None = None,
    pictures: Sequence[Image] = (),
) -> Post:
    """Add the next floor, at once or waiting for a moderator (A1).

    Sending the same form twice gives the same post (C3).
    """
    words = prepare(with_pictures(source, pictures))
    try:
        return _reply(thread, author, words, submission_key, at, reply_to)
    except IntegrityError as error:
        return _made_before(author, submission_key, error)


@transaction.atomic
def _reply(
    thread: Thread,
    author: Fan,
    words: Words,
    submission_key: str | None,
    at: datetime,
    reply_to: Post | None,
) -> Post:
    locked = lock_thread_for_reply(thread)
    author = lock_author(author, at)
    recent = recent_posts(author, words.source)
    if submission_key and (made := recent.of_form(submission_key)):
        return Post.objects.select_related("thread").get(pk=made)
    if not may_reply(author, locked):
        raise ThreadLocked
    recent.refuse_repetition(at)
    recent.refuse_haste(locked.board, at)
    verdict = judge(
        author=author,
        approved_count=recent.approved_count(),
        board=locked.board,
        title="",
        words=words,
        at=at,
    )
    floor = next_floor(locked)
    post = _write(locked, author, floor, words, verdict, submission_key, at, reply_to)
    note_act(fan=author, at=at)
    if verdict.waits:
        # A change too: the page of its author shows it, and their page is cut from the same.
        Thread.objects.filter(pk=locked.pk).update(
            last_given_floor=floor, change_count=F("change_count") + 1
        )
    else:
        count_new_reply(locked, post, at)
    return post


def _write(
    thread: Thread,
    author: Fan,
    floor: int,
    words: Words,
    verdict: Verdict,
    submission_key: str | None,
    at: datetime,
    reply_to: Post | None = None,
) -> Post:
    answered = reply_to if reply_to and _can_be_answered(reply_to, thread) else None
    post = Post(
        thread=thread,
        author=author,
        floor=floor,
        reply_to=answered,
        reply_to_floor=answered.floor if answered else None,
        source=words.source,
        html=words.html,
        language=words.language,
        state=State.WAITING if verdict.waits else State.PUBLISHED,
        state_at=at,
        release_at=verdict.release_at,
        is_official=author.is_staff,
        official_team=author.teams.order_by("pk").first() if author.is_staff else None,
        created_at=at,
        submission_key=submission_key or None,
    )
    post.save(force_insert=True)
    if words.image_keys:
        hold_pictures(post, words, author, at)
    return post


def _can_be_answered(post: Post, thread: Thread) -> bool:
    return post.thread_id == thread.pk and post.state == State.PUBLISHED


def _made_before(author: Fan, submission_key: str | None, error: IntegrityError) -> Post:
    """The post this form made already (C3); any other broken constraint is a bug."""
    made = Post.objects.select_related("thread").filter(author=author)
    if submission_key and (post := made.filter(submission_key=submission_key).first()):
        return post
    raise error
