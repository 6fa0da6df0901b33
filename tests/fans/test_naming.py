import pytest
from hypothesis import given
from hypothesis import strategies as st

from fans.accounts import naming
from fans.accounts.naming import NameRefused


@pytest.mark.parametrize(
    "name",
    [
        *(
            "ADMIN",
            "Аdmіn",
            "а.d.m.і.n",
            "ＡＤＭＩＮ",
            "adm1n",
            "@dmin",
            "ad-min",
            "áḑmín",
            "αdmιn",
        ),
        *("Moderator Li", "staff member Bo", "0fficial", "Staﬀ", "moderαtor", "rnoderator"),
        *("官方", "官 方", "金橘官方客服", "管理员小王", "管理員", "版主", "Everyone", "系统"),
    ],
)
def test_a_name_that_speaks_for_the_site_is_seen_through_its_costume(name: str) -> None:
    assert naming.speaks_for_the_site(name)


@pytest.mark.parametrize(
    "name",
    ["Ann", "王小明", "Adam in Oslo", "Staffan", "Иван", "Σοφία", "Badminton Bo", "عمر", "🍊 Lee"],
)
def test_an_ordinary_name_in_any_script_is_nobodys_office(name: str) -> None:
    assert not naming.speaks_for_the_site(name)
    assert naming.clean_display_name(name) == name


@pytest.mark.parametrize(
    ("one", "other"),
    [("Lin", "L1n"), ("Paul", "Раul"), ("Modem", "rnodem"), ("Bo Li", "bo.li"), ("Ｋｉｍ", "Kim")],
)
def test_two_names_that_look_alike_fold_into_one(one: str, other: str) -> None:
    assert naming.fold(one) == naming.fold(other)


def test_two_different_names_stay_different() -> None:
    assert len({naming.fold(name) for name in ("Ann", "Anna", "安娜", "安", "Hanna")}) == 5


@pytest.mark.parametrize(
    "name",
    [
        *("", "   ", "\u3000", "\u200b", "Li\u200bn", "Li\u202en", "Li\x00n", "Li\nn", "Li\tn"),
        *("...", "\u2800", "\u3164", "a" * 41, "a" * 10_000, "Z" + "\u0301" * 20, "\ud800"),
    ],
)
def test_a_name_of_nothing_or_of_invisible_signs_is_refused(name: str) -> None:
    with pytest.raises(NameRefused):
        naming.clean_display_name(name)


def test_spaces_around_and_between_the_words_of_a_name_become_single_ones() -> None:
    assert naming.clean_display_name("  Li\u3000\u00a0 Lei ") == "Li Lei"


@given(st.text(max_size=60))
def test_whatever_is_typed_a_name_is_cleaned_or_refused(text: str) -> None:
    try:
        name = naming.clean_display_name(text)
    except NameRefused:
        return
    assert naming.clean_display_name(name) == name
    assert 0 < len(naming.fold(name)) <= 80


@pytest.mark.parametrize(
    ("name", "handle"),
    [
        ("王小明", "wangxiaoming"),
        ("José Ortega", "jose-ortega"),
        ("Li 雷", "li-lei"),
        ("ab", "fan-ab"),
        ("Иван", "fan"),
        ("🍊", "fan"),
        ("admin", "fan-admin"),
    ],
)
def test_a_handle_is_proposed_from_the_name(name: str, handle: str) -> None:
    assert naming.handle_from(name) == handle


@given(st.text(max_size=40))
def test_a_proposed_handle_is_always_legal(name: str) -> None:
    assert naming.clean_handle(naming.handle_from(name))


@pytest.mark.parametrize(
    "handle", ["", "ab", "a" * 31, "li lei", "王小明", "li.lei", "admin", "ME", "li\x00lei", "<b>"]
)
def test_an_illegal_or_reserved_handle_is_refused(handle: str) -> None:
    with pytest.raises(NameRefused):
        naming.clean_handle(handle)


def test_a_handle_may_be_typed_with_its_sign() -> None:
    assert naming.clean_handle(" @li-lei ") == "li-lei"
