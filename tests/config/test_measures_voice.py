"""Representativeness (spec §10): a segment's share of the voices ÷ its share of the people."""

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest

from community.feature_requests.metrics import Voices, votes_by_segment
from community.feature_requests.models import Vote
from community.products.models import UserBase
from config.measures import voice
from config.measures.representation import Base, Table, representation
from config.measures.sources import Sources
from fans.accounts.models import JoinChannel
from fans.places.models import RegionLevel
from fans.tiers.metrics import DIMENSIONS, fans_by_segment
from tests.community.feature_requests import make_request
from tests.factories import NOW, ProductFactory, make_core_fan, make_fan, make_staff

DAY = timedelta(days=1)


def heard(**votes: int) -> dict[str, Voices]:
    return {key: Voices(count, count) for key, count in votes.items()}


def ratios(table: Table) -> dict[tuple[str, ...], float]:
    return {cell.keys: round(cell.ratio, 3) for cell in table.cells}


def test_12_of_400_votes_against_900_of_10_000_fans_are_a_third() -> None:
    """The vector of spec §10: 0.333, flagged."""
    table = representation(
        "region_level", heard(county=12, prefecture=388), Base({"county": 900, "prefecture": 9100})
    )
    assert ratios(table) == {("county",): 0.333, ("prefecture",): 1.066}
    assert [cell.is_quiet for cell in table.cells] == [False, True]
    assert table.is_grey is False


def test_half_is_not_below_half() -> None:
    table = representation("tier", heard(casual=90, core=10), Base({"casual": 80, "core": 20}))
    assert {cell.keys: cell.is_quiet for cell in table.cells} == {
        ("casual",): False,
        ("core",): False,
    }


@pytest.mark.parametrize(
    ("told", "told_fans", "is_grey"), [(30, 30, False), (29, 30, True), (30, 29, True)]
)
def test_it_is_grey_while_under_30_percent_told_us(
    told: int, told_fans: int, is_grey: bool
) -> None:
    votes = heard(county=told, unknown=100 - told)
    base = Base({"county": told_fans, "unknown": 100 - told_fans})
    assert representation("region_level", votes, base).is_grey is is_grey


def test_against_users_only_who_told_us_is_heard() -> None:
    votes = heard(county=12, prefecture=388, unknown=100)
    base = Base({"county": 900, "prefecture": 9100}, "Sales report", date(2026, 11, 1))
    table = representation("region_level", votes, base)
    assert ratios(table) == {("county",): 0.333, ("prefecture",): 1.066}
    assert table.base.is_users


def test_many_votes_of_few_people_are_few() -> None:
    votes = {"core": Voices(40, 4), "casual": Voices(60, 30)}
    assert representation("tier", votes, Base({"core": 50, "casual": 50})).cells == ()


@pytest.mark.parametrize("seed", range(40))
def test_no_cell_is_of_fewer_than_five_and_none_is_left_by_subtraction(seed: int) -> None:
    dice = Random(seed)
    keys = [*"abcdef", "unknown"][: dice.randint(2, 7)]
    votes = {}
    for key in dice.sample(keys, dice.randint(1, len(keys))):
        people = dice.choice([1, 2, 3, 4, 5, 9, 40])
        votes[key] = Voices(people * dice.randint(1, 3), people)
    base = {key: dice.choice([0, 1, 4, 5, 80]) for key in keys}
    table = representation("tier", votes, Base(base))
    for cell in table.cells:
        assert sum(votes[key].people for key in cell.keys if key in votes) >= 5
        assert sum(base[key] for key in cell.keys if key in base) >= 5
    if table.cells:  # together they are the whole: nothing is left when they are taken from it
        assert sum(cell.voice for cell in table.cells) == sum(v.votes for v in votes.values())
        assert sum(cell.base for cell in table.cells) == sum(base.values())


# --- Counted in the database ------------------------------------------------------------


