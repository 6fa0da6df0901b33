"""Threads as lists show them, each row drawn once for all who see the same."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from community.threads.fragments import Store
from community.threads.models import Board, State
from community.threads.pages import page_of, page_query
from fans.accounts.models import Fan, Reader
from fans.tiers.models import TierStanding

_OF_THREAD = (
    *("pk", "title", "slug", "language", "state", "kind", "reply_count", "last_post_at"),
    *("accepted_at", "pinned_at", "featured_at", "locked_at"),
)
_OF_BOARD = ("slug", "name", "name_zh_hans", "name_zh_hant")
_OF_AUTHOR = ("handle", "display_name", "role", "imported_as", "erased_at")
FACTS = (
    *_OF_THREAD,
    *(f"board__{name}" for name in _OF_BOARD),
    *(f"author__{name}" for name in (*_OF_AUTHOR, "standing__tier")),
    "last_floor",
)


class Row(NamedTuple):
    """One thread in a list. Two that are equal look the same, so they are drawn once."""

    pk: int
    title: str
    slug: str
    language: str
    state: str
    kind: str
    reply_count: int
    last_post_at: datetime
    accepted_at: datetime | None
    pinned_at: datetime | None
    featured_at: datetime | None
    locked_at: datetime | None
    board_facts: tuple[Any, ...]
    author_facts: tuple[Any, ...]
    is_unread: bool
    is_read: bool
    unread_page: int  # where the first unread post stands; 0 when none of it was read
    new_count: int

    def get_absolute_url(self) -> str:
        return reverse("thread", args=[self.pk, self.slug])

    @property
    def unread_address(self) -> str:
        if not self.unread_page:
            return ""
        return f"{self.get_absolute_url()}{page_query(self.unread_page)}#first-unread"

    @property
    def board(self) -> Board:
        return Board(**dict(zip(_OF_BOARD, self.board_facts, strict=True)))

    @property
    def author(self) -> Fan:
        *facts, tier = self.author_facts
        author = Fan(**dict(zip(_OF_AUTHOR, facts, strict=True)))
        if tier:
            author.standing = TierStanding(tier=tier)
        return author


def row_of(facts: Sequence[Any], reader: Reader) -> Row:
    """What was read as `FACTS`; for a fan, how far they read and how much is new besides."""
    board_at = len(_OF_THREAD)
    author_at, floor_at = board_at + len(_OF_BOARD), len(FACTS) - 1
    last_floor, *news = facts[floor_at:]
    read_floor, new_count = news or (None, 0)
    state, last_post_at = facts[_OF_THREAD.index("state")], facts[_OF_THREAD.index("last_post_at")]
    is_unread = is_read = False
    if isinstance(reader, Fan) and state == State.PUBLISHED:
        if read_floor is None:
            is_unread = last_post_at >= reader.joined_at
        else:
            is_unread = read_floor < last_floor
            is_read = not is_unread
    return Row._make(
        (
            *facts[:board_at],
            tuple(facts[board_at:author_at]),
            tuple(facts[author_at:floor_at]),
            *(is_unread, is_read),
            page_of(read_floor + 1) if is_unread and read_floor else 0,
            new_count if is_unread else 0,
        )
    )


class Drawn(NamedTuple):
    html: SafeString

    @property
    def size(self) -> int:
        return 4 * len(self.html)


# «5 min ago» may be half a minute old; what a row says is part of its key.
drawn: Store[Drawn] = Store(max_bytes=8 * 1024 * 1024, seconds=30)


def draw(rows: Iterable[Row], board: Board | None = None) -> SafeString:
    """The rows as HTML; on the page of their own board they do not name it."""
    place = (board and board.slug, get_language(), timezone.get_current_timezone_name())
    pieces = [drawn.get_or_make((row, *place), partial(_drawn, row, board)) for row in rows]
    return SafeString("".join(piece.html for piece in pieces))


def _drawn(row: Row, board: Board | None) -> Drawn:
    home = row.board
    context = {"thread": row, "board": None if board and board.slug == home.slug else home}
    return Drawn(render_to_string("threads/_row.html", context))
