"""O4: nobody finds a handful of fans, 1 to 4, in what is published: neither in a breakdown nor by
taking one published number from another.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from community.fridays import aggregates, cells, eyes
from community.products.users import SEGMENTS
from tests.community.voices import Dice, Voice, figures_of, some

POPULATIONS = 4_000 if os.environ.get("TEST_SIZE") == "full" else 200
EVERYBODY = {name: frozenset([*segments, "unknown"]) for name, segments in SEGMENTS.items()}
Known = dict[frozenset[str], int]


def is_handful(size: int) -> bool:
    return 0 < size < 5


def subtractions(known: Known) -> Known:
    """All that follows from sets of segments whose sizes are known, by taking and by adding."""
    found = dict(known)
    fresh = set(found)
    while fresh:
        new: Known = {}
        for one in fresh:
            for other, size in list(found.items()):
                if one < other:
                    new[other - one] = size - found[one]
                elif other < one:
                    new[one - other] = found[one] - size
                elif not one & other:
                    new[one | other] = found[one] + size
        fresh = {segments for segments in new if segments not in found}
        found |= {segments: new[segments] for segments in fresh}
    return found


def handfuls_by_segment(figures: dict[str, Any]) -> Iterator[str]:
    """From the tables of voices, and what the lenses say of the same segments."""
    for table in figures["voice"]:
        name = table["dimension"]
        whole = EVERYBODY[name]
        voices: Known = {frozenset(cell["keys"]): cell["voice"] for cell in table["cells"]}
        silent: Known = {
            frozenset(cell["keys"]): cell["base"] - cell["voice"] for cell in table["cells"]
        }
        for lens, (mark, values) in eyes.MARKS.items():
            if mark == name and figures["lenses"][lens]:
                voices[frozenset(map(str, values))] = figures["lenses"][lens]["count"]
        voices[whole] = figures["count"]
        for segments, size in subtractions(voices).items():
            if is_handful(size):
                yield f"{size} who reported in {sorted(segments)}"
        if table["base_is"] == "fans":
            for segments, size in subtractions(silent).items():
                if is_handful(size):
                    yield f"{size} who did not report in {sorted(segments)}"
        elif any(cell["base"] < 5 for cell in table["cells"]):
            yield f"few users in {name}"


def handfuls_through_lenses(figures: dict[str, Any]) -> Iterator[str]:
    """Of those a lens sees and those it does not: who chose something, who did not, who neither."""
    in_all = {str(row["item"]): (row["loved"], row["not_good"]) for row in figures["items"]}
    satisfied = figures["satisfaction"]["positive"]
    for lens, told in figures["lenses"].items():
        if told is None or lens == "offline":
            continue
        beyond = figures["count"] - told["count"]
        if beyond == 0:
            continue  # the whole once more
        groups = {"seen": told["count"], "not seen": beyond}
        if told["satisfaction"]:
            groups |= _cuts("satisfied", told["satisfaction"]["positive"], satisfied, told, beyond)
        for item, row in told["items"].items():
            pairs = [("loved", row["loved"], in_all[item][0])]
            pairs += [("not good", row["not_good"], in_all[item][1])]
            if None not in (row["loved"], row["not_good"]):
                pairs += [("either", row["loved"] + row["not_good"], sum(in_all[item]))]
            for name, here, everywhere in pairs:
                if here is not None:
                    groups |= _cuts(f"{name} {item}", here, everywhere, told, beyond)
        yield from (f"{lens}: {size} {who}" for who, size in groups.items() if is_handful(size))


def _cuts(
    name: str, here: int, everywhere: int, told: dict[str, Any], beyond: int
) -> dict[str, int]:
    return {
        f"{name}, seen": here,
        f"not {name}, seen": told["count"] - here,
        f"{name}, not seen": everywhere - here,
        f"not {name}, not seen": beyond - (everywhere - here),
    }


def handfuls(figures: dict[str, Any]) -> list[str]:
    return [*handfuls_by_segment(figures), *handfuls_through_lenses(figures)]


def populations() -> Iterator[dict[str, Any]]:
    for seed in range(POPULATIONS):
        dice = Dice(seed)
        voices, others = dice.dice.randint(5, 120), dice.dice.choice([0, 3, 20, 200])
        users = {
            "counts": {segment: dice.dice.randint(0, 40) for segment in SEGMENTS["tenure"]},
            "source": "Shop",
            "counted_on": "2026-10-01",
        }
        yield figures_of(
            dice.voices(voices),
            dice.voices(others),
            users={"tenure": users} if dice.dice.random() < 0.3 else {},
        )


def test_no_handful_is_found_by_any_subtraction() -> None:
    shown = 0
    for figures in populations():
        assert handfuls(figures) == []
        shown += bool(any(figures["lenses"][lens] for lens in eyes.MARKS))
    assert shown > POPULATIONS / 4  # it is no answer to show nothing


@pytest.mark.parametrize(
    ("module", "rule", "without"),
    [
        (cells, "are_crowds", lambda *sizes: True),
        (cells, "SMALLEST_CROWD", 1),
        (eyes, "are_crowds", lambda *sizes: True),
        (eyes, "_may_say", lambda *sizes: True),
        (aggregates, "_cuts", lambda lens, tables: False),
    ],
)
def test_without_any_one_of_the_rules_some_are_found(
    monkeypatch: pytest.MonkeyPatch, module: Any, rule: str, without: Any
) -> None:
    """The same search, so that it is known to find."""
    monkeypatch.setattr(module, rule, without)
    assert any(handfuls(figures) for figures in populations())


def test_what_is_said_of_segments_and_of_a_lens_tells_nothing_together() -> None:
    """Three townships: with «county» and «county and township» both told, they would be found."""
    voices = [
        *some(9, region_level="county"), *some(3, region_level="township"),
        *some(30, region_level="prefecture"), *some(20),
    ]  # fmt: skip
    figures = figures_of(voices, [Voice(region_level=v.region_level) for v in voices] * 3)
    [table] = [t for t in figures["voice"] if t["dimension"] == "region_level"]
    assert [cell["keys"] for cell in table["cells"]] == [
        ["county", "township"],
        ["prefecture"],
        ["unknown"],
    ]
    assert figures["lenses"]["county"]["count"] == 12


def test_wishes_are_ranked_only_where_no_handful_stands_behind_them() -> None:
    for seed in range(POPULATIONS // 2):
        voices = Dice(seed).voices(60)
        lenses = figures_of(voices)["lenses"]
        for lens, (mark, values) in eyes.MARKS.items():
            told = lenses[lens]
            inside = [voice for voice in voices if getattr(voice, mark) in values]
            beyond = [voice for voice in voices if getattr(voice, mark) not in values]
            for wish in told["wishes"] if told and beyond else []:
                for side in (inside, beyond):
                    chose = len([voice for voice in side if int(wish) in voice.anticipated])
                    assert not is_handful(chose)
                    assert not is_handful(len(side) - chose)
