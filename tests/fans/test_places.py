import csv
from collections.abc import Callable, Iterator
from zoneinfo import available_timezones

import pytest
from django.db import transaction
from django.utils import translation
from pytest_django import DjangoAssertNumQueries, DjangoDbBlocker

from fans.accounts.forms import PlaceField
from fans.places.actions import FIXTURE, load_places
from fans.places.models import Place, RegionLevel

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_all_places")]
SUGGESTED = 12


@pytest.fixture(scope="module")
def _all_places(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Loaded once for this file; what one test changes is taken back when it ends."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_places()
        yield
        transaction.set_rollback(True)


def _names(words: str) -> list[str]:
    return [place.name_en for place in Place.objects.beginning_with(words)[:SUGGESTED]]


def test_loading_places_twice_changes_nothing(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    count = Place.objects.count()
    before = list(Place.objects.order_by("pk").values())
    with django_assert_num_queries(7):  # a savepoint and its end; the table twice; the count
        assert load_places() == count
    assert list(Place.objects.order_by("pk").values()) == before


def test_loading_corrects_what_differs_and_keeps_what_people_live_in() -> None:
    own = Place.objects.create(code="X-1", name_en="Kumquat", region_level="county")
    pk = Place.objects.get(code="430181").pk
    Place.objects.filter(code="430181").update(name_en="Lu Yang", parent=None)
    load_places()
    liuyang = Place.objects.select_related("parent").get(code="430181")
    assert (liuyang.pk, liuyang.label) == (pk, "Liuyang · Changsha")
    assert Place.objects.filter(pk=own.pk).exists()


def test_every_place_has_a_known_zone_and_level_and_three_names() -> None:
    with FIXTURE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    codes, zones = {row["code"] for row in rows}, available_timezones()
    assert len(codes) == len(rows)
    for row in rows:
        assert row["zone"] in zones
        assert row["level"] in RegionLevel.values
        assert all(row[key] for key in ("code", "en", "hans", "hant", "pinyin"))
        assert row["pinyin"].replace(" ", "").isalpha()
        assert row["pinyin"].isascii()
        assert row["pinyin"] == row["pinyin"].lower()
        assert not row["parent"] or row["parent"] in codes


def test_china_is_there_down_to_its_counties() -> None:
    china = Place.objects.filter(code__regex=r"^[1-6][0-9]{5}$")
    counts = {
        level: china.filter(region_level=level).count()
        for level in ("municipality", "prefecture", "county")
    }
    assert counts == {"municipality": 4, "prefecture": 333, "county": 2850}
    assert set(china.filter(region_level="county", parent=None).values_list("code", flat=True)) == {
        *china.filter(code__regex=r"^(4190|4290|4690|6590)").values_list("code", flat=True)
    }


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_no_two_places_have_one_label(language: str) -> None:
    with translation.override(language):
        labels = [place.label for place in Place.objects.select_related("parent")]
    assert sorted({label for label in labels if labels.count(label) > 1}) == []


@pytest.mark.parametrize(
    ("code", "label", "pinyin"),
    [
        ("500000", "Chongqing", "chongqing"),
        ("430100", "Changsha", "changsha"),
        ("430121", "Changsha County · Changsha", "changshaxian"),
        ("350200", "Xiamen", "xiamen"),
        ("341500", "Lu'an", "luan"),
        ("340300", "Bengbu", "bengbu"),
        ("340303", "Bengshan · Bengbu", "bengshanqu"),
        ("330382", "Yueqing · Wenzhou", "yueqing"),
        ("331000", "Taizhou (Zhejiang)", "taizhou"),
        ("440113", "Panyu · Guangzhou", "panyuqu"),
        ("371524", "Dong'e · Liaocheng", "donge"),
        ("410621", "Xunxian · Hebi", "xunxian"),
        ("310112", "Minhang · Shanghai", "minhangqu"),
        ("360124", "Jinxian · Nanchang", "jinxian"),
        ("361124", "Yanshan · Shangrao", "yanshan"),
        ("441422", "Dabu · Meizhou", "dabu"),
        ("140428", "Zhangzi · Changzhi", "zhangzi"),
        ("130102", "Chang'an · Shijiazhuang", "changanqu"),
        ("610116", "Chang'an · Xi'an", "changanqu"),
        ("130505", "Renze · Xingtai", "renzequ"),
        ("360730", "Ningdu · Ganzhou", "ningdu"),
        ("653022", "Akto · Kizilsu", "aketao"),
        ("652801", "Korla · Bayingolin", "kuerle"),
        ("230100", "Harbin", "haerbin"),
        ("540100", "Lhasa", "lasa"),
        ("150100", "Hohhot", "huhehaote"),
        ("650100", "Ürümqi", "wulumuqi"),
        ("320106", "Gulou · Nanjing", "gulouqu"),
        ("320302", "Gulou · Xuzhou", "gulouqu"),
        ("433100", "Xiangxi", "xiangxizhou"),
        ("430529", "Chengbu · Shaoyang", "chengbu"),
        ("429004", "Xiantao", "xiantao"),
        ("810016", "Sha Tin · Hong Kong", "shatianqu"),
    ],
)
def test_a_place_has_its_own_name_and_reading(code: str, label: str, pinyin: str) -> None:
    place = Place.objects.select_related("parent").get(code=code)
    assert (place.label, place.pinyin) == (label, pinyin)


def test_traditional_names_are_written_as_people_write_them() -> None:
    names = dict(Place.objects.values_list("code", "name_zh_hant"))
    assert [names[code] for code in ("210100", "331000", "340281", "350800", "350206")] == [
        "瀋陽",
        "台州",
        "無為",
        "龍岩",
        "湖里區",
    ]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("chengd", ["Chengde", "Chengdu", "Chengde County", "Chengdong"]),
        ("ＣＨＥＮＧＤＵ", ["Chengdu"]),
        ("长沙", ["Changsha", "Changsha County"]),
        ("長沙", ["Changsha", "Changsha County"]),
        ("xi'an", ["Xi'an", "Xi'an", "Xi'an"]),
        ("xi an", ["Xi'an", "Xi'an", "Xi'an"]),
        ("niuyue", ["New York"]),
        ("são", ["São Paulo"]),
        ("SAO P", ["São Paulo"]),
        ("urumqi", ["Ürümqi", "Ürümqi County"]),
        ("ürümqi", ["Ürümqi", "Ürümqi County"]),
        ("鼓楼", ["Gulou"] * 4),
        ("长沙x", []),
        ("%", []),
        ("atlantis", []),
    ],
)
def test_places_are_found_by_the_beginning_of_a_name_or_pinyin(
    words: str, names: list[str]
) -> None:
    assert _names(words)[: len(names) if names else SUGGESTED] == names


def test_places_are_found_by_initials() -> None:
    assert _names("sjz") == ["Shijiazhuang"]
    assert _names("bj")[0] == "Beijing"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Gulou · Nanjing", "320106"),
        ("gulou · nanjing", "320106"),
        ("鼓楼区 · 南京", "320106"),
        ("鼓楼区 · 徐州", "320302"),
        ("Nanjing", "320100"),  # and not 南靖, which begins so too
        ("Suzhou (Anhui)", "341300"),
        ("changsha", "430100"),
        ("wulumuqi", "650100"),
        ("Lhas", "540100"),  # nothing else begins so
    ],
)
def test_a_place_is_chosen_by_its_label_in_any_language(
    words: str, code: str, django_assert_max_num_queries: Callable[..., object]
) -> None:
    with django_assert_max_num_queries(2):  # type: ignore[attr-defined]
        assert PlaceField().clean(words).code == code
