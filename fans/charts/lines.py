"""A line over weeks or months; where nothing is known it is interrupted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

from fans.charts.numbers import name_of, percent, scale_end, written

# Where the drawing stands in its frame, in percent; text beside it has a size of its own.
_LEFT, _RIGHT = 2.0, 98.0
_TOP, _BOTTOM = 8.0, 82.0


class Point(NamedTuple):
    """A value that is None leaves a gap; its note says why («skipped»), and marks the place."""

    label: str
    value: float | None
    note: str = ""
    low: float | None = None  # of an interval around it
    high: float | None = None


class Place(NamedTuple):
    x: str
    y: str
    point: Point


class Tick(NamedTuple):
    y: str
    words: str


class Label(NamedTuple):
    x: str
    words: str
    anchor: str


class Row(NamedTuple):
    """Of the table below."""

    label: str
    value: str
    interval: str
    note: str


@dataclass(frozen=True)
class LineChart:
    """`summary` says in one sentence what the eye would see. `least` and `most`: the scale."""

    title: str
    summary: str
    rows: Sequence[Point]
    unit: str = ""
    digits: int = 0
    series: int = 1  # its colour, 1–5
    least: float | None = None
    most: float | None = None

    @cached_property
    def name(self) -> str:
        return name_of(self)

    @cached_property
    def _ends(self) -> tuple[float, float]:
        known = [
            value
            for point in self.rows
            for value in (point.value, point.low, point.high)
            if value is not None
        ]
        bottom = min(0.0, scale_end(min(known, default=0))) if self.least is None else self.least
        top = max(0.0, scale_end(max(known, default=0))) if self.most is None else self.most
        return bottom, top if top > bottom else bottom + 1

    def _x(self, place: int) -> float:
        if len(self.rows) < 2:
            return (_LEFT + _RIGHT) / 2
        return _LEFT + (_RIGHT - _LEFT) * place / (len(self.rows) - 1)

    def _y(self, value: float) -> float:
        bottom, top = self._ends
        share = (min(max(value, bottom), top) - bottom) / (top - bottom)
        return _BOTTOM - (_BOTTOM - _TOP) * share

    @property
    def ticks(self) -> list[Tick]:
        """Both ends and the middle, where that is a number as short as the others."""
        bottom, top = self._ends
        middle = (bottom + top) / 2
        values = [top, middle, bottom] if round(middle, self.digits) == middle else [top, bottom]
        return [Tick(percent(self._y(v)), written(v, self.unit, self.digits)) for v in values]

    @property
    def scale_width(self) -> int:
        """In pixels: what the longest word of the scale takes."""
        return 10 + 8 * max(len(tick.words) for tick in self.ticks)

    @property
    def labels(self) -> list[Label]:
        """The first, the last, and one between them."""
        last = len(self.rows) - 1
        if last < 1:
            return [Label(percent(self._x(0)), row.label, "middle") for row in self.rows]
        ends = [Label("0", self.rows[0].label, "start"), Label("100", self.rows[-1].label, "end")]
        if last % 2 == 0:
            half = self.rows[last // 2].label
            ends.insert(1, Label(percent(self._x(last // 2)), half, "middle"))
        return ends

    @property
    def places(self) -> list[Place]:
        return [
            Place(percent(self._x(place)), percent(self._y(point.value)), point)
            for place, point in enumerate(self.rows)
            if point.value is not None
        ]

    @property
    def marks(self) -> list[Place]:
        """What is noted where no value stands."""
        return [
            Place(percent(self._x(place)), "", point)
            for place, point in enumerate(self.rows)
            if point.value is None and point.note
        ]

    @property
    def path(self) -> str:
        """Of the line, piece by piece."""
        return "".join(
            "M" + "L".join(f"{percent(x)} {percent(self._y(value))}" for x, value, _, _ in run)
            for run in self._runs()
            if len(run) > 1
        )

    @property
    def band(self) -> str:
        """Of the interval: there along its upper end, back along the lower."""
        pieces = []
        for run in self._runs():
            known = [(x, lo, hi) for x, _, lo, hi in run if lo is not None and hi is not None]
            if len(known) == len(run) > 1:
                there = [f"{percent(x)} {percent(self._y(hi))}" for x, _, hi in known]
                back = [f"{percent(x)} {percent(self._y(lo))}" for x, lo, _ in reversed(known)]
                pieces.append("M" + "L".join([*there, *back]) + "Z")
        return "".join(pieces)

    def _runs(self) -> Iterator[list[tuple[float, float, float | None, float | None]]]:
        placed = list(enumerate(self.rows))
        for is_known, run in groupby(placed, key=lambda pair: pair[1].value is not None):
            if is_known:
                yield [(self._x(i), p.value or 0.0, p.low, p.high) for i, p in run]

    @property
    def newest(self) -> Place | None:
        """The last value, which is written beside its point."""
        return self.places[-1] if self.places else None

    @property
    def newest_words(self) -> str:
        return written(self.newest.point.value, self.unit, self.digits) if self.newest else ""

    @property
    def newest_width(self) -> int:
        """In pixels: what it takes, in large figures."""
        return 10 + 10 * len(self.newest_words)

    @property
    def has_intervals(self) -> bool:
        return any(point.low is not None for point in self.rows)

    @property
    def has_notes(self) -> bool:
        return any(point.note for point in self.rows)

    @property
    def table(self) -> list[Row]:
        """Newest first."""
        return [
            Row(
                point.label,
                written(point.value, self.unit, self.digits) or "–",
                ""
                if point.low is None or point.high is None
                else f"{written(point.low, '', self.digits)}–"
                f"{written(point.high, self.unit, self.digits)}",
                point.note,
            )
            for point in reversed(self.rows)
        ]
