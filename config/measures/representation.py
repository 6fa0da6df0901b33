"""Whose voice it is: a segment's share of the voices ÷ its share of the people. Pure.

12 of 400 votes against 900 of 10 000 fans: 0.03 ÷ 0.09 = 0.333, hardly heard.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from community.feature_requests.metrics import Voices
from community.fridays.cells import GREY_BELOW, QUIET_BELOW, SMALLEST_CROWD, UNKNOWN, merged


@dataclass(frozen=True, slots=True)
class Base:
    """What a voice is measured against: users as the company counted them, or the active fans."""

    counts: Mapping[str, int]
    source: str = ""  # of the count of users; empty: the fans
    counted_on: date | None = None

    @property
    def is_users(self) -> bool:
        return bool(self.source)


@dataclass(frozen=True, slots=True)
class Cell:
    keys: tuple[str, ...]
    voice: int
    voice_share: float
    base: int
    base_share: float
    ratio: float

    @property
    def is_named(self) -> bool:
        """Who did not tell us is no group that could be heard."""
        return self.keys != (UNKNOWN,)

    @property
    def is_quiet(self) -> bool:
        return self.is_named and self.ratio < QUIET_BELOW


@dataclass(frozen=True, slots=True)
class Table:
    dimension: str
    cells: tuple[Cell, ...]
    is_grey: bool  # fewer than 30 % told us
    base: Base


def representation(dimension: str, heard: Mapping[str, Voices], base: Base) -> Table:
    """No cell stands for fewer than five people, and nothing smaller is left by subtraction.

    Who is unknown is a segment of the fans; the company knows its users, so against these only
    who told us is heard.
    """
    counts = dict(base.counts)
    is_grey = _told_too_few({key: each.votes for key, each in heard.items()})
    if base.is_users:
        heard = {key: each for key, each in heard.items() if key != UNKNOWN}
        counts.pop(UNKNOWN, None)
    else:
        is_grey = is_grey or _told_too_few(counts)
    groups = _grouped(heard, counts)
    cells = tuple(_cell(group, heard, counts) for group in groups)
    return Table(dimension, cells, is_grey, base)


def _told_too_few(counts: Mapping[str, int]) -> bool:
    whole = sum(counts.values())
    return whole - counts.get(UNKNOWN, 0) < GREY_BELOW * whole


def _grouped(heard: Mapping[str, Voices], base: Mapping[str, int]) -> list[tuple[str, ...]]:
    """Those under five together, with the next smallest until they are five; at least two groups,
    or there is nothing to compare."""

    def size(keys: list[str]) -> int:
        people = sum(heard[key].people for key in keys if key in heard)
        return min(people, sum(base.get(key, 0) for key in keys))

    ordered = sorted(heard.keys() | base.keys(), key=lambda key: (size([key]), key))
    groups = merged(ordered, lambda keys: size(keys) >= SMALLEST_CROWD)
    return [tuple(keys) for keys in groups] if len(groups) > 1 else []


def _cell(keys: tuple[str, ...], heard: Mapping[str, Voices], base: Mapping[str, int]) -> Cell:
    said = sum(heard[key].votes for key in keys if key in heard)
    there = sum(base.get(key, 0) for key in keys)
    voice_share = said / sum(each.votes for each in heard.values())
    base_share = there / sum(base.values())
    return Cell(keys, said, voice_share, there, base_share, voice_share / base_share)
