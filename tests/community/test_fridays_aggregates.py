"""O4: figures from counts, without a database."""

import json
from collections import Counter

import pytest

from community.feature_requests.models import Lens
from community.fridays.aggregates import (
    folded,
    moved,
    recommend_of,
    satisfaction_of,
    without_breakdowns,
)
from community.fridays.eyes import on_paper, seen
from tests.community.voices import Dice, figures_of, named, some, through


def test_satisfaction_is_the_share_of_fours_and_fives_with_its_interval() -> None:
    said = satisfaction_of([5] * 30 + [4] * 12 + [3] * 8)
    assert said == {"positive": 42, "count": 50, "share": 0.84, "low": 0.7149, "high": 0.9166}
    assert said == satisfaction_of({5: 30, 4: 12, 3: 8})


@pytest.mark.parametrize("seed", range(5))
def test_figures_equal_a_naive_recount(seed: int) -> None:
    dice = Dice(seed)
    voices, others = dice.voices(300), dice.voices(520)
    counted = figures_of(voices, others)
    assert (counted["count"], counted["active_count"]) == (300, 820)
    assert counted["late_count"] == len([v for v in voices if v.is_late])
    assert counted["response_rate"] == round(300 / 820, 4)
    assert counted["satisfaction"]["positive"] == len([v for v in voices if v.overall in {4, 5}])
    assert counted["ratings"] == {
        str(rating): len([v for v in voices if v.overall == rating]) for rating in range(1, 6)
    }
    assert {row["item"]: (row["loved"], row["not_good"]) for row in counted["items"]} == {
        item: (
            len([v for v in voices if item in v.loved]),
            len([v for v in voices if item in v.not_good]),
        )
        for item in range(4)
    }
    assert {row["request"]: row["count"] for row in counted["anticipated"]} == Counter(
        wish for v in voices for wish in v.anticipated
    )
    assert sum(row["count"] for row in counted["troubles"]) == len(
        [v for v in voices if v.severity and v.frequency]
    )
    areas = Counter("Camera" if v.area == "Camera" else "Wi-Fi" for v in voices if v.area)
    assert [(folded(row["area"]), row["count"]) for row in counted["areas"]] == [
        (folded(area), count) for area, count in areas.most_common()
    ]
    asked = [v.recommend for v in voices if v.recommend is not None]
    assert counted["recommend"]["count"] == len(asked)
    assert counted["recommend"]["score"] == round(
        100 * (len([r for r in asked if r > 8]) - len([r for r in asked if r < 7])) / len(asked)
    )
    assert json.loads(json.dumps(counted)) == counted


@pytest.mark.parametrize("seed", range(5))
def test_a_lens_equals_a_naive_recount_of_those_it_sees(seed: int) -> None:
    voices = Dice(seed).voices(400)
    lenses = figures_of(voices)["lenses"]
    for lens in (Lens.COUNTY, Lens.NEWCOMERS, Lens.WITHOUT_BUSIEST):
        inside, told = through(voices, lens), lenses[lens]
        if told is None:
            assert len(inside) < 5 or len(inside) > 395
            continue
        assert told["count"] == len(inside)
        if told["satisfaction"]:
            positive = len([v for v in inside if v.overall >= 4])
            assert told["satisfaction"]["positive"] == positive
        for item, row in told["items"].items():
            for grid in ("loved", "not_good"):
                assert row[grid] in {None, named(inside, grid)[int(item)]}


def test_below_five_there_are_no_numbers() -> None:
    counted = figures_of(Dice(1).voices(4), some(90), earlier=[{"week": "w", "count": 9}])
    said = {key: value for key, value in counted.items() if value}
    assert said.keys() <= {"count", "late_count", "is_small", "active_count"}


def test_five_reports_are_enough_for_numbers() -> None:
    counted = figures_of(Dice(1).voices(5), some(90))
    assert sum(counted["ratings"].values()) == 5


def test_an_area_is_shown_as_most_spelt_it_and_once_five_named_it() -> None:
    voices = [
        *some(3, area="Wi-Fi"), *some(2, area="wi-fi"), *some(1, area="ＷＩ－ＦＩ　 "),
        *some(4, area="Camera"), *some(9, area="   "),
    ]  # fmt: skip
    assert figures_of(voices)["areas"] == [{"area": "Wi-Fi", "count": 6}]


def cells_of(figures: dict[str, object], dimension: str = "tier") -> dict[str, dict[str, object]]:
    [table] = [t for t in figures["voice"] if t["dimension"] == dimension]  # type: ignore[attr-defined]
    return {"+".join(cell["keys"]): cell for cell in table["cells"]}


def test_a_small_group_joins_the_next_smallest() -> None:
    voices = [*some(30), *some(6, tier="core"), *some(1, tier="honorary_dev")]
    others = [*some(30), *some(14, tier="core"), *some(8, tier="honorary_dev")]
    cells = cells_of(figures_of(voices, others))
    assert {keys: cell["voice"] for keys, cell in cells.items()} == {
        "casual": 30,
        "core+honorary_dev": 7,
    }


