"""Bars, each beside its name; with something against it they part from a middle line."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from fans.charts.numbers import name_of, percent, written

_LONGEST = 82.0  # percent of the frame; the number stands behind the bar
_LONGEST_HALF = 37.0
_SHORT = 12  # characters


class Bar(NamedTuple):
    label: str
    value: float | None
    against: float | None = None  # what speaks against it, drawn to the other side
    note: str = ""
    language: str = ""  # of the label, where somebody wrote it


class Drawn(NamedTuple):
    bar: Bar
    start: str
    end: str
    against_end: str
    value: str
    against: str
    difference: str


@dataclass(frozen=True)
class BarChart:
    """`names`: what the bars count, and what those on the other side count."""

    title: str
    summary: str
    rows: Sequence[Bar]
    names: tuple[str, str] = ("", "")
    heading: str = ""  # of the first column of the table
    unit: str = ""
    digits: int = 0
    series: int = 1
    most: float | None = None  # what the longest bar stands for

    @cached_property
    def name(self) -> str:
        return name_of(self)

    @property
    def is_parted(self) -> bool:
        return any(bar.against is not None for bar in self.rows)

    @property
    def is_short(self) -> bool:
        """Names that fit beside their bars."""
        return all(len(bar.label) <= _SHORT for bar in self.rows)

    @property
    def has_notes(self) -> bool:
        return any(bar.note for bar in self.rows)

    @cached_property
    def bars(self) -> list[Drawn]:
        longest = self.most or max(
            (max(bar.value or 0, bar.against or 0) for bar in self.rows), default=0
        )
        return [self._drawn(bar, longest or 1) for bar in self.rows]

    def _drawn(self, bar: Bar, longest: float) -> Drawn:
        start, room = (50.0, _LONGEST_HALF) if self.is_parted else (0.0, _LONGEST)
        value, against = bar.value or 0, bar.against or 0
        return Drawn(
            bar,
            percent(start),
            percent(start + room * min(value / longest, 1)),
            percent(start - room * min(against / longest, 1)),
            written(bar.value, self.unit, self.digits) or "–",
            written(bar.against, self.unit, self.digits) or "–",
            written(value - against, self.unit, self.digits),
        )
