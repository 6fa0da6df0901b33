"""Lists of wishes: trending, most wanted, newest, one's own; by status, product, tag and stage."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.http import QueryDict

from community.feature_requests import similar
from community.feature_requests.budget import Voice, voice_of
from community.feature_requests.lenses import COLUMNS
from community.feature_requests.models import (
    FeatureRequest,
    FeatureRequestQuerySet,
    Lens,
    Stage,
    Status,
)
from community.feature_requests.ranks import through_lens
from community.feature_requests.rows import FACTS, Row, made_of, rows_of
from community.products.offered import slug_in
from community.threads.prepared import FAN, ask, kind_of, stand_in
from fans.accounts.models import Reader

ROWS_PER_PAGE = 30
RANKINGS = ("trending", "wanted")
SHOWS = (*RANKINGS, "newest", "mine")
STATUSES = [status for status in Status if status != Status.MERGED]
LONGEST_QUERY = 120

Key = tuple[Any, int]
Facts = tuple[Any, ...]  # of a wish, as `FACTS`, and what the list is ordered by
Wishes = QuerySet[FeatureRequest, Facts]
Way = Callable[[Wishes, str, Any], Wishes]
_SOMEWHERE: Key = (2_100_000_001, -(2**40) - 2)  # stands for where a page begins; no row is there


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
        status, stage = query.get("status", ""), query.get("stage", "")
        q = " ".join(query.get("q", "").replace("\0", " ").split())[:LONGEST_QUERY]
        is_ranking = show in RANKINGS and not q  # what is found is ordered by how well it fits
        lens = lens if lens in Lens.values and is_ranking else Lens.EVERYONE
        return cls(
            show="wanted" if lens == Lens.OFFLINE else show,  # offline voices have no trend
            status=status if status in {"open", "all", *STATUSES} else "",
            product=slug_in(query, "product"),
            tag=slug_in(query, "tag"),
            stage=stage if stage in Stage.values else "",
            lens=Lens(lens),
            q=q,
        )

    @property
    def kept(self) -> dict[str, str]:
        """What an address must say to come back here: all that is not as it is by itself."""
        plain = Filters()
        said = {name: str(value) for name, value in asdict(self).items()}
        return {name: value for name, value in said.items() if value != getattr(plain, name)}

    @property
    def is_ranking(self) -> bool:
        return self.show in RANKINGS and not self.q

    @property
    def is_narrowed(self) -> bool:
        return any((self.status, self.product, self.tag, self.stage))

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
    if filters.status == "open" or (not filters.status and filters.is_ranking):
        return wishes.open()
    return wishes


@dataclass(frozen=True)
class Listing:
    rows: list[Row]
    voice: Voice  # of the reader, among them
    newer: str = ""  # cursors, empty at the end
    older: str = ""


def listing(reader: Reader, filters: Filters, *, before: str = "", after: str = "") -> Listing:
    """One page, by key: an index is walked to where it begins and no further."""
    if filters.q:
        pks, newer, older = _found(reader, filters, before, after)
        voice = voice_of(reader, pks)
        return Listing(rows_of(pks, reader, voice), voice, newer, older)
    column = column_of(filters)
    places = [_place(reader, column, cursor) for cursor in (before, after)]
    facts, newer, older = _walked(reader, filters, *places)
    voice = voice_of(reader, [wish[0] for wish in facts])
    rows = made_of([wish[:-1] for wish in facts], reader, voice)
    if filters.lens != Lens.EVERYONE:
        rows = through_lens(
            rows,
            filtered(reader, filters),
            plain=column_of(filters.but(lens=Lens.EVERYONE)),
            column=column,
            count=COLUMNS[filters.lens][0],
        )
    return Listing(rows, voice, newer, older)


def column_of(filters: Filters) -> str:
    """What a list is ordered by, then by number."""
    count, heat = COLUMNS[filters.lens]
    return {"trending": heat or count, "wanted": count}.get(filters.show, "pk")


def _walked(
    reader: Reader, filters: Filters, older_than: Key | None, newer_than: Key | None
) -> tuple[list[Facts], str, str]:
    if newer_than is not None:
        found = _asked(reader, filters, _above, newer_than)
        if len(found) > ROWS_PER_PAGE:
            shown = found[ROWS_PER_PAGE - 1 :: -1]
            return shown, str(shown[0][0]), str(shown[-1][0])
        older_than = None  # the first page, whole
    found = _asked(reader, filters, _below, older_than)
    shown = found[:ROWS_PER_PAGE]
    return (
        shown,
        str(shown[0][0]) if older_than and shown else "",
        str(shown[-1][0]) if len(found) > ROWS_PER_PAGE else "",
    )


def _asked(reader: Reader, filters: Filters, way: Way, key: Key | None) -> list[Facts]:
    def question() -> Wishes:
        column = column_of(filters)
        facts = filtered(stand_in(reader), filters).values_list(*FACTS, F(column))
        return way(facts, column, key and _SOMEWHERE)[: ROWS_PER_PAGE + 1]

    kind = ("wishes", kind_of(reader), filters, way, key is None, ROWS_PER_PAGE)
    return ask(kind, question, {FAN: reader.pk, **dict(zip(_SOMEWHERE, key or (), strict=False))})


def _found(reader: Reader, filters: Filters, before: str, after: str) -> tuple[list[int], str, str]:
    """What a search found, best first: a short list, paged by place."""
    ranked = similar.found(filters.q, reader)
    kept = set(filtered(reader, filters).filter(pk__in=ranked).values_list("pk", flat=True))
    pks = [pk for pk in ranked if pk in kept]
    last, first = _number(before), _number(after)
    begin = 0 if last is None else last + 1
    if first is not None:
        begin = max(0, first - ROWS_PER_PAGE)
    end = begin + ROWS_PER_PAGE
    return (
        pks[begin:end],
        str(begin) if begin and pks[begin:] else "",
        str(end - 1) if pks[end:] else "",
    )


def _place(reader: Reader, column: str, cursor: str) -> Key | None:
    """Where that wish stands now; None for none the reader may see. An address names the wish and
    not its place, which would tell what a lens counts however little that is.
    """
    pk = _number(cursor)
    if pk is None or column == "pk":
        return None if pk is None else (pk, pk)

    def question() -> Wishes:
        wishes = FeatureRequest.objects.visible_to(stand_in(reader)).filter(pk=_SOMEWHERE[1])
        return wishes.values_list(column, "pk")

    kind = ("place", kind_of(reader), column)
    found = ask(kind, question, {FAN: reader.pk, _SOMEWHERE[1]: pk})
    return found[0] if found else None


def _number(cursor: str) -> int | None:
    return int(cursor) if re.fullmatch("[0-9]{1,18}", cursor) else None


def _below(facts: Wishes, column: str, key: Key | None) -> Wishes:
    if key is not None:
        below = TupleLessThan(Tuple(F(column), F("pk")), key)
        facts = facts.filter(below, **{f"{column}__lte": key[0]})
    return facts.order_by(f"-{column}", "-pk")


def _above(facts: Wishes, column: str, key: Key) -> Wishes:
    above = TupleGreaterThan(Tuple(F(column), F("pk")), key)
    return facts.filter(above, **{f"{column}__gte": key[0]}).order_by(column, "pk")
