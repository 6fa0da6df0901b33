"""Whose voice a week is, in words (spec §10)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from community.fridays.cells import UNKNOWN
from community.fridays.headlines import percent
from community.fridays.rankings import Figures
from community.products.users import DIMENSION_WORDS, words_of
from fans.templatetags.display import date_words


@dataclass(frozen=True)
class Cell:
    label: str
    voice: str
    base: str
    ratio: str
    is_quiet: bool


@dataclass(frozen=True)
class Table:
    title: str
    cells: list[Cell]
    is_grey: bool
    measured_against: str  # «users (shop statistics, 1 Nov 2026)», or «active fans»

    @property
    def quiet(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.is_quiet]


def voice_tables(figures: Figures, language: str) -> list[Table]:
    """One for each dimension of which something may be shown."""
    return [
        Table(
            str(DIMENSION_WORDS[table["dimension"]]),
            [_cell(table["dimension"], cell) for cell in table["cells"]],
            table["is_grey"],
            _measured_against(table, language),
        )
        for table in figures.get("voice") or []
        if table["cells"]
    ]


def _cell(dimension: str, cell: dict[str, Any]) -> Cell:
    told_nothing = _("did not tell us")
    names = [told_nothing if key == UNKNOWN else words_of(dimension, key) for key in cell["keys"]]
    return Cell(
        " + ".join(names),
        percent(cell["voice_share"]),
        percent(cell["base_share"]),
        f"{cell['ratio']:.2f}",
        cell["is_quiet"],
    )


def _measured_against(table: dict[str, Any], language: str) -> str:
    if table.get("base_is") != "users":
        return _("the active fans")
    counted_on = date_words(date.fromisoformat(table["counted_on"]), language)
    return _("the product's users (%(source)s, %(day)s)") % {
        "source": table["source"],
        "day": counted_on,
    }
