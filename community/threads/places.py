"""One thread as a reader finds it: whether they may see it, how far they came, what they pressed.

The questions are asked of the database each time. Putting them together costs Django ten times
what answering them costs the database, so the SQL that `visible_to` and its like come to is kept
for each kind of reader, with places for what changes from one request to the next. The thread's
row follows from its number and its count of changes, and is kept in the process.
"""

import copy
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import F, FilteredRelation, Q, QuerySet

from community.threads.fragments import Store
from community.threads.models import Reaction, ReadPosition, Thread, audiences_of
from fans.accounts.models import Fan, Reader

# No row has these numbers; they stand for the ones that are asked about.
_FAN, _THREAD = -(2**40) - 1, -(2**40) - 2
_FIRST, _LAST = 2_100_000_001, 2_100_000_002  # floors: within the column's range on every engine
_LARGEST_KEY = 2**63 - 1

Query = tuple[str, tuple[Any, ...]]


class Place(NamedTuple):
    change_count: int
    read_floor: int | None = None


@dataclass(frozen=True, slots=True)
class _Kept:
    thread: Thread
    size: int = 4_000


# A board's name may be half a minute old; the thread never is.
threads: Store[_Kept] = Store(max_bytes=4_000_000, seconds=30)
_queries: dict[Hashable, Query] = {}


def place_of(reader: Reader, pk: int) -> Place | None:
    """None where this reader sees no such thread."""
    if pk > _LARGEST_KEY:
        return None
    kind = _kind_of(reader)
    if kind not in _queries:
        _queries[kind] = _sql_of(_place(_stand_in(reader)))
    rows = _rows(_queries[kind], {_FAN: reader.pk or 0, _THREAD: pk})
    return Place(*rows[0]) if rows else None


def thread_at(reader: Reader, pk: int, place: Place) -> Thread:
    """The thread with its board and author, as of this change."""

    def fetch() -> _Kept:
        visible = Thread.objects.visible_to(reader)
        return _Kept(visible.select_related("board", "author").get(pk=pk))

    return threads.get_or_make((pk, place.change_count), fetch).thread


def reactions_of(fan: Fan, thread: Thread, first: int, last: int) -> list[tuple[str, int]]:
    """What this fan pressed on posts between two floors: kind and post."""
    if "reactions" not in _queries:
        pressed = Reaction.objects.filter(
            fan=_FAN, post__thread=_THREAD, post__floor__gte=_FIRST, post__floor__lte=_LAST
        )
        _queries["reactions"] = _sql_of(pressed.values_list("kind", "post_id"))
    asked = {_FAN: fan.pk, _THREAD: thread.pk, _FIRST: first, _LAST: last}
    return _rows(_queries["reactions"], asked)


def last_visit(fan: Fan, thread: Thread) -> datetime | None:
    visits = ReadPosition.objects.filter(fan=fan, thread=thread)
    return visits.values_list("read_at", flat=True).first()


def _kind_of(reader: Reader) -> Hashable:
    """All that `visible_to` asks of a reader, but for who they are."""
    if not isinstance(reader, Fan):
        return "guest"
    return (*audiences_of(reader), reader.moderation_scopes)


def _stand_in(reader: Reader) -> Reader:
    """A reader of the same kind without an identity."""
    if not isinstance(reader, Fan):
        return reader
    somebody = copy.copy(reader)
    somebody.pk = _FAN
    return somebody


def _place(reader: Reader) -> QuerySet[Thread, Any]:
    visible = Thread.objects.visible_to(reader).filter(pk=_THREAD)
    if not isinstance(reader, Fan):
        return visible.values_list("change_count")
    mine = FilteredRelation("read_positions", condition=Q(read_positions__fan=reader.pk))
    return visible.annotate(mine=mine, read_floor=F("mine__floor")).values_list(
        "change_count", "read_floor"
    )


def _sql_of(query: QuerySet[Any, Any]) -> Query:
    sql, values = query.query.sql_with_params()
    return sql, tuple(values)


def _rows(query: Query, asked: dict[Any, int]) -> list[Any]:
    sql, values = query
    with connection.cursor() as cursor:
        cursor.execute(sql, [asked.get(value, value) for value in values])
        found: list[Any] = cursor.fetchall()
    return found
