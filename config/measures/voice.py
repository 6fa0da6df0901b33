"""Representativeness of the votes and of the reports, product by product (spec §10)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from community.feature_requests.metrics import votes_by_segment
from community.fridays.metrics import voices_of
from community.products.models import Product, UserBase
from community.products.users import DIMENSION_WORDS, words_of
from config.measures.representation import Base, Cell, Table, representation
from config.measures.shapes import Figure, Kind, Spec
from config.measures.sources import Sources
from fans.charts.numbers import written
from fans.tiers.metrics import DIMENSIONS, fans_by_segment

VOTE_DAYS = 28
LONGEST_SEGMENT = 60

QUIETEST = Spec(
    "quietest_voice",
    gettext_lazy("The quietest voice"),
    gettext_lazy(
        "A segment's share of the counted votes of the last 28 days on a product's wishes, or of the reports of its newest counted week, divided by its share of the product's users where staff have entered them, else of the active fans. 1 is as loud as it is large; below 0.5 it is hardly heard. Shown is the smallest of those where at least 30 % told us."
    ),
    kind=Kind.RATIO,
    is_of_now=True,
)
VOICE = Spec(
    "voice",
    gettext_lazy("Weight of a segment's votes"),
    QUIETEST.definition,
    kind=Kind.RATIO,
    is_of_now=True,
)


@dataclass(frozen=True, slots=True)
class Voices:
    """The tables of one product, of its votes or of its reports."""

    product: Product
    title: str | Promise
    is_of_votes: bool
    tables: list[Table]

    @property
    def quiet_count(self) -> int:
        return sum(
            cell.is_quiet for table in self.tables if not table.is_grey for cell in table.cells
        )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """As the page writes them."""
        return [
            {
                "title": DIMENSION_WORDS[table.dimension],
                "is_grey": table.is_grey,
                "base": table.base,
                "rows": [_written(table.dimension, cell) for cell in table.cells],
            }
            for table in self.tables
        ]

    def named_cells(self) -> Iterator[tuple[Table, Cell, str]]:
        for table in self.tables:
            for cell in table.cells:
                yield table, cell, _name(table.dimension, cell)


def _name(dimension: str, cell: Cell) -> str:
    between = pgettext("between names", ", ")
    return between.join(words_of(dimension, key) for key in cell.keys)


def _written(dimension: str, cell: Cell) -> dict[str, Any]:
    return {
        "name": _name(dimension, cell),
        "voice": written(100 * cell.voice_share, "%", 1),
        "base": written(100 * cell.base_share, "%", 1),
        "ratio": written(cell.ratio, "", 2),
        "is_quiet": cell.is_quiet,
    }


def voices(sources: Sources) -> list[Voices]:
    """Of every product somebody said something about, votes first."""
    since = sources.at - timedelta(days=VOTE_DAYS)
    votes = votes_by_segment(since, sources.at)
    newest: dict[int, int] = {}
    for week in sources.weeks:
        if week.is_counted and week.satisfaction:
            newest.setdefault(week.product, week.cycle)
    reports = voices_of(newest.values())
    bases = _bases(sources) if votes else {}
    found = []
    for pk, product in sources.products.items():
        if pk in votes:
            tables = [
                representation(name, votes[pk][name], bases.get((pk, name)) or bases[0, name])
                for name in DIMENSIONS
            ]
            found.append(Voices(product, _("Votes of 28 days"), True, _shown(tables)))
        if pk in reports:
            tables = [_of_report(table) for table in reports[pk]]
            found.append(Voices(product, _("Newest counted reports"), False, _shown(tables)))
    return found


def _shown(tables: list[Table]) -> list[Table]:
    return [table for table in tables if table.cells]


def _bases(sources: Sources) -> dict[tuple[int, str], Base]:
    """By product and dimension; of product 0 the active fans."""
    fans = fans_by_segment(sources.at)
    found = {(0, name): Base(fans[name]) for name in DIMENSIONS}
    counts: dict[tuple[int, str], dict[str, int]] = {}
    said: dict[tuple[int, str], tuple[str, date]] = {}
    for row in UserBase.objects.order_by("pk"):
        key = (row.product_id, row.dimension)
        counts.setdefault(key, {})[row.segment] = row.count
        said[key] = (row.source, row.counted_on)
    return found | {key: Base(counts[key], *said[key]) for key in counts}


def _of_report(table: Mapping[str, Any]) -> Table:
    """As it was counted with the week; weeks of before measured against the fans alone."""
    is_users = table.get("base_is") == "users"
    counted_on = table.get("counted_on")
    base = Base(
        {},
        table.get("source") or _("users") if is_users else "",
        parse_date(counted_on) if is_users and counted_on else None,
    )
    cells = tuple(
        Cell(
            tuple(cell["keys"]),
            *(cell["voice"], cell["voice_share"], cell["base"], cell["base_share"], cell["ratio"]),
        )
        for cell in table["cells"]
    )
    return Table(table["dimension"], cells, table["is_grey"], base)


def figures_of(found: list[Voices]) -> list[Figure]:
    """The quietest of all, then each cell of the votes, to be kept."""
    known = [
        (cell.ratio, voice, table, name)
        for voice in found
        for table, cell, name in voice.named_cells()
        if not table.is_grey and cell.is_named
    ]
    if not known:
        return [Figure(QUIETEST)]
    ratio, voice, table, name = min(known, key=lambda each: each[0])
    about = f"{name} · {DIMENSION_WORDS[table.dimension]} · {voice.product} · {voice.title}"
    return [Figure(QUIETEST, _thousandths(ratio), 1000, parts=about), *_cells(found)]


def _cells(found: list[Voices]) -> Iterator[Figure]:
    for voice in found:
        if voice.is_of_votes:
            for table, cell, name in voice.named_cells():
                segment = f"{voice.product.pk}:{table.dimension}:{'+'.join(cell.keys)}"
                if len(segment) <= LONGEST_SEGMENT:
                    yield Figure(VOICE, _thousandths(cell.ratio), 1000, segment=segment, name=name)


def _thousandths(ratio: float) -> int:
    return round(1000 * ratio)
