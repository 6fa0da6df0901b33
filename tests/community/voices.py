"""Fans who said something in a week, without a database: counted by hand, one after the other."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from community.feature_requests.models import Lens
from community.fridays.aggregates import DIMENSIONS, Base, Counts, Group, figures, heard_of
from community.fridays.eyes import Said
from community.products.users import SEGMENTS


@dataclass(frozen=True)
class Voice:
    """One report, as far as it is counted."""

    overall: int = 4
    is_late: bool = False
    tier: str = "casual"
    region_level: str = "unknown"
    join_channel: str = "open"
    tenure: str = "longer"
    is_busiest: bool = False
    loved: frozenset[int] = frozenset()
    not_good: frozenset[int] = frozenset()
    anticipated: frozenset[int] = frozenset()
    severity: str = ""
    frequency: str = ""
    area: str = ""
    recommend: int | None = None


LENSES: dict[Lens, Callable[[Voice], bool]] = {
    Lens.EVERYONE: lambda voice: True,
    Lens.COUNTY: lambda voice: voice.region_level in {"county", "township"},
    Lens.NEWCOMERS: lambda voice: voice.tenure == "newcomer",
    Lens.WITHOUT_BUSIEST: lambda voice: not voice.is_busiest,
}


def through(voices: Iterable[Voice], lens: Lens) -> list[Voice]:
    return [voice for voice in voices if LENSES[lens](voice)]


def named(voices: Iterable[Voice], grid: str) -> Counter[int]:
    return Counter(thing for voice in voices for thing in getattr(voice, grid))


def counts_of(voices: Sequence[Voice]) -> Counts:
    groups = Counter(
        (v.tier, v.region_level, v.join_channel, v.tenure, v.is_busiest, v.overall, v.is_late)
        for v in voices
    )
    return Counts(
        groups=[Group(*marks, times) for marks, times in groups.items()],
        said={
            lens: Said(
                loved=named(through(voices, lens), "loved"),
                not_good=named(through(voices, lens), "not_good"),
                anticipated=named(through(voices, lens), "anticipated"),
            )
            for lens in LENSES
        },
        troubles=Counter((v.severity, v.frequency) for v in voices if v.severity and v.frequency),
        areas=Counter(v.area for v in voices if v.area),
        recommend=Counter(v.recommend for v in voices if v.recommend is not None),
    )


def base_of(others: Sequence[Voice] = (), **fields: Any) -> Base:
    """`others`: active fans who did not report."""
    segments = {name: dict(Counter(getattr(v, name) for v in others)) for name in DIMENSIONS}
    return Base(others=segments, site_count=len(others), **fields)


def figures_of(
    voices: Sequence[Voice], others: Sequence[Voice] = (), **fields: Any
) -> dict[str, Any]:
    counts = counts_of(voices)
    return figures(counts, base_of(others, heard=heard_of(counts.groups), **fields))


def some(count: int, **marks: Any) -> list[Voice]:
    return [Voice(**marks)] * count


@dataclass
class Dice:
    """Any fans: few of one kind and many of another, so that every border is crossed."""

    seed: int
    dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)

    def voices(self, count: int) -> list[Voice]:
        weights = {name: self._weights(segments) for name, segments in _marks().items()}
        liking = self.dice.random()
        return [self._voice(weights, liking) for _ in range(count)]

    def _weights(self, segments: Sequence[str]) -> Mapping[str, float]:
        return {segment: self.dice.random() ** 4 for segment in segments}

    def _voice(self, weights: Mapping[str, Mapping[str, float]], liking: float) -> Voice:
        roll = self.dice
        marks = {name: roll.choices(list(w), list(w.values()))[0] for name, w in weights.items()}
        loved = roll.sample(range(4), roll.randint(0, 3)) if roll.random() < liking else []
        rest = [item for item in range(4) if item not in loved]
        return Voice(
            **marks,
            overall=roll.choices(range(1, 6), [1, 1, 1, 9 * liking, 9 * liking])[0],
            is_late=roll.random() < 0.1,
            is_busiest=roll.random() < 0.1,
            loved=frozenset(loved),
            not_good=frozenset(roll.sample(rest, min(len(rest), roll.randint(0, 2)))),
            anticipated=frozenset(roll.sample(range(100, 106), roll.randint(0, 3))),
            severity=roll.choice(["", "S1", "S2"]),
            frequency=roll.choice(["", "Q1", "Q2"]),
            area=roll.choice(["", "Wi-Fi", "wi-fi ", "\uff37i-Fi", "Camera"]),
            recommend=roll.choice([None, *range(11)]),
        )


def _marks() -> dict[str, list[str]]:
    known = {name: list(segments) for name, segments in SEGMENTS.items()}
    return {**known, "region_level": [*known["region_level"], "unknown"]}
