"""What a figure is: a part of a whole, with its definition and its own past."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from statistics import fmean
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.fridays.cells import QUIET_BELOW
from config.measures.sources import Sources
from fans.charts import LineChart, Point
from fans.charts.numbers import written

SMALLEST = 5  # fewer people than this are not shown as a figure
COMPARED_WEEKS = 4
HALF = 50


class Kind(StrEnum):
    """How part and whole make a figure."""

    SHARE = "share"  # 42 / 50 → 84 %
    POINTS = "points"  # (5 − 2) / 10 → 30
    MEAN = "mean"  # 22 / 5 → 4.4
    RATIO = "ratio"  # in thousandths: 333 / 1000 → 0.33
    NUMBER = "number"  # the part alone


@dataclass(frozen=True)
class Spec:
    """What is counted, in words. `version` is told up when the words change: the past of other
    words is not drawn beside it."""

    key: str
    title: str | Promise
    definition: str | Promise
    kind: Kind = Kind.SHARE
    unit: str = ""
    version: int = 1
    is_of_now: bool = False  # the past cannot be counted again, so it is kept when it is there
    keeps_itself: bool = False  # its past stands elsewhere, exactly


def value_of(kind: Kind, part: int, whole: int) -> float | None:
    if kind == Kind.NUMBER:
        return part
    if not whole:
        return None
    return part / whole * (100 if kind in {Kind.SHARE, Kind.POINTS} else 1)


_SCALES = {Kind.SHARE: (0.0, 100.0), Kind.MEAN: (1.0, 5.0)}
_DIGITS = {Kind.SHARE: 1, Kind.MEAN: 1, Kind.RATIO: 2}


@dataclass(frozen=True)
class Figure:
    """One figure at one moment. Without a value there is no data, or too few people."""

    spec: Spec
    part: int | None = None
    whole: int | None = None
    segment: str = ""
    name: str = ""  # of the segment, in words
    parts: str = ""  # how it is made up, where it is not «part / whole»
    is_small: bool = False  # there is something, of fewer than five people
    low: float | None = None
    high: float | None = None
    past: Sequence[Point] = ()  # oldest first; may end with the figure itself
    before: Sequence[float] = ()  # what it is compared with
    taken_at: datetime | None = None  # it cannot be counted just now: this is how it was

    @property
    def title(self) -> str:
        return f"{self.spec.title} · {self.name}" if self.name else str(self.spec.title)

    @property
    def value(self) -> float | None:
        if self.is_small or self.part is None or self.whole is None:
            return None
        return value_of(self.spec.kind, self.part, self.whole)

    @property
    def unit(self) -> str:
        return "%" if self.spec.kind == Kind.SHARE else str(self.spec.unit)

    @property
    def digits(self) -> int:
        return _DIGITS.get(self.spec.kind, 0)

    @property
    def words(self) -> str:
        """`84.0 %`."""
        return written(self.value, self.unit, self.digits)

    @property
    def made_of(self) -> str:
        if self.value is None or self.spec.kind == Kind.RATIO:
            return self.parts
        if self.spec.kind == Kind.NUMBER:
            return self.parts
        return self.parts or f"{self.part:,} / {self.whole:,}"

    @property
    def is_breach(self) -> bool:
        """A voice that is hardly heard."""
        return self.spec.kind == Kind.RATIO and self.value is not None and self.value < QUIET_BELOW

    @property
    def interval(self) -> str:
        if self.low is None or self.high is None or self.value is None:
            return ""
        ends = {"low": written(self.low, "", 1), "high": written(self.high, "%", 1)}
        return _("95 %% interval: %(low)s to %(high)s") % ends

    @property
    def change(self) -> str:
        """Against the mean of the weeks before; nothing where there are none."""
        before = list(self.before)[-COMPARED_WEEKS:]
        if self.value is None or not before:
            return ""
        step = round(self.value - fmean(before), self.digits)
        sign = "▲" if step > 0 else "▼" if step < 0 else "="
        weeks = ngettext(
            "against the week before", "against the mean of the %(n)s weeks before", len(before)
        ) % {"n": len(before)}
        return f"{sign} {written(abs(step), '', self.digits)} {weeks}"

    @cached_property
    def chart(self) -> LineChart | None:
        """Nothing is drawn of fewer than two weeks."""
        known = [point.value for point in self.past if point.value is not None]
        if len(known) < 2:
            return None
        ends = {
            "newest": written(known[-1], self.unit, self.digits),
            "least": written(min(known), self.unit, self.digits),
            "most": written(max(known), self.unit, self.digits),
            "weeks": len(known),
        }
        summary = _("%(newest)s at last; between %(least)s and %(most)s in %(weeks)s weeks.") % ends
        least, most = _SCALES.get(self.spec.kind, (None, None))
        if self.spec.kind == Kind.SHARE and max(known) < HALF:
            most = None  # small shares are told apart on a scale of their own
        return LineChart(
            self.title,
            summary,
            list(self.past),
            unit=self.unit,
            digits=self.digits,
            least=least,
            most=most,
        )


@dataclass(frozen=True)
class Measure:
    """A family of figures; those of segments may have a table of their own."""

    key: str
    title: str | Promise
    specs: Sequence[Spec]
    figures: Callable[[Sources], list[Figure]]
    segments_apart: bool = False


def share(spec: Spec, part: int, whole: int, people: int | None = None, **fields: Any) -> Figure:
    """A share of so many people; of fewer than five it says nothing."""
    if not whole:
        return Figure(spec, **fields)
    if (whole if people is None else people) < SMALLEST:
        return Figure(spec, is_small=True, **fields)
    return Figure(spec, part, whole, **fields)
