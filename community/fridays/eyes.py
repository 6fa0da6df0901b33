"""The week through other eyes (the lens): the same figures of some of those who reported. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from community.feature_requests.lenses import SMALL_PLACES
from community.feature_requests.models import Lens
from community.fridays.cells import SMALLEST_CROWD, are_crowds
from community.fridays.shares import POSITIVE_FROM, satisfaction_of

# By which mark of a report, and which of its values, a lens sees it.
MARKS: dict[Lens, tuple[str, Collection[str | bool]]] = {
    Lens.COUNTY: ("region_level", SMALL_PLACES),
    Lens.NEWCOMERS: ("tenure", ["newcomer"]),
    Lens.WITHOUT_BUSIEST: ("is_busiest", [False]),
}


@dataclass(frozen=True)
class Said:
    """What some of the fans said, counted: by rating, by item, by wish."""

    ratings: Mapping[int, int] = field(default_factory=dict)
    loved: Mapping[int, int] = field(default_factory=dict)
    not_good: Mapping[int, int] = field(default_factory=dict)
    anticipated: Mapping[int, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return sum(self.ratings.values())


def on_paper(papers: Iterable[Mapping[str, Any]], items: Mapping[int, int]) -> Said:
    """What paper forms say; `items`: number on the form → release item."""
    ratings: Counter[int] = Counter()
    grids: dict[str, Counter[int]] = {"loved": Counter(), "not_good": Counter()}
    wishes: Counter[int] = Counter()
    for paper in papers:
        if rating := paper.get("overall"):
            ratings[rating] += 1
        wishes.update(set(paper.get("wishes", [])))
        for grid, counted in grids.items():
            counted.update({items[number] for number in paper.get(grid, []) if number in items})
    return Said(ratings, grids["loved"], grids["not_good"], wishes)


def seen(part: Said, whole: Said) -> dict[str, Any] | None:
    """The figures of a part of the whole; None where either side of the cut is a handful.

    An item has a rank among those that have one here, and its numbers as far as they may be said:
    neither those who chose it, nor those who did not, here or beyond, are a handful.
    """
    if part.count < SMALLEST_CROWD or not are_crowds(whole.count - part.count):
        return None
    positive = _positive(part)
    is_said = _may_say(positive, part, _positive(whole), whole)
    return {
        "count": part.count,
        "satisfaction": satisfaction_of(part.ratings) if is_said else None,
        "items": _items(part, whole),
        "wishes": _ranks(
            {
                wish: count
                for wish, count in part.anticipated.items()
                if count >= SMALLEST_CROWD
                and _may_say(count, part, whole.anticipated.get(wish, 0), whole)
            }
        ),
    }


def moved(figures: Mapping[str, Any], lens: str, what: str = "items") -> dict[str, tuple[int, int]]:
    """«#3 → #1»: where each item (or wish) stands for everyone and through the lens, among those
    that have a rank there. Empty where the lens shows nothing.
    """
    lenses = figures.get("lenses") or {}
    if not (lenses.get(lens) and lenses.get(Lens.EVERYONE)):
        return {}
    here, everywhere = (_ranked(lenses[name][what]) for name in (lens, Lens.EVERYONE))
    before = _ranks({pk: -everywhere[pk] for pk in here if pk in everywhere})
    now = _ranks({pk: -here[pk] for pk in before})
    return {pk: (before[pk], now[pk]) for pk in now}


def _ranked(rows: Mapping[str, Any]) -> dict[str, int]:
    """Of items the rows that have a rank; wishes are ranks already."""
    ranks = {pk: row["rank"] if isinstance(row, dict) else row for pk, row in rows.items()}
    return {pk: rank for pk, rank in ranks.items() if rank is not None}


def _positive(said: Said) -> int:
    return sum(count for rating, count in said.ratings.items() if rating >= POSITIVE_FROM)


def _may_say(chose: int, part: Said, chose_in_all: int, whole: Said) -> bool:
    beyond, chose_beyond = whole.count - part.count, chose_in_all - chose
    if not beyond:
        return True  # everybody is here: nothing is told that the whole does not tell
    return are_crowds(chose, part.count - chose, chose_beyond, beyond - chose_beyond)


def _items(part: Said, whole: Said) -> dict[str, dict[str, int | None]]:
    rows: dict[str, dict[str, int | None]] = {}
    nets: dict[str, int] = {}
    for item in sorted(whole.loved.keys() | whole.not_good.keys()):
        loved, not_good = part.loved.get(item, 0), part.not_good.get(item, 0)
        in_all = whole.loved.get(item, 0), whole.not_good.get(item, 0)
        says_loved = _may_say(loved, part, in_all[0], whole)
        says_not_good = _may_say(not_good, part, in_all[1], whole)
        if says_loved and says_not_good:
            # Who chose it for neither grid is what both leave over.
            says_not_good = _may_say(loved + not_good, part, sum(in_all), whole)
        if says_loved and says_not_good and loved + not_good >= SMALLEST_CROWD:
            nets[str(item)] = loved - not_good
        if says_loved or says_not_good:
            rows[str(item)] = {
                "rank": None,
                "loved": loved if says_loved else None,
                "not_good": not_good if says_not_good else None,
            }
    for key, rank in _ranks(nets).items():
        rows[key]["rank"] = rank
    return rows


def _ranks(counts: Mapping[Any, int]) -> dict[str, int]:
    """Most first; equal counts share a rank."""
    rank_of: dict[int, int] = {}
    for place, count in enumerate(sorted(counts.values(), reverse=True), 1):
        rank_of.setdefault(count, place)
    return {str(key): rank_of[count] for key, count in sorted(counts.items())}
