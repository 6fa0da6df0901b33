"""What the reports of one week say (O4). Pure: counts in, figures out.

The shape of `WeeklyReport.figures` (shares are 0–1 with four digits; `None`: not to be said).
Everything in it may be read by everybody; what may not stands in `WeeklyReport.base`.

    count, late_count        fans who reported; of them late
    is_small                 fewer than 5 of them: everything below is None or empty
    active_count             fans with an act in the 28 days before the freeze, reporters among them
    response_rate            count ÷ active_count
    satisfaction             {positive, count, share, low, high}: ratings ≥ 4, Wilson 95 %
    ratings                  {"1": n … "5": n}
    items                    [{item, loved, not_good}] by loved − not good
    anticipated              [{request, count}] most wanted first, the first 300
    troubles                 [{severity, frequency, count}] most frequent first
    areas                    [{area, count}] named by 5 fans or more, however they spelt it
    recommend                {promoters, passives, detractors, count, score}, when 5 answered it
    voice                    [{dimension, is_grey, base_is: "users" | "fans", cells: [{keys, voice,
                             voice_share, base, base_share, ratio, is_quiet}]}]; of users with
                             `source` and `counted_on`; no cell stands for fewer than 5
    lenses                   {lens: None | {count, satisfaction, items: {item: {rank, loved,
                             not_good}}, wishes: {request: rank}}}; numbers of items and wishes are
                             text here; `eyes.moved` says «#3 → #1»; "offline" is the paper
    change                   {weeks, count, satisfaction}: against the mean of up to 4 held weeks
    paper_count              accepted paper forms of the week: beside, never mixed in
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from community.feature_requests.models import Lens
from community.fridays import eyes
from community.fridays.cells import SMALLEST_CROWD, UNKNOWN, Users, voice
from community.fridays.eyes import Said, moved
from community.fridays.shares import POSITIVE_FROM, recommend_of, satisfaction_of, wilson

__all__ = [
    "POSITIVE_FROM",
    "SMALLEST_CROWD",
    "Base",
    "Counts",
    "Group",
    "figures",
    "moved",
    "recommend_of",
    "satisfaction_of",
    "wilson",
    "without_breakdowns",
]

DIMENSIONS = ("tier", "region_level", "join_channel", "tenure")
MOST_WISHES = 300  # are ranked, as on the board
BREAKDOWNS: dict[str, Any] = {"voice": [], "lenses": {}}
_UNSAID: dict[str, Any] = {
    **dict.fromkeys(["response_rate", "satisfaction", "change"]),
    "ratings": {},
    "items": [],
    "anticipated": [],
    "troubles": [],
    "areas": [],
    **BREAKDOWNS,
}


class Group(NamedTuple):
    """So many reports have these marks, this rating, and are late or not."""

    tier: str
    region_level: str
    join_channel: str
    tenure: str
    is_busiest: bool
    overall: int
    is_late: bool
    times: int


@dataclass(frozen=True)
class Counts:
    """The reports of a week, counted in the database."""

    groups: Sequence[Group]
    said: Mapping[Lens, Said]  # choices; for everyone and through each lens of the marks
    troubles: Mapping[tuple[str, str], int] = field(default_factory=dict)  # severity, frequency
    areas: Mapping[str, int] = field(default_factory=dict)  # as they were typed
    recommend: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Base:
    """What the week is measured against, kept so that counting again gives the same.

    Nobody's to read: some of its segments are handfuls.
    """

    others: Mapping[str, Mapping[str, int]]  # active fans who did not report, by segment
    site_count: int  # n of spec §0, for the award
    users: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # as `cells.Users`
    earlier: Sequence[Mapping[str, Any]] = ()  # week, count, satisfaction
    # The reports by each mark, when they were counted first; empty where they carried no marks.
    heard: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def others_count(self) -> int:
        return sum(self.others["tier"].values())


def figures(
    counts: Counts, base: Base, paper: Said | None = None, paper_count: int = 0
) -> dict[str, Any]:
    groups = counts.groups
    said = {lens: _with_ratings(each, lens, groups) for lens, each in counts.said.items()}
    whole = said[Lens.EVERYONE]
    active_count = whole.count + base.others_count
    counted = {
        "count": whole.count,
        "late_count": sum(group.times for group in groups if group.is_late),
        "is_small": whole.count < SMALLEST_CROWD,
        "active_count": active_count,
        "recommend": recommend_of(counts.recommend),
        "paper_count": paper_count,
    }
    if whole.count < SMALLEST_CROWD:
        return counted | _UNSAID
    satisfaction = satisfaction_of(whole.ratings)
    heard = heard_of(groups)
    same = {mark for mark in heard if heard[mark] == base.heard.get(mark)}
    tables = [_voice(name, heard[name], base) for name in DIMENSIONS if name in same]
    return counted | {
        "response_rate": round(whole.count / active_count, 4),
        "satisfaction": satisfaction,
        "ratings": {str(rating): whole.ratings.get(rating, 0) for rating in range(1, 6)},
        "items": _items(whole),
        "anticipated": _anticipated(whole),
        "troubles": _troubles(counts.troubles),
        "areas": areas_of(counts.areas),
        "voice": tables,
        "lenses": _lenses(said, paper or Said(), tables, same) if base.heard else {},
        "change": _change(whole.count, satisfaction["share"], base.earlier),
    }


def heard_of(groups: Iterable[Group]) -> dict[str, dict[str, int]]:
    """How many reports have each value of each mark. Where that is not what it was at first, whoever
    kept the first breakdown could take the new one from it: there is no new one.
    """
    heard: dict[str, Counter[str]] = {mark: Counter() for mark in (*DIMENSIONS, "is_busiest")}
    for group in groups:
        for mark, counted in heard.items():
            counted[str(getattr(group, mark)) or UNKNOWN] += group.times
    return {mark: dict(counted) for mark, counted in heard.items()}


def without_breakdowns(figures: Mapping[str, Any]) -> dict[str, Any]:
    """What everybody may read of a version that has a newer one: two breakdowns of the same fans,
    one taken from the other, would tell of the few in whom they differ.
    """
    return {**figures, **BREAKDOWNS}


def _with_ratings(said: Said, lens: Lens, groups: Iterable[Group]) -> Said:
    mark, values = eyes.MARKS.get(lens, ("", ()))
    ratings: Counter[int] = Counter()
    for group in groups:
        if not mark or getattr(group, mark) in values:
            ratings[group.overall] += group.times
    return Said(ratings, said.loved, said.not_good, said.anticipated)


def _items(said: Said) -> list[dict[str, int]]:
    rows = [
        {"item": item, "loved": said.loved.get(item, 0), "not_good": said.not_good.get(item, 0)}
        for item in said.loved.keys() | said.not_good.keys()
    ]
    return sorted(
        rows, key=lambda row: (row["not_good"] - row["loved"], -row["loved"], row["item"])
    )


def _anticipated(said: Said) -> list[dict[str, int]]:
    ordered = sorted(said.anticipated.items(), key=lambda pair: (-pair[1], pair[0]))
    return [{"request": wish, "count": count} for wish, count in ordered[:MOST_WISHES]]


def _troubles(counts: Mapping[tuple[str, str], int]) -> list[dict[str, Any]]:
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [{"severity": s, "frequency": f, "count": count} for (s, f), count in ordered]


def folded(area: str) -> str:
    """«Ｗｉ－Ｆｉ » and «wi-fi» are one area."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", area).casefold()).strip()


