"""What the reports of one week say, counted (O4). Pure: rows in, figures out.

The shape of `WeeklyReport.figures` (shares are 0–1 with four digits; `None`: not to be said):

    count, late_count        fans who reported; of them late
    is_small                 fewer than 5 of them: everything below is None or empty
    active_count             fans with an act in the 28 days before the freeze, reporters among them
    response_rate            count ÷ active_count
    satisfaction             {positive, count, share, low, high}: ratings ≥ 4, Wilson 95 %
    ratings                  {"1": n … "5": n}
    items                    [{item, loved, not_good}] by loved − not good
    anticipated              [{request, count}] most wanted first
    troubles                 [{severity, frequency, count}] most frequent first
    recommend                {promoters, passives, detractors, count, score}, when 5 answered it
    voice                    [{dimension, is_grey, cells: [{keys, voice, voice_share, base,
                             base_share, ratio, is_quiet}]}]; no cell stands for fewer than 5
    change                   {weeks, count, satisfaction}: against the mean of up to 4 held weeks
    paper_count              accepted paper forms of the week: beside, never mixed in
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from typing import Any

SMALLEST_CROWD = 5
POSITIVE_FROM = 4  # of 5
QUIET_BELOW = 0.5  # of the share they have among the fans
GREY_BELOW = 0.3  # told us
_Z = 1.959963984540054  # 95 %
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Answer:
    """One fan's report, as far as it is counted. `segments`: {"tier": "core", …}."""

    fan: int
    overall: int
    is_late: bool = False
    loved: frozenset[int] = frozenset()
    not_good: frozenset[int] = frozenset()
    anticipated: frozenset[int] = frozenset()
    severity: str = ""
    frequency: str = ""
    recommend: int | None = None
    segments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Earlier:
    """A held week before this one."""

    week: str
    count: int
    satisfaction: float | None


def figures(
    answers: Sequence[Answer],
    base: Mapping[str, Mapping[str, int]],
    active_count: int,
    paper_count: int = 0,
    earlier: Sequence[Earlier] = (),
) -> dict[str, Any]:
    """`base`: how many of the active fans stand in each segment of each dimension."""
    count = len(answers)
    is_small = count < SMALLEST_CROWD
    satisfaction = None if is_small else satisfaction_of([each.overall for each in answers])
    return {
        "count": count,
        "late_count": sum(each.is_late for each in answers),
        "is_small": is_small,
        "active_count": active_count,
        "response_rate": None if is_small or not active_count else round(count / active_count, 4),
        "satisfaction": satisfaction,
        "ratings": {} if is_small else _ratings(answers),
        "items": [] if is_small else _items(answers),
        "anticipated": [] if is_small else _anticipated(answers),
        "troubles": [] if is_small else _troubles(answers),
        "recommend": recommend_of([a.recommend for a in answers if a.recommend is not None]),
        "voice": [] if is_small else [voice(answers, name, base[name]) for name in base],
        "change": None if is_small else _change(count, satisfaction, earlier),
        "paper_count": paper_count,
    }


