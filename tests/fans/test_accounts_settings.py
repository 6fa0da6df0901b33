from datetime import datetime, timedelta

import pytest
from django.test import Client

from fans.accounts import actions, home
from fans.accounts.actions import (
    HANDLE_EVERY_DAYS,
    HandleChangedLately,
    LastAdmin,
)
from fans.accounts.home import PlaceChangedLately
from fans.accounts.models import Fan, PastHandle, Role
from fans.accounts.naming import HandleRefused, NameRefused
from fans.places.actions import load_places
from fans.places.models import Place
from fans.site.models import SiteIdentity
from tests.factories import NOW, make_admin, make_fan, make_staff

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def profile_form(fan: Fan, **fields: str) -> dict[str, str]:
    return {
        "display_name": fan.display_name,
        "handle": fan.handle,
        "bio": "",
        "place": "",
        **fields,
    }


def preferences_form(**fields: str) -> dict[str, str]:
    return {"locale": "en", "timezone": "Asia/Shanghai", "theme": "system", **fields}


# --- Handles -------------------------------------------------------------------------


def test_a_handle_changes_once_in_thirty_days() -> None:
    fan = make_fan(handle="first")
    actions.change_handle(fan=fan, handle="second", at=NOW)
    with pytest.raises(HandleChangedLately):
        actions.change_handle(fan=fan, handle="third", at=NOW + HANDLE_EVERY_DAYS * DAY / 2)
    actions.change_handle(fan=fan, handle="third", at=NOW + HANDLE_EVERY_DAYS * DAY)
    assert Fan.objects.get_queryset().get(pk=fan.pk).handle == "third"


def test_taking_the_handle_one_has_changes_nothing() -> None:
    fan = make_fan(handle="same")
    actions.change_handle(fan=fan, handle="same", at=NOW)
    assert fan.handle_changed_at is None
    assert not PastHandle.objects.exists()


def test_a_handle_given_up_is_kept_from_others_for_a_year() -> None:
    fan, other = make_fan(handle="wanted"), make_fan(handle="other")
    actions.change_handle(fan=fan, handle="elsewhere", at=NOW)
    with pytest.raises(HandleRefused):
        actions.change_handle(fan=other, handle="WANTED", at=NOW + 364 * DAY)
    other.refresh_from_db()
    assert other.handle == "other"
    actions.change_handle(fan=other, handle="wanted", at=NOW + 365 * DAY)
    assert other.handle == "wanted"


def test_ones_own_old_handle_can_be_taken_back() -> None:
    fan = make_fan(handle="first")
    actions.change_handle(fan=fan, handle="second", at=NOW)
    actions.change_handle(fan=fan, handle="first", at=NOW + 31 * DAY)
    assert fan.handle == "first"
    assert [past.handle for past in fan.past_handles.all()] == ["second"]


def test_only_the_case_of_a_handle_may_change() -> None:
    fan = make_fan(handle="lilei")
    actions.change_handle(fan=fan, handle="LiLei", at=NOW)
    assert fan.handle == "LiLei"
    assert not fan.past_handles.exists()


def test_a_handle_of_somebody_else_is_refused_whatever_its_case() -> None:
    make_fan(handle="TAKEN")
    with pytest.raises(HandleRefused):
        actions.change_handle(fan=make_fan(), handle="taken", at=NOW)


def test_an_old_handle_leads_to_the_new_page(client: Client) -> None:
    fan = make_fan(handle="before")
    actions.change_handle(fan=fan, handle="after", at=NOW)
    response = client.get("/fans/before/")
    assert (response.status_code, response.headers["Location"]) == (301, "/fans/after/")


# --- Names -----------------------------------------------------------------------------


def test_a_fan_may_not_take_the_name_of_staff_but_may_keep_their_own() -> None:
    make_staff(display_name="Zhou Nan", folded_name="zhounan")
    fan = make_fan(display_name="Li")
    with pytest.raises(NameRefused):
        actions.rename(fan=fan, name="ZHОU NAN")
    actions.rename(fan=fan, name="Li")
    actions.rename(fan=fan, name="Li Lei")
    assert (fan.display_name, fan.folded_name) == ("Li Lei", "lllel")


def test_staff_may_carry_their_office_but_not_each_others_name() -> None:
    one = make_staff(display_name="Ann", folded_name="ann")
    other = make_staff(display_name="Bo", folded_name="bo")
    actions.rename(fan=one, name="Ann, moderator")
    with pytest.raises(NameRefused):
        actions.rename(fan=other, name="Ann moderator")


def test_nobody_takes_the_name_of_the_site() -> None:
    SiteIdentity.objects.create(pk=1, name="Kumquat")
    with pytest.raises(NameRefused):
        actions.rename(fan=make_fan(), name="Kumquаt")


def test_two_fans_may_have_the_same_name() -> None:
    make_fan(display_name="Li Lei", folded_name="lllel")
    fan = make_fan()
    actions.rename(fan=fan, name="Li Lei")
    assert fan.display_name == "Li Lei"


# --- Places ---------------------------------------------------------------------------


