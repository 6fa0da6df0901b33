"""Who may do what to a thread or post; asked by views, templates and actions alike.

The time-bound part (verified, not muted, suspended or leaving) is `Fan.writing_refusal`.
"""

from community.threads.models import Audience, Board, Post, State, Thread, ThreadKind, audiences_of
from fans.accounts.models import Fan, Reader


def may_read(reader: Reader, board: Board) -> bool:
    # Most boards are for everyone; only the others ask for the reader's tier.
    return board.readable_by == Audience.EVERYONE or board.readable_by in audiences_of(reader)


def may_start_threads(reader: Reader, board: Board) -> bool:
    """Whether the board takes new threads by this person; announcements are for staff."""
    return (
        isinstance(reader, Fan)
        and may_read(reader, board)
        and board.archived_at is None
        and not board.kept_for
        and (reader.is_staff or not board.announcements_only)
    )


def may_reply(reader: Reader, thread: Thread) -> bool:
    return (
        isinstance(reader, Fan)
        and may_read(reader, thread.board)
        and thread.state == State.PUBLISHED
        and thread.locked_at is None
        and thread.board.archived_at is None
    )


def may_edit(reader: Reader, post: Post) -> bool:
    """One's own words, while the thread is open; what a moderator took away stays as it was."""
    return (
        _is_by(reader, post)
        and post.state in {State.PUBLISHED, State.WAITING, State.REJECTED}
        and post.thread.locked_at is None
        and post.thread.board.archived_at is None
        and may_read(reader, post.thread.board)
    )


def may_react(reader: Reader, post: Post) -> bool:
    return (
        isinstance(reader, Fan)
        and post.author_id != reader.pk
        and post.state == State.PUBLISHED
        and may_read(reader, post.thread.board)
    )


def may_accept_answers(reader: Reader, thread: Thread) -> bool:
    """The asker decides what helped."""
    return (
        isinstance(reader, Fan)
        and thread.kind == ThreadKind.QUESTION
        and thread.author_id == reader.pk
        and thread.state == State.PUBLISHED
    )


def keeps_order_on(reader: Reader, board: Board) -> bool:
    """Whether the board is in this person's scope; moderators do not read the early board."""
    if not isinstance(reader, Fan) or not reader.moderates_anything:
        return False
    scopes = reader.moderation_scopes
    return may_read(reader, board) and ("site" in scopes or f"board:{board.pk}" in scopes)


def may_moderate(reader: Reader, thread: Thread) -> bool:
    """Judge a thread: in scope, and never one's own (spec §1)."""
    return keeps_order_on(reader, thread.board) and thread.author_id != reader.pk


def may_moderate_post(reader: Reader, post: Post) -> bool:
    """Judge a post: in scope, and never one's own (spec §1)."""
    return keeps_order_on(reader, post.thread.board) and post.author_id != reader.pk


def may_steer(reader: Reader, thread: Thread) -> bool:
    """Pin, lock, move. Staff may do so with what they announce themselves; moderators not."""
    return keeps_order_on(reader, thread.board) and (
        thread.author_id != reader.pk or (isinstance(reader, Fan) and reader.is_staff)
    )


def _is_by(reader: Reader, post: Post) -> bool:
    return isinstance(reader, Fan) and post.author_id == reader.pk
