import json
from zoneinfo import available_timezones

import pytest

from fans.places.actions import FIXTURE, load_places
from fans.places.models import Place, RegionLevel

pytestmark = pytest.mark.django_db


def test_loading_places_twice_changes_nothing() -> None:
    count = load_places()
    before = list(Place.objects.order_by("pk").values())
    assert load_places() == count
    assert list(Place.objects.order_by("pk").values()) == before


def test_every_place_has_a_known_zone_and_level_and_three_names() -> None:
    for row in json.loads(FIXTURE.read_text(encoding="utf-8")):
        assert row["zone"] in available_timezones()
        assert row["level"] in RegionLevel.values
        assert all(row[key] for key in ("code", "en", "hans", "hant", "pinyin"))
        assert row["pinyin"].isascii()
        assert row["pinyin"] == row["pinyin"].lower()


def test_a_county_stands_under_its_city() -> None:
    load_places()
    assert Place.objects.select_related("parent").get(name_en="Liuyang").label == (
        "Liuyang · Changsha"
    )


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("cheng", ["Chengdu"]),
        ("ＣＨＥＮＧ", ["Chengdu"]),
        ("长沙", ["Changsha", "Changsha County"]),
        ("長沙", ["Changsha", "Changsha County"]),
        ("xi an", ["Hong Kong", "Xi'an"]),
        ("xi'an", ["Hong Kong", "Xi'an"]),
        ("niuyue", ["New York"]),
        ("são", ["São Paulo"]),
        ("%", []),
        ("atlantis", []),
    ],
)
def test_places_are_found_by_the_beginning_of_a_name_or_pinyin(
    words: str, names: list[str]
) -> None:
    load_places()
    assert [place.name_en for place in Place.objects.beginning_with(words)] == names
