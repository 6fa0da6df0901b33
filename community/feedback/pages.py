"""Keyset pages: the cursor is the number of the last row shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Page(Generic[M]):
    rows: list[M]
    next_cursor: str  # empty on the last page


def page_after(rows: QuerySet[M], cursor: str, *, order: Sequence[str], size: int) -> Page[M]:
    """So many rows after the one the cursor names, in this order, which ends with `pk`."""
    is_number = cursor.isascii() and cursor.isdigit() and len(cursor) < 19
    last = rows.model._default_manager.filter(pk=int(cursor)).first() if is_number else None
    if last is not None:
        rows = rows.filter(_beyond(last, order))
    found = list(rows.order_by(*order)[: size + 1])
    return Page(found[:size], str(found[size - 1].pk) if len(found) > size else "")


def _beyond(last: Model, order: Sequence[str]) -> Q:
    """`a > x or (a = x and b > y) …`, each in its direction."""
    beyond, equal = Q(), Q()
    for key in order:
        name = key.removeprefix("-")
        value = getattr(last, name)
        compare = "lt" if key.startswith("-") else "gt"
        beyond |= equal & Q(**{f"{name}__{compare}": value})
        equal &= Q(**{name: value})
    return beyond