def test_a_few_who_did_not_report_are_no_group_of_their_own() -> None:
    """12 of 14 core fans reported: the table would tell of the two who did not."""
    voices = [*some(30), *some(12, tier="core")]
    assert cells_of(figures_of(voices, [*some(30), *some(2, tier="core")])) == {}
    shown = cells_of(figures_of(voices, [*some(30), *some(5, tier="core")]))
    assert {keys: cell["base"] for keys, cell in shown.items()} == {"casual": 60, "core": 17}


def test_one_group_alone_is_not_compared() -> None:
    assert cells_of(figures_of([*some(30), *some(2, tier="core")], some(50))) == {}


def test_a_share_of_voice_far_below_the_share_of_fans_is_flagged() -> None:
    """12 of 400 voices, 900 of 10 000 fans: 0.333."""
    voices = [*some(388), *some(12, tier="core")]
    others = [*some(9100 - 388), *some(900 - 12, tier="core")]
    cells = cells_of(figures_of(voices, others))
    quiet = {keys: (cell["ratio"], cell["is_quiet"]) for keys, cell in cells.items()}
    assert quiet == {"casual": (1.066, False), "core": (0.333, True)}


def test_where_staff_counted_the_users_a_voice_is_measured_against_them() -> None:
    """Spec §10: and it says so. Who did not tell us is in no segment of the users."""
    users = {
        "counts": {"municipality": 9100, "prefecture": 0, "county": 900, "township": 0},
        "source": "Shop statistics",
        "counted_on": "2026-10-01",
    }
    voices = [
        *some(388, region_level="municipality"), *some(12, region_level="county"), *some(50),
    ]  # fmt: skip
    figures = figures_of(voices, some(9), users={"region_level": users})
    [table] = [t for t in figures["voice"] if t["dimension"] == "region_level"]
    assert (table["base_is"], table["source"]) == ("users", "Shop statistics")
    assert {tuple(cell["keys"]): cell["ratio"] for cell in table["cells"]} == {
        ("municipality",): 1.066,
        ("county",): 0.333,
    }
    assert [t["base_is"] for t in figures["voice"] if t is not table] == ["fans"] * 3


def test_a_table_is_grey_while_few_told_us() -> None:
    voices = some(9)
    for told, is_grey in ((29, True), (30, False)):
        others = [*some(91 - told), *some(told, region_level="county")]
        [table] = [
            t for t in figures_of(voices, others)["voice"] if t["dimension"] == "region_level"
        ]
        assert table["is_grey"] is is_grey


def test_change_is_against_the_mean_of_the_weeks_before() -> None:
    earlier = [
        {"week": "2026-W46", "count": 10, "satisfaction": 0.5},
        {"week": "2026-W45", "count": 20, "satisfaction": 0.7},
    ]
    assert figures_of(some(20), earlier=earlier)["change"] == {
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


def test_through_a_lens_an_item_moves_among_those_that_have_a_rank_there() -> None:
    """«#2 → #1»."""
    voices = [
        *some(20, loved=frozenset({1})),
        *some(10, loved=frozenset({2}), region_level="county"),
        *some(5, loved=frozenset({1}), region_level="county"),
        *some(3, loved=frozenset({3}), region_level="county", not_good=frozenset({4})),
        *some(5),
    ]
    figures = figures_of(voices)
    assert figures["lenses"][Lens.COUNTY]["items"]["2"] == {"rank": 1, "loved": 10, "not_good": 0}
    assert moved(figures, Lens.COUNTY) == {"1": (1, 2), "2": (2, 1)}
    assert moved({}, Lens.COUNTY) == moved({"lenses": {"county": None}}, Lens.COUNTY) == {}


def test_paper_is_counted_by_itself_by_the_numbers_on_the_form() -> None:
    """O10. A number nobody knows says nothing; a form without one breaks nothing."""
    papers = [{"overall": 5, "loved": [1, 1, 9], "not_good": [2], "wishes": [40]}] * 6
    said = on_paper([*papers, {}], {1: 11, 2: 12})
    assert (said.count, dict(said.loved), dict(said.not_good)) == (6, {11: 6}, {12: 6})
    told = seen(said, said)
    assert told is not None
    assert told["wishes"] == {"40": 1}
    few = on_paper(papers[:4], {})
    assert seen(few, few) is None


def test_an_older_version_shows_no_breakdown() -> None:
    figures = figures_of(Dice(2).voices(200), Dice(3).voices(200))
    assert figures["voice"]
    assert figures["lenses"]
    shown = without_breakdowns(figures)
    assert (shown["voice"], shown["lenses"], shown["count"]) == ([], {}, 200)
