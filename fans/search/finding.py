"""Find what holds all words of a query, or what is like a text.

Both stay quick however much there is. `find` looks at the newest of what is common. `like` takes
its candidates from the rare words alone, rarest first, until they name `COMMON` entries together;
words more common than that only add to what the rare ones found, or, two together, find what holds
both. So a title of nothing but everyday words costs no more than any other.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import log

from fans.search.engines import COMMON, Branch, entry_counts, ranked
from fans.search.models import SearchEntry
from fans.search.queries import Phrase, terms_of, words_of

NEWEST = 1000  # of what holds all words; more than anybody reads through
CANDIDATES = 100
# A word of the title tells more than one further down.
ELSEWHERE = 0.4
# How much of what a text says must be found again, by weight of its words.
LEAST_LIKENESS = 0.2
UNKNOWN = 0.2  # of its weight: a word nobody used yet tells little


@dataclass(frozen=True)
class Like:
    key: int
    likeness: float  # 1: all of its words stand in the title


def find(query: str, *, kind: str, audiences: Collection[str], limit: int) -> list[int]:
    """Keys of what holds all these words, those whose title does first."""
    words = words_of(query)
    if not words:
        return []
    branches = [
        Branch(words, points=0, limit=NEWEST, newest_first=True),
        Branch(words, points=1, in_title=True, limit=NEWEST, newest_first=True),
    ]
    hits = ranked(branches, kind=kind, audiences=audiences, limit=limit)
    return [key for key, _ in hits]


def like(text: str, *, kind: str, audiences: Collection[str], limit: int) -> list[Like]:
    """What shares most with this text, a rare word weighing more than a common one."""
    terms = terms_of(text)
    counts, total = entry_counts(terms) if terms else ({}, 0)
    weights = {term: _rarity(count, total) for term, count in counts.items()}
    known = sorted((term for term in terms if counts[term]), key=lambda term: counts[term])
    sums = accumulate(counts[term] for term in known)
    rare = [term for term, sum_ in zip(known, sums, strict=True) if sum_ <= COMMON]
    common = known[len(rare) :]
    branches = _of_rare(rare, weights) + _of_common(common)
    points = dict(ranked(branches, kind=kind, audiences=audiences, limit=CANDIDATES))
    if common:
        titles = SearchEntry.objects.filter(kind=kind, key__in=points)
        for key, title in titles.values_list("key", "title_tokens"):
            points[key] += sum(weights[term] for term in common if _stands_in(title, term))
    whole = sum(weight * (1 if counts[term] else UNKNOWN) for term, weight in weights.items())
    best = sorted(points, key=lambda key: (-points[key], -key))
    found = [Like(key, points[key] / whole) for key in best]
    return [each for each in found if each.likeness >= LEAST_LIKENESS][:limit]


def _stands_in(title: str, term: Phrase) -> bool:
    return f" {term.tokens[0]}{'' if term.is_beginning else ' '}" in f" {title} "


def _rarity(count: int, total: int) -> float:
    """Near 0 for a word that is everywhere."""
    return log(1 + (max(total - count, 0) + 0.5) / (count + 0.5))


def _of_rare(terms: Sequence[Phrase], weights: dict[Phrase, float]) -> list[Branch]:
    return [
        Branch([(term,)], weights[term] * share, in_title=in_title)
        for term in terms
        for in_title, share in ((False, ELSEWHERE), (True, 1 - ELSEWHERE))
    ]


def _of_common(terms: Sequence[Phrase]) -> list[Branch]:
    """The rarest of them together, or the only one."""
    whole = [term for term in terms if not term.is_beginning] or terms
    several = [whole[:size] for size in (3, 2) if len(whole) >= size] or [whole]
    return [
        Branch([(term,) for term in few], 0, in_title=in_title, limit=CANDIDATES // 4)
        for few in filter(None, several)
        for in_title in (True, False)
    ]
