"""Threads as lists show them, each row drawn once for all who see the same."""

from collections.abc import Iterable
from functools import partial
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from community.threads.fragments import Store
from community.threads.models import Board, Thread
from fans.templatetags.display import fan_link


class Drawn(NamedTuple):
    html: SafeString

    @property
    def size(self) -> int:
        return 4 * len(self.html)


# «5 min ago» may be half a minute old; what a row says is part of its key.
drawn: Store[Drawn] = Store(max_bytes=8 * 1024 * 1024, seconds=30)
_SAID = (
    *("pk", "title", "slug", "language", "state", "kind", "reply_count", "last_post_at"),
    *("accepted_at", "pinned_at", "featured_at", "locked_at"),
    *("is_unread", "is_read", "unread_address"),
)


def draw(threads: Iterable[Thread], board: Board | None = None) -> SafeString:
    """The rows as HTML; on the page of their own board they do not name it."""
    place = (get_language(), timezone.get_current_timezone_name())
    return SafeString("".join(_row(thread, board, place) for thread in threads))


def _row(thread: Thread, board: Board | None, place: tuple[str | None, str]) -> str:
    author = fan_link(thread.author)
    home = "" if board and board.pk == thread.board_id else (str(thread.board), thread.board.slug)
    new_count = getattr(thread, "new_count", 0)
    said = tuple(getattr(thread, name) for name in _SAID)
    key = (*said, new_count, author, home, *place)
    return drawn.get_or_make(key, partial(_drawn, thread, author, bool(home))).html


def _drawn(thread: Thread, author: SafeString, names_board: bool) -> Drawn:
    context = {"thread": thread, "author": author, "names_board": names_board}
    return Drawn(render_to_string("threads/_row.html", context))