@pytest.fixture
def cities() -> list[Place]:
    load_places()
    return [Place.objects.get(name_en=name) for name in ("Chengdu", "Beijing", "Wuhan")]


def test_a_place_is_correctable_for_seven_days_then_once_in_ninety(cities: list[Place]) -> None:
    fan = make_fan()
    chengdu, beijing, wuhan = cities
    home.move_home(fan=fan, place=chengdu, at=NOW)
    home.move_home(fan=fan, place=beijing, at=NOW + 6 * DAY)
    with pytest.raises(PlaceChangedLately):
        home.move_home(fan=fan, place=wuhan, at=NOW + 7 * DAY)
    with pytest.raises(PlaceChangedLately):
        home.move_home(fan=fan, place=wuhan, at=NOW + 89 * DAY)
    home.move_home(fan=fan, place=wuhan, at=NOW + 90 * DAY)
    assert (fan.place, fan.place_set_at) == (wuhan, NOW + 90 * DAY)
    home.move_home(fan=fan, place=chengdu, at=NOW + 96 * DAY)
    assert fan.place == chengdu


def test_a_place_can_always_be_taken_away_but_that_does_not_restart_the_clock(
    cities: list[Place],
) -> None:
    fan = make_fan()
    home.move_home(fan=fan, place=cities[0], at=NOW)
    home.move_home(fan=fan, place=None, at=NOW + 20 * DAY)
    assert fan.place is None
    with pytest.raises(PlaceChangedLately):
        home.move_home(fan=fan, place=cities[1], at=NOW + 21 * DAY)


@pytest.mark.parametrize("words", ["Chengdu", "chengdu", "成都", "ＣＨＥＮＧＤＵ", " CHENGDU "])
def test_a_place_is_found_by_its_name_in_any_language_or_pinyin(
    client: Client, cities: list[Place], words: str
) -> None:
    fan = make_fan()
    client.force_login(fan)
    response = client.post("/me/settings/", profile_form(fan, place=words))
    assert response.status_code == 302, response.content.decode()
    fan.refresh_from_db()
    assert fan.place == cities[0]
    assert fan.region_level == "prefecture"


def test_an_ambiguous_place_is_asked_back_by_name(client: Client, cities: list[Place]) -> None:
    fan = make_fan()
    client.force_login(fan)
    response = client.post("/me/settings/", profile_form(fan, place="changsha c"))
    assert response.status_code == 302
    response = client.post("/me/settings/", profile_form(fan, place="gulou"))
    assert (
        "Gulou · Nanjing / Gulou · Xuzhou / Gulou · Fuzhou (Fujian) /" in response.content.decode()
    )
    assert 'value="gulou"' in response.content.decode()


# --- Pages ----------------------------------------------------------------------------------


def test_settings_are_saved_and_shown(client: Client) -> None:
    fan = make_fan(display_name="Li", handle="lilei")
    client.force_login(fan)
    client.post(
        "/me/settings/", profile_form(fan, display_name="Li Lei", handle="lei", bio="你好 <i>")
    )
    page = client.get("/me/settings/").content.decode()
    fan.refresh_from_db()
    assert (fan.display_name, fan.handle, fan.bio) == ("Li Lei", "lei", "你好 <i>")
    assert "你好 &lt;i&gt;" in page


def test_a_refused_profile_changes_nothing_at_all(client: Client) -> None:
    fan = make_fan(display_name="Li", handle="lilei", handle_changed_at=NOW + 9999 * DAY)
    client.force_login(fan)
    form = profile_form(fan, display_name="Lei", handle="other", bio="kept in the form")
    response = client.post("/me/settings/", form)
    assert response.status_code == 422
    assert "once in 30 days" in response.content.decode()
    assert "kept in the form" in response.content.decode()
    fan.refresh_from_db()
    assert (fan.display_name, fan.handle, fan.bio) == ("Li", "lilei", "")


@pytest.mark.parametrize(
    ("silenced", "words"),
    [
        ({"suspended_until": NOW + 400 * DAY}, "Your account is suspended."),
        ({"muted_until": NOW + 400 * DAY}, "a moderator has muted you"),
        ({"leaving_at": NOW}, "Your account is being deleted."),
    ],
    ids=["suspended", "muted", "leaving"],
)
def test_whoever_may_not_write_changes_no_public_words_but_their_preferences(
    silenced: dict[str, datetime], words: str, client: Client
) -> None:
    fan = make_fan(**silenced)
    client.force_login(fan)
    new = profile_form(fan, display_name="Shouting", handle="shouting", bio="Listen")
    for address in ("/me/settings/", "/welcome/"):
        answer = client.post(address, new | {"locale": "en", "timezone": "Asia/Shanghai"})
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert "Listen" in answer.content.decode()  # the words are kept
    now = Fan.objects.get(pk=fan.pk)
    assert (now.display_name, now.handle, now.bio) == (fan.display_name, fan.handle, "")
    chosen = client.post("/me/settings/preferences/", preferences_form(theme="dark"))
    assert chosen.status_code == 302
    assert Fan.objects.get(pk=fan.pk).theme == "dark"