@pytest.mark.django_db
def test_votes_and_fans_are_counted_by_their_marks() -> None:
    """Equal to a recount over all four dimensions; staff and what is too old are no part of it."""
    dice, wish, other = Random(9), make_request(), make_request()
    Vote.objects.all().delete()
    wanted: Counter[tuple[str, str]] = Counter()
    people: Counter[tuple[str, str]] = Counter()
    for _ in range(30):
        age = dice.choice([10, 89, 91, 364, 366, 900]) * DAY
        make = dice.choice([make_fan, make_core_fan])
        fan = make(joined_at=NOW - age, join_channel=dice.choice(JoinChannel.values))
        tier = "core" if make is make_core_fan else "casual"
        tenure = "newcomer" if age < 90 * DAY else "first_year" if age < 365 * DAY else "longer"
        people.update([("tier", tier), ("join_channel", fan.join_channel), ("tenure", tenure)])
        region = dice.choice(RegionLevel.values)
        marks = {"tier": tier, "region_level": region, "tenure": tenure}
        marks["join_channel"] = fan.join_channel
        for request, days, is_counted in ((wish, 0, True), (other, 3, True), (other, 0, False)):
            if request is other and is_counted is False:
                continue
            Vote.objects.create(
                feature_request=request,
                fan=fan,
                cast_at=NOW - days * DAY,
                counts_from=NOW,
                counted_at=NOW,
                region_level=region,
                is_newcomer=tenure == "newcomer",
            )
        wanted.update(marks.items())
    for fields in ({"counted_at": None}, {"counted_at": NOW, "cast_at": NOW - 40 * DAY}):
        fan = make_fan()
        people.update(
            [("tier", "casual"), ("join_channel", fan.join_channel), ("tenure", "longer")]
        )
        Vote.objects.create(
            **{"feature_request": wish, "fan": fan, "cast_at": NOW, "counts_from": NOW, **fields}
        )
    found = votes_by_segment(NOW - 28 * DAY, NOW + DAY)
    for dimension in DIMENSIONS:
        counted = {key: each.votes for key, each in found[wish.product_id][dimension].items()}
        assert counted == {key: n for (name, key), n in wanted.items() if name == dimension}
    for author in (wish.author, other.author):
        people.update(
            [("tier", "casual"), ("join_channel", author.join_channel), ("tenure", "longer")]
        )
    fans = fans_by_segment(NOW)
    for dimension in ("tier", "join_channel", "tenure"):
        assert fans[dimension] == {key: n for (name, key), n in people.items() if name == dimension}


@pytest.mark.django_db
def test_it_says_whether_users_or_fans_are_the_measure_and_which_voice_is_quietest() -> None:
    product = ProductFactory.create()
    wish = make_request(product=product)
    for make, number in ((make_fan, 30), (make_core_fan, 10)):
        for _ in range(number):
            fan = make(joined_at=NOW - 500 * DAY)
            if fan.pk % 2 or make is make_core_fan:
                Vote.objects.create(
                    feature_request=wish, fan=fan, cast_at=NOW, counts_from=NOW, counted_at=NOW
                )
    [found] = voice.voices(Sources(NOW + DAY))
    assert [table.base.is_users for table in found.tables if table.dimension == "tier"] == [False]
    for segment, count in (("casual", 9000), ("core", 500), ("honorary_dev", 500)):
        UserBase.objects.create(
            product=product,
            dimension="tier",
            segment=segment,
            count=count,
            source="Sales report, page 4",
            counted_on=date(2026, 11, 1),
            entered_by=make_staff(),
            entered_at=NOW,
        )
    [found] = voice.voices(Sources(NOW + DAY))
    [table] = [table for table in found.tables if table.dimension == "tier"]
    assert (table.base.source, table.base.counted_on) == (
        "Sales report, page 4",
        date(2026, 11, 1),
    )
    votes = Vote.objects.filter(feature_request=wish)
    casual = votes.filter(fan__standing=None).count()
    assert ratios(table)[("casual",)] == round(casual / votes.count() / 0.9, 3)
    quietest, *cells = voice.figures_of([found])
    assert quietest.part == min(each.part or 0 for each in cells)
    assert str(product) in quietest.made_of
