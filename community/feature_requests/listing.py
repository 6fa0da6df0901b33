"""Lists of wishes: trending, most wanted, newest, one's own; by status, product, tag and stage."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.http import QueryDict

from community.feature_requests.models import (
    FeatureRequest,
    FeatureRequestQuerySet,
    Lens,
    Stage,
    Status,
)
from fans.accounts.models import Reader

ROWS_PER_PAGE = 30
RANKINGS = ("trending", "wanted")
SHOWS = (*RANKINGS, "newest", "mine")
STATUSES = [status for status in Status if status != Status.MERGED]
LONGEST_QUERY = 120
_LARGEST = 2**62

Key = tuple[Any, int]


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What of the board is shown, as its address says it; what it says amiss is left out."""

    show: str = "trending"
    status: str = ""  # one of STATUSES, "open" or "all"; empty: what suits `show`
    product: str = ""  # slug
    tag: str = ""  # slug
    stage: str = ""
    lens: Lens = Lens.EVERYONE
    q: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> Filters:
        show, lens = query.get("show", ""), query.get("lens", "")
        show = show if show in SHOWS else cls.show
        lens = lens if lens in Lens.values and show in RANKINGS else Lens.EVERYONE
        status, stage = query.get("status", ""), query.get("stage", "")
        return cls(
            show="wanted" if lens == Lens.OFFLINE else show,  # offline voices have no trend
            status=status if status in {"open", "all", *STATUSES} else "",
            product=query.get("product", "")[:60],
            tag=query.get("tag", "")[:60],
            stage=stage if stage in Stage.values else "",
            lens=Lens(lens),
            q=" ".join(query.get("q", "").replace("\0", " ").split())[:LONGEST_QUERY],
        )

    @property
    def kept(self) -> dict[str, str]:
        """What an address must say to come back here: all that is not as it is by itself."""
        plain = Filters()
        said = {name: str(value) for name, value in asdict(self).items()}
        return {name: value for name, value in said.items() if value != getattr(plain, name)}

    def but(self, **changed: Any) -> Filters:
        return replace(self, **changed)


def filtered(reader: Reader, filters: Filters) -> FeatureRequestQuerySet:
    """The wishes a list shows. Rankings are of what is still open, unless one asks for more."""
    wishes = FeatureRequest.objects.visible_to(reader)
    mine = filters.show == "mine"
    wishes = wishes.filter(author=reader.pk) if mine else wishes.listed()
    if filters.product:
        wishes = wishes.filter(product__slug=filters.product)
    if filters.tag:
        wishes = wishes.filter(tags__slug=filters.tag)
    if filters.stage:
        wishes = wishes.filter(stage=filters.stage)
    if filters.status in STATUSES:
        return wishes.filter(status=filters.status)
    if filters.status == "open" or (not filters.status and filters.show in RANKINGS):
        return wishes.open()
    return wishes


@dataclass(frozen=True)
class Listing:
    rows: list[FeatureRequest]
    newer: str = ""  # cursors, empty at the end
    older: str = ""


def column_of(filters: Filters) -> str:
    """What a list is ordered by, then by number."""
    return {"trending": "heat", "wanted": "vote_count"}.get(filters.show, "pk")


def listing(reader: Reader, filters: Filters, *, before: str = "", after: str = "") -> Listing:
    """One page, by key. Two queries: one to the numbers of the rows, one to the rows."""
    column = column_of(filters)
    keys = filtered(reader, filters).values_list(column, "pk")
    older_than, newer_than = decode(before), decode(after)
    if newer_than is not None:
        found = list(_above(keys, column, newer_than)[: ROWS_PER_PAGE + 1])
        if len(found) > ROWS_PER_PAGE:
            shown = found[ROWS_PER_PAGE - 1 :: -1]
            return Listing(_fetched(shown, reader), encode(shown[0]), encode(shown[-1]))
        older_than = None  # the first page, whole
    found = list(_below(keys, column, older_than)[: ROWS_PER_PAGE + 1])
    shown = found[:ROWS_PER_PAGE]
    return Listing(
        _fetched(shown, reader),
        newer=encode(shown[0]) if older_than and shown else "",
        older=encode(shown[-1]) if len(found) > ROWS_PER_PAGE else "",
    )


def rows_of(pks: list[int], reader: Reader) -> list[FeatureRequest]:
    """The wishes of these numbers, in this order, with all that a row shows."""
    wishes = FeatureRequest.objects.visible_to(reader).with_vote_of(reader).filter(pk__in=pks)
    related = wishes.select_related("product", "team", "thread").prefetch_related("tags")
    found = {wish.pk: wish for wish in related}
    return [found[pk] for pk in pks if pk in found]


def encode(key: Key) -> str:
    """A place in a list, to the last bit: `repr` writes a float so that it is read as itself."""
    return urlsafe_b64encode(f"{key[0]!r}~{key[1]}".encode()).decode().rstrip("=")


def decode(cursor: str) -> Key | None:
    """Where a page begins; None for anything we did not write ourselves."""
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        value, pk = text.split("~")
        key = int(value) if value.isdecimal() else float(value), int(pk)
    except (ValueError, binascii.Error):
        return None
    return key if all(0 <= part < _LARGEST for part in key) else None


def _fetched(shown: list[Key], reader: Reader) -> list[FeatureRequest]:
    return rows_of([pk for _, pk in shown], reader)


def _below(keys: QuerySet[FeatureRequest, Key], column: str, key: Key | None) -> Any:
    if key is not None:
        below = TupleLessThan(Tuple(F(column), F("pk")), key)
        keys = keys.filter(below, **{f"{column}__lte": key[0]})
    return keys.order_by(f"-{column}", "-pk")


def _above(keys: QuerySet[FeatureRequest, Key], column: str, key: Key) -> Any:
    above = TupleGreaterThan(Tuple(F(column), F("pk")), key)
    return keys.filter(above, **{f"{column}__gte": key[0]}).order_by(column, "pk")
