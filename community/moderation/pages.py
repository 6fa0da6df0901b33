"""Keyset pages by a moment and a number: equally fast on page 1 and page 2 000."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Page(Generic[M]):
    rows: list[M]
    next_cursor: str  # empty on the last page


def page_of(
    rows: QuerySet[M], *, by: str, cursor: str, size: int, newest_first: bool = False
) -> Page[M]:
    """So many rows after the cursor, by a datetime field and the number."""
    sign, beyond = ("-", "lt") if newest_first else ("", "gt")
    after = _decode(cursor)
    if after is not None:
        at, pk = after
        rows = rows.filter(Q(**{f"{by}__{beyond}": at}) | Q(**{by: at, f"pk__{beyond}": pk}))
    found = list(rows.order_by(f"{sign}{by}", f"{sign}pk")[: size + 1])
    last: Any = found[size - 1] if len(found) > size else None
    return Page(found[:size], _encode(getattr(last, by), last.pk) if last else "")


def _encode(at: datetime, pk: int) -> str:
    return f"{(at - _EPOCH) // timedelta(microseconds=1)}-{pk}"


def _decode(cursor: str) -> tuple[datetime, int] | None:
    microseconds, _, pk = cursor.partition("-")
    if not (_is_number(microseconds) and _is_number(pk)):
        return None
    return _EPOCH + timedelta(microseconds=int(microseconds)), int(pk)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 17
