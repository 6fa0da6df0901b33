"""Shares of answers with what they are worth: the Wilson interval, the 0–10 question. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from math import sqrt
from typing import Any

from community.fridays.cells import SMALLEST_CROWD

POSITIVE_FROM = 4  # of 5
_Z = 1.959963984540054  # 95 %

Ratings = Mapping[int, int] | Iterable[int]  # how often each, or one after the other


def wilson(positive: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share."""
    share, square = positive / count, _Z * _Z
    middle = share + square / (2 * count)
    spread = _Z * sqrt(share * (1 - share) / count + square / (4 * count * count))
    whole = 1 + square / count
    return (middle - spread) / whole, (middle + spread) / whole


def satisfaction_of(ratings: Ratings) -> dict[str, Any]:
    """Ratings of 4 and 5 among all. There is at least one."""
    counted = Counter(ratings)
    count = counted.total()
    positive = sum(often for rating, often in counted.items() if rating >= POSITIVE_FROM)
    low, high = wilson(positive, count)
    return {
        "positive": positive,
        "count": count,
        "share": round(positive / count, 4),
        "low": round(low, 4),
        "high": round(high, 4),
    }


def recommend_of(ratings: Ratings) -> dict[str, Any] | None:
    """Promoters (9–10) less detractors (0–6), in points of a hundred."""
    counted = Counter(ratings)
    count = counted.total()
    if count < SMALLEST_CROWD:
        return None
    promoters = sum(often for rating, often in counted.items() if rating >= 9)
    detractors = sum(often for rating, often in counted.items() if rating <= 6)
    return {
        "promoters": promoters,
        "passives": count - promoters - detractors,
        "detractors": detractors,
        "count": count,
        "score": round(100 * (promoters - detractors) / count),
    }