def wilson(positive: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share."""
    share, square = positive / count, _Z * _Z
    middle = share + square / (2 * count)
    spread = _Z * sqrt(share * (1 - share) / count + square / (4 * count * count))
    whole = 1 + square / count
    return (middle - spread) / whole, (middle + spread) / whole


def satisfaction_of(ratings: Sequence[int]) -> dict[str, Any]:
    positive = sum(rating >= POSITIVE_FROM for rating in ratings)
    low, high = wilson(positive, len(ratings))
    return {
        "positive": positive,
        "count": len(ratings),
        "share": round(positive / len(ratings), 4),
        "low": round(low, 4),
        "high": round(high, 4),
    }


def recommend_of(ratings: Sequence[int]) -> dict[str, Any] | None:
    """Promoters (9–10) less detractors (0–6), in points of a hundred."""
    if len(ratings) < SMALLEST_CROWD:
        return None
    promoters = sum(rating >= 9 for rating in ratings)
    detractors = sum(rating <= 6 for rating in ratings)
    return {
        "promoters": promoters,
        "passives": len(ratings) - promoters - detractors,
        "detractors": detractors,
        "count": len(ratings),
        "score": round(100 * (promoters - detractors) / len(ratings)),
    }


def _ratings(answers: Iterable[Answer]) -> dict[str, int]:
    counted = Counter(each.overall for each in answers)
    return {str(rating): counted[rating] for rating in range(1, 6)}


def _items(answers: Iterable[Answer]) -> list[dict[str, int]]:
    loved: Counter[int] = Counter()
    not_good: Counter[int] = Counter()
    for each in answers:
        loved.update(each.loved)
        not_good.update(each.not_good)
    ordered = sorted(
        loved.keys() | not_good.keys(),
        key=lambda item: (not_good[item] - loved[item], -loved[item], item),
    )
    return [{"item": i, "loved": loved[i], "not_good": not_good[i]} for i in ordered]


def _anticipated(answers: Iterable[Answer]) -> list[dict[str, int]]:
    counted = Counter(wish for each in answers for wish in each.anticipated)
    ordered = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    return [{"request": wish, "count": count} for wish, count in ordered]


def _troubles(answers: Iterable[Answer]) -> list[dict[str, Any]]:
    counted = Counter((a.severity, a.frequency) for a in answers if a.severity and a.frequency)
    ordered = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    return [{"severity": s, "frequency": f, "count": count} for (s, f), count in ordered]


def voice(answers: Sequence[Answer], dimension: str, base: Mapping[str, int]) -> dict[str, Any]:
    """Whose voice it is: a segment's share of the reports ÷ its share of the active fans."""
    heard = Counter(each.segments.get(dimension, UNKNOWN) for each in answers)
    whole = sum(base.values())
    told = whole - base.get(UNKNOWN, 0)
    return {
        "dimension": dimension,
        "is_grey": told < GREY_BELOW * whole,
        "cells": [_cell(keys, heard, base) for keys in _grouped(heard, base)],
    }


def _grouped(heard: Mapping[str, int], base: Mapping[str, int]) -> list[list[str]]:
    """Segments to be shown; those under 5 together in one, with the next smallest until it is 5.

    What is shown adds up to the whole, so nothing smaller can be found by subtraction. Without
    at least two groups there is nothing to compare, and none is shown.
    """

    def size(keys: Iterable[str]) -> int:
        names = list(keys)
        return min(sum(heard.get(k, 0) for k in names), sum(base.get(k, 0) for k in names))

    ordered = sorted(heard.keys() | base.keys(), key=lambda key: (size([key]), key))
    together = [key for key in ordered if size([key]) < SMALLEST_CROWD]
    alone = ordered[len(together) :]
    while together and alone and size(together) < SMALLEST_CROWD:
        together.append(alone.pop(0))
    groups = [[key] for key in reversed(alone)]
    if together:
        groups.append(sorted(together))
    return groups if len(groups) > 1 else []


def _cell(keys: list[str], heard: Mapping[str, int], base: Mapping[str, int]) -> dict[str, Any]:
    said, there = sum(heard.get(k, 0) for k in keys), sum(base.get(k, 0) for k in keys)
    voice_share, base_share = said / sum(heard.values()), there / sum(base.values())
    ratio = voice_share / base_share
    return {
        "keys": keys,
        "voice": said,
        "voice_share": round(voice_share, 4),
        "base": there,
        "base_share": round(base_share, 4),
        "ratio": round(ratio, 3),
        "is_quiet": ratio < QUIET_BELOW,
    }


def _change(
    count: int, satisfaction: Mapping[str, Any] | None, earlier: Sequence[Earlier]
) -> dict[str, Any] | None:
    if not earlier:
        return None
    shares = [week.satisfaction for week in earlier if week.satisfaction is not None]
    differs = (
        round(satisfaction["share"] - sum(shares) / len(shares), 4)
        if shares and satisfaction
        else None
    )
    return {
        "weeks": [week.week for week in earlier],
        "count": round(count - sum(week.count for week in earlier) / len(earlier), 1),
        "satisfaction": differs,
    }