def test_who_has_not_confirmed_their_address_may_take_the_first_steps(client: Client) -> None:
    fan = make_fan(verified_at=None)
    client.force_login(fan)
    steps = profile_form(fan, bio="New here") | {"locale": "en", "timezone": "Asia/Shanghai"}
    assert client.post("/welcome/", steps).status_code == 302
    assert Fan.objects.get(pk=fan.pk).bio == "New here"


def test_preferences_hold_on_the_next_page(client: Client) -> None:
    fan = make_fan()
    client.force_login(fan)
    form = preferences_form(locale="zh-hant", timezone="Europe/Madrid", theme="dark")
    assert client.post("/me/settings/preferences/", form).status_code == 302
    page = client.get("/me/settings/").content.decode()
    assert '<html lang="zh-hant" data-theme="dark">' in page
    fan.refresh_from_db()
    assert (fan.timezone, fan.wants_weekly, fan.shortcuts_off) == ("Europe/Madrid", True, False)


HOSTILE = ["", "   ", "\u200b", "x" * 10_000, "<script>alert(1)</script>", "a\x00b", "\u202e"]


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("field", ["display_name", "handle", "bio", "place"])
def test_whatever_is_typed_in_the_profile_is_saved_or_answered_in_place(
    client: Client, field: str, words: str
) -> None:
    fan = make_fan()
    client.force_login(fan)
    response = client.post("/me/settings/", profile_form(fan, **{field: words}))
    assert response.status_code in {302, 422}
    page = client.get("/me/settings/").content.decode()
    assert "<script>alert" not in page
    assert "<script>alert" not in response.content.decode()
    if response.status_code == 422:
        assert "field-error" in response.content.decode()
        fan.refresh_from_db()
        assert getattr(fan, field) == getattr(Fan.objects.get_queryset().get(pk=fan.pk), field)


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("field", ["locale", "timezone", "theme"])
def test_a_preference_that_is_none_of_the_choices_is_answered_in_place(
    client: Client, field: str, words: str
) -> None:
    client.force_login(make_fan())
    response = client.post("/me/settings/preferences/", preferences_form(**{field: words}))
    assert response.status_code == 422
    assert "field-error" in response.content.decode()


@pytest.mark.parametrize("words", HOSTILE)
def test_whatever_is_typed_in_the_first_steps_is_saved_or_answered_in_place(
    client: Client, words: str
) -> None:
    client.force_login(make_fan())
    for field in ("locale", "timezone", "handle", "place", "bio"):
        form = {"locale": "en", "timezone": "UTC", "handle": "somebody", field: words}
        response = client.post("/welcome/", form)
        assert response.status_code in {302, 422}
        assert response.status_code == 302 or "field-error" in response.content.decode()


def test_first_steps_can_be_skipped_and_are_offered_once(client: Client) -> None:
    fan = make_fan()
    client.force_login(fan)
    assert client.post("/welcome/skipping/").headers["Location"] == "/welcome/next/"
    fan.refresh_from_db()
    first = fan.welcomed_at
    assert first is not None
    client.post("/welcome/skipping/")
    fan.refresh_from_db()
    assert fan.welcomed_at == first


def test_first_steps_save_what_was_told(client: Client, cities: list[Place]) -> None:
    fan = make_fan()
    client.force_login(fan)
    form = {
        "locale": "zh-hans",
        "timezone": "Asia/Tokyo",
        "handle": "lei",
        "place": "北京",
        "bio": "hi",
    }
    assert client.post("/welcome/", form).headers["Location"] == "/welcome/next/"
    fan.refresh_from_db()
    assert (fan.locale, fan.timezone, fan.handle, fan.bio, fan.place) == (
        "zh-hans",
        "Asia/Tokyo",
        "lei",
        "hi",
        cities[1],
    )


@pytest.mark.parametrize(
    "address",
    ["/welcome/", "/me/settings/", "/me/settings/security/", "/me/settings/privacy/", "/places/"],
)
def test_a_guest_is_asked_to_sign_in_and_comes_back(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.headers["Location"] == f"/accounts/login/?next={address}"


def test_suggestions_are_bounded_and_need_words(client: Client, cities: list[Place]) -> None:
    client.force_login(make_fan())
    assert client.get("/places/").content.strip() == b""
    assert client.get("/places/", {"place": "a\x00" * 400}).status_code == 200
    assert (
        client.get("/places/", {"place": "ch"}).content.count(b"<option") == 12
    )  # of more than a hundred


# --- Roles ------------------------------------------------------------------------------------


def test_the_last_admin_cannot_be_taken_away() -> None:
    admin = make_admin()
    make_admin(handle="banned", folded_name="b", banned_at=NOW)
    with pytest.raises(LastAdmin):
        actions.change_role(fan=admin, role=Role.FAN, actor=admin, reason="x", at=NOW)
    make_admin(handle="second", folded_name="c")
    assert actions.change_role(fan=admin, role=Role.FAN, actor=admin, reason="x", at=NOW)
