"""One thread as a reader finds it: whether they may see it, how far they came, what they pressed.

The questions are asked of the database each time, with SQL that is put together once
(`community.threads.prepared`). The thread's row follows from its number and its count of changes,
and is kept in the process.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F, FilteredRelation, Q, QuerySet

from community.threads.fragments import Store
from community.threads.models import Reaction, ReadPosition, Thread
from community.threads.prepared import FAN, ask, kind_of, stand_in
from fans.accounts.models import Fan, Reader

_THREAD = -(2**40) - 2  # stands for the number of the thread that is asked about
_FIRST, _LAST = 2_100_000_001, 2_100_000_002  # floors: within the column's range on every engine
_LARGEST_KEY = 2**63 - 1


class Place(NamedTuple):
    change_count: int
    read_floor: int | None = None


@dataclass(frozen=True, slots=True)
class _Kept:
    thread: Thread
    size: int = 4_000


# A board's name may be half a minute old; the thread never is.
threads: Store[_Kept] = Store(max_bytes=4_000_000, seconds=30)


def place_of(reader: Reader, pk: int) -> Place | None:
    """None where this reader sees no such thread."""
    if pk > _LARGEST_KEY:
        return None
    rows = ask(
        ("thread", kind_of(reader)),
        lambda: _place(stand_in(reader)),
        {FAN: reader.pk, _THREAD: pk},
    )
    return Place(*rows[0]) if rows else None


def thread_at(reader: Reader, pk: int, place: Place) -> Thread:
    """The thread with its board and author, as of this change."""

    def fetch() -> _Kept:
        visible = Thread.objects.visible_to(reader)
        return _Kept(visible.select_related("board", "author").get(pk=pk))

    return threads.get_or_make((pk, place.change_count), fetch).thread


def reactions_of(fan: Fan, thread: Thread, first: int, last: int) -> list[tuple[str, int]]:
    """What this fan pressed on posts between two floors: kind and post."""

    def question() -> QuerySet[Reaction, Any]:
        pressed = Reaction.objects.filter(
            fan=FAN, post__thread=_THREAD, post__floor__gte=_FIRST, post__floor__lte=_LAST
        )
        return pressed.values_list("kind", "post_id")

    return ask("reactions", question, {FAN: fan.pk, _THREAD: thread.pk, _FIRST: first, _LAST: last})


def last_visit(fan: Fan, thread: Thread) -> datetime | None:
    visits = ReadPosition.objects.filter(fan=fan, thread=thread)
    return visits.values_list("read_at", flat=True).first()


def _place(reader: Reader) -> QuerySet[Thread, Any]:
    visible = Thread.objects.visible_to(reader).filter(pk=_THREAD)
    if not isinstance(reader, Fan):
        return visible.values_list("change_count")
    mine = FilteredRelation("read_positions", condition=Q(read_positions__fan=reader.pk))
    return visible.annotate(mine=mine, read_floor=F("mine__floor")).values_list(
        "change_count", "read_floor"
    )
