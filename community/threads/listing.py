"""Lists of threads: newest first, paged by key, whatever their length.

Two queries: one walks an index to the numbers of the rows, one fetches the rows. So what a row
shows beside itself (author, board, what is new) is worked out for the page and no further.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from community.threads.models import Post, ReadPosition, State, Thread, ThreadQuerySet
from community.threads.pages import first_unread_address
from fans.accounts.models import Fan, Reader

ROWS_PER_PAGE = 30
PINNED_AT_MOST = 20
OWN_WAITING_AT_MOST = 10
# What a row says, and what tells whether it is new: of the rest a list of thirty needs nothing.
_FACTS = (
    *("title", "slug", "language", "state", "kind", "created_at", "reply_count"),
    *("last_floor", "last_post_at", "accepted_at", "pinned_at", "featured_at", "locked_at"),
    *("board__name", "board__name_zh_hans", "board__name_zh_hant", "board__slug"),
    *("author__handle", "author__display_name", "author__role", "author__imported_as"),
    *("author__erased_at", "author__standing__tier"),
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LARGEST = 2**62

Key = tuple[Any, int]


@dataclass(frozen=True)
class Listing:
    rows: list[Thread]
    newer: str  # cursor, empty at the end
    older: str


def encode(key: Key) -> str:
    value, pk = key
    number = (value - _EPOCH) // timedelta(microseconds=1) if hasattr(value, "year") else value
    return urlsafe_b64encode(f"{number}.{pk}".encode()).decode().rstrip("=")


def decode(cursor: str, order: str) -> Key | None:
    """Where a page begins; None for anything we did not write ourselves."""
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        number, pk = (int(part) for part in text.split("."))
        if not (0 <= number < _LARGEST and 0 <= pk < _LARGEST):
            return None
        return (_EPOCH + timedelta(microseconds=number) if order == "last_post_at" else number), pk
    except (ValueError, OverflowError, binascii.Error):
        return None


def listing(
    threads: ThreadQuerySet,
    reader: Reader,
    *,
    order: str = "last_post_at",
    before: str = "",
    after: str = "",
    first: Sequence[int] = (),
) -> Listing:
    """A page of threads by `order` and number, newest first; `first` stand above page one."""
    older_than, newer_than = decode(before, order), decode(after, order)
    keys = (
        threads.exclude(pk__in=first).values_list(order, "pk")
        if first
        else (threads.values_list(order, "pk"))
    )
    if newer_than is not None:
        found = list(_newer(keys, order, newer_than)[: ROWS_PER_PAGE + 1])
        if len(found) > ROWS_PER_PAGE:
            shown = found[ROWS_PER_PAGE - 1 :: -1]
            return Listing(
                rows_of([pk for _, pk in shown], reader), encode(shown[0]), encode(shown[-1])
            )
        older_than = None  # the newest page, whole
    found = list(_older(keys, order, older_than)[: ROWS_PER_PAGE + 1])
    shown, has_older = found[:ROWS_PER_PAGE], len(found) > ROWS_PER_PAGE
    above = [] if older_than else list(first)
    return Listing(
        rows_of(above + [pk for _, pk in shown], reader),
        newer=encode(shown[0]) if older_than and shown else "",
        older=encode(shown[-1]) if has_older else "",
    )


def _older(keys: QuerySet[Thread, Key], order: str, than: Key | None) -> QuerySet[Thread, Key]:
    if than is not None:
        value, pk = than
        keys = keys.filter(Q(**{f"{order}__lt": value}) | Q(pk__lt=pk), **{f"{order}__lte": value})
    return keys.order_by(f"-{order}", "-pk")


def _newer(keys: QuerySet[Thread, Key], order: str, than: Key) -> QuerySet[Thread, Key]:
    value, pk = than
    return keys.filter(
        Q(**{f"{order}__gt": value}) | Q(pk__gt=pk), **{f"{order}__gte": value}
    ).order_by(order, "pk")


def rows_of(pks: Sequence[int], reader: Reader) -> list[Thread]:
    """The threads of these numbers, in this order, with all that a row shows. One query."""
    threads = Thread.objects.visible_to(reader).filter(pk__in=pks)
    if isinstance(reader, Fan):
        threads = with_news_for(reader, threads)
    threads = threads.select_related("board", "author__standing").only(*_FACTS)
    found = {thread.pk: thread for thread in threads}
    rows = [found[pk] for pk in pks if pk in found]
    for thread in rows:
        _say_what_is_new(thread, reader)
    return rows


def with_news_for(fan: Fan, threads: ThreadQuerySet) -> ThreadQuerySet:
    """Annotate how far this fan has read, and how many posts by others came since."""
    position = ReadPosition.objects.filter(fan=fan.pk, thread=OuterRef("pk"))
    newer = (
        Post.objects.filter(
            thread=OuterRef("pk"), state=State.PUBLISHED, floor__gt=OuterRef("read_floor")
        )
        .exclude(author=fan.pk)
        .order_by()
        .values("thread")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return threads.annotate(read_floor=Subquery(position.values("floor")[:1])).annotate(
        new_count=Coalesce(Subquery(newer, output_field=IntegerField()), 0)
    )


def unread_by(fan: Fan, threads: ThreadQuerySet) -> ThreadQuerySet:
    """Threads that moved on since this fan read them, and those they never opened since joining."""
    position = ReadPosition.objects.filter(fan=fan.pk, thread=OuterRef("pk"))
    return threads.annotate(read_floor=Subquery(position.values("floor")[:1])).filter(
        Q(read_floor=None, last_post_at__gte=fan.joined_at) | Q(read_floor__lt=F("last_floor"))
    )


def own_waiting(reader: Reader, threads: ThreadQuerySet) -> list[int]:
    """What the reader wrote and nobody else sees yet (A1)."""
    if not isinstance(reader, Fan):
        return []
    own = threads.filter(author=reader.pk, state__in=[State.WAITING, State.REJECTED])
    return list(
        own.order_by("-created_at", "-pk").values_list("pk", flat=True)[:OWN_WAITING_AT_MOST]
    )


def pinned_on(threads: ThreadQuerySet) -> list[int]:
    pinned = threads.filter(pinned_at__isnull=False).order_by("-pinned_at", "-pk")
    return list(pinned.values_list("pk", flat=True)[:PINNED_AT_MOST])


def _say_what_is_new(thread: Thread, reader: Reader) -> None:
    read_floor: int | None = getattr(thread, "read_floor", None)
    is_unread = is_read = False
    if isinstance(reader, Fan) and thread.state == State.PUBLISHED:
        if read_floor is None:
            is_unread = thread.last_post_at >= reader.joined_at
        else:
            is_unread = read_floor < thread.last_floor
            is_read = not is_unread
    thread.is_unread, thread.is_read = is_unread, is_read  # type: ignore[attr-defined]
    thread.unread_address = (  # type: ignore[attr-defined]
        first_unread_address(thread, read_floor) if is_unread and read_floor else ""
    )
