"""O4: figures from rows, without a database."""

import random
from collections import Counter

import pytest

from community.fridays.aggregates import (
    Answer,
    Earlier,
    figures,
    recommend_of,
    satisfaction_of,
    voice,
)

TIERS = ["casual", "core", "honorary_dev"]


def random_answers(count: int, seed: int = 1) -> list[Answer]:
    dice = random.Random(seed)
    return [
        Answer(
            fan=fan,
            overall=dice.randint(1, 5),
            is_late=dice.random() < 0.1,
            loved=frozenset(dice.sample(range(8), dice.randint(0, 3))),
            not_good=frozenset(dice.sample(range(8), dice.randint(0, 3))),
            anticipated=frozenset(dice.sample(range(100, 112), dice.randint(0, 3))),
            severity=dice.choice(["", "S1", "S2"]),
            frequency=dice.choice(["", "Q1", "Q2"]),
            recommend=dice.choice([None, *range(11)]),
            segments={"tier": dice.choices(TIERS, [20, 5, 1])[0]},
        )
        for fan in range(count)
    ]


def test_satisfaction_is_the_share_of_fours_and_fives_with_its_interval() -> None:
    said = satisfaction_of([5] * 30 + [4] * 12 + [3] * 8)
    assert said == {"positive": 42, "count": 50, "share": 0.84, "low": 0.7149, "high": 0.9166}


@pytest.mark.parametrize("seed", range(5))
def test_figures_equal_a_naive_recount(seed: int) -> None:
    answers = random_answers(300, seed)
    counted = figures(answers, {"tier": {"casual": 600, "core": 200, "honorary_dev": 20}}, 820)
    assert counted["count"] == 300
    assert counted["late_count"] == len([a for a in answers if a.is_late])
    assert counted["response_rate"] == round(300 / 820, 4)
    assert counted["satisfaction"]["positive"] == len([a for a in answers if a.overall in {4, 5}])
    assert counted["ratings"] == {
        str(rating): len([a for a in answers if a.overall == rating]) for rating in range(1, 6)
    }
    assert {row["item"]: (row["loved"], row["not_good"]) for row in counted["items"]} == {
        item: (
            len({a.fan for a in answers if item in a.loved}),
            len({a.fan for a in answers if item in a.not_good}),
        )
        for item in range(8)
    }
    assert {row["request"]: row["count"] for row in counted["anticipated"]} == Counter(
        wish for a in answers for wish in a.anticipated
    )
    assert sum(row["count"] for row in counted["troubles"]) == len(
        [a for a in answers if a.severity and a.frequency]
    )
    asked = [a.recommend for a in answers if a.recommend is not None]
    assert counted["recommend"]["count"] == len(asked)
    assert counted["recommend"]["score"] == round(
        100 * (len([r for r in asked if r > 8]) - len([r for r in asked if r < 7])) / len(asked)
    )


def test_below_five_there_are_no_numbers() -> None:
    counted = figures(random_answers(4), {"tier": {"casual": 90}}, 90, 7, [Earlier("w", 9, 0.5)])
    said = {key: value for key, value in counted.items() if value}
    assert said.keys() <= {"count", "late_count", "is_small", "active_count", "paper_count"}


def test_five_reports_are_enough_for_numbers() -> None:
    counted = figures(random_answers(5), {"tier": {"casual": 90, "core": 9}}, 99)
    assert sum(counted["ratings"].values()) == 5


@pytest.mark.parametrize("seed", range(40))
def test_no_group_under_five_is_shown_nor_left_over(seed: int) -> None:
    """Neither in a cell nor by taking the cells from the whole."""
    dice = random.Random(seed)
    answers = random_answers(dice.randint(5, 60), seed)
    heard = Counter(a.segments["tier"] for a in answers)
    base = {tier: heard[tier] + dice.randint(0, 9) for tier in TIERS}
    cells = voice(answers, "tier", base)["cells"]
    assert all(cell["voice"] >= 5 and cell["base"] >= 5 for cell in cells)
    if cells:
        assert sum(cell["voice"] for cell in cells) == len(answers)
        assert sum(cell["base"] for cell in cells) == sum(base.values())
        assert sorted(key for cell in cells for key in cell["keys"]) == sorted(TIERS)


def of_tiers(**counts: int) -> list[Answer]:
    return [
        Answer(fan=number, overall=4, segments={"tier": tier})
        for tier, count in counts.items()
        for number in range(count)
    ]


def test_a_small_group_joins_the_next_smallest() -> None:
    cells = voice(
        of_tiers(casual=30, core=6, honorary_dev=1),
        "tier",
        {"casual": 60, "core": 20, "honorary_dev": 9},
    )["cells"]
    assert [(cell["keys"], cell["voice"]) for cell in cells] == [
        (["casual"], 30),
        (["core", "honorary_dev"], 7),
    ]


def test_one_group_alone_is_not_compared() -> None:
    assert voice(of_tiers(casual=30, core=2), "tier", {"casual": 60, "core": 20})["cells"] == []


def test_a_share_of_voice_far_below_the_share_of_fans_is_flagged() -> None:
    """12 of 400 voices, 900 of 10 000 fans: 0.333."""
    cells = voice(of_tiers(casual=388, core=12), "tier", {"casual": 9100, "core": 900})["cells"]
    quiet = {cell["keys"][0]: (cell["ratio"], cell["is_quiet"]) for cell in cells}
    assert quiet == {"casual": (1.066, False), "core": (0.333, True)}


def test_a_table_is_grey_while_few_told_us() -> None:
    answers = [Answer(fan=n, overall=4, segments={"place": "unknown"}) for n in range(9)]
    assert voice(answers, "place", {"unknown": 71, "county": 29})["is_grey"]
    assert not voice(answers, "place", {"unknown": 70, "county": 30})["is_grey"]


def test_change_is_against_the_mean_of_the_weeks_before() -> None:
    answers = of_tiers(casual=20)
    earlier = [Earlier("2026-W46", 10, 0.5), Earlier("2026-W45", 20, 0.7)]
    counted = figures(answers, {"tier": {"casual": 50}}, 50, 0, earlier)
    assert counted["change"] == {
        "weeks": ["2026-W46", "2026-W45"],
        "count": 5.0,
        "satisfaction": 0.4,
    }


def test_recommending_needs_five_answers() -> None:
    assert recommend_of([10, 10, 10, 10]) is None
    assert recommend_of([10, 9, 8, 7, 0]) == {
        "promoters": 2,
        "passives": 2,
        "detractors": 1,
        "count": 5,
        "score": 20,
    }
