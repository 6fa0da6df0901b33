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

from community.threads.models import Board, Post, ReadPosition, State, Thread, ThreadQuerySet
from community.threads.prepared import FAN, ask, kind_of, many, stand_in
from community.threads.rows import FACTS, Row, row_of
from fans.accounts.models import Fan, Reader

ROWS_PER_PAGE = 30
PINNED_AT_MOST = 20
OWN_WAITING_AT_MOST = 10
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LARGEST = 2**62

Key = tuple[Any, int]


@dataclass(frozen=True)
class Listing:
    rows: list[Row]
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


def rows_of(pks: Sequence[int], reader: Reader) -> list[Row]:
    """The threads of these numbers, in this order, with all that a row shows. One query."""
    if not pks:
        return []
    asked = many(pks)

    def question() -> QuerySet[Thread, Any]:
        nobody = stand_in(reader)
        threads = Thread.objects.visible_to(nobody).filter(pk__in=[*asked])
        if isinstance(nobody, Fan):
            return with_news_for(nobody, threads).values_list(*FACTS, "read_floor", "new_count")
        return threads.values_list(*FACTS)

    rows = ask(("threads", kind_of(reader), len(asked)), question, {FAN: reader.pk, **asked})
    found = {facts[0]: row_of(facts, reader) for facts in rows}
    return [found[pk] for pk in pks if pk in found]


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


def own_waiting(reader: Reader, board: Board | None = None) -> list[int]:
    """What the reader wrote, here or anywhere, and nobody else sees yet (A1)."""
    if not isinstance(reader, Fan):
        return []

    def question() -> QuerySet[Thread, Any]:
        own = Thread.objects.visible_to(stand_in(reader)).filter(
            author=FAN, state__in=[State.WAITING, State.REJECTED]
        )
        here = own.filter(board=board) if board else own
        return here.order_by("-created_at", "-pk").values_list("pk")[:OWN_WAITING_AT_MOST]

    kind = ("own waiting", kind_of(reader), board and board.pk)
    return [pk for (pk,) in ask(kind, question, {FAN: reader.pk})]


def pinned_on(threads: ThreadQuerySet) -> list[int]:
    pinned = threads.filter(pinned_at__isnull=False).order_by("-pinned_at", "-pk")
    return list(pinned.values_list("pk", flat=True)[:PINNED_AT_MOST])