def areas_of(typed: Mapping[str, int]) -> list[dict[str, Any]]:
    """Areas that at least 5 fans named, under the spelling most of them used."""
    spellings: dict[str, Counter[str]] = {}
    for area, count in typed.items():
        shown = re.sub(r"\s+", " ", area).strip()
        spellings.setdefault(folded(area), Counter())[shown] += count
    spellings.pop("", None)
    rows = [
        {"area": min(each, key=lambda area: (-each[area], area)), "count": each.total()}
        for each in spellings.values()
        if each.total() >= SMALLEST_CROWD
    ]
    return sorted(rows, key=lambda row: (-row["count"], row["area"]))


def _voice(dimension: str, heard: Mapping[str, int], base: Base) -> dict[str, Any]:
    users = base.users.get(dimension)
    return voice(
        dimension, heard, base.others[dimension], Users(**users) if users else None,
        _inside(dimension),
    )  # fmt: skip


def _inside(dimension: str) -> list[str]:
    return [str(v) for mark, values in eyes.MARKS.values() if mark == dimension for v in values]


def _lenses(
    said: Mapping[Lens, Said],
    paper: Said,
    tables: Iterable[Mapping[str, Any]],
    same: Collection[str],
) -> dict[str, Any]:
    """`same`: the marks by which the reports are what they were when they were counted first."""
    whole = said[Lens.EVERYONE]
    cells = {table["dimension"]: [cell["keys"] for cell in table["cells"]] for table in tables}
    found = {
        str(lens): None if _changed(lens, same) or _cuts(lens, cells) else eyes.seen(each, whole)
        for lens, each in said.items()
    }
    return found | {str(Lens.OFFLINE): eyes.seen(paper, paper)}


def _changed(lens: Lens, same: Collection[str]) -> bool:
    return lens in eyes.MARKS and eyes.MARKS[lens][0] not in same


def _cuts(lens: Lens, cells: Mapping[str, list[list[str]]]) -> bool:
    """Whether a cell lies on both sides: the one taken from the other would tell what it hides."""
    mark, values = eyes.MARKS.get(lens, ("", ()))
    return any(0 < len(set(keys) & set(values)) < len(keys) for keys in cells.get(mark, []))


def _change(
    count: int, share: float, earlier: Sequence[Mapping[str, Any]]
) -> dict[str, Any] | None:
    if not earlier:
        return None
    shares = [week["satisfaction"] for week in earlier if week["satisfaction"] is not None]
    return {
        "weeks": [week["week"] for week in earlier],
        "count": round(count - sum(week["count"] for week in earlier) / len(earlier), 1),
        "satisfaction": round(share - sum(shares) / len(shares), 4) if shares else None,
    }
