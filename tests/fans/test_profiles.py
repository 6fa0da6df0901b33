from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from fans.accounts.models import Fan, Reader
from fans.places.actions import load_places
from fans.places.models import Place
from fans.profiles.sections import Section
from tests.factories import NOW, make_core_fan, make_fan, make_moderator, make_staff

pytestmark = pytest.mark.django_db


def quiet(owner: Fan, reader: Reader) -> Section | None:
    return None


def greeting(owner: Fan, reader: Reader) -> Section | None:
    return Section("Greeting", "places/_options.html", {"places": []})


@pytest.fixture(autouse=True)
def _no_rooms(settings: Settings) -> None:
    settings.PROFILE_SECTIONS = ["tests.fans.test_profiles.quiet"]


def page_of(fan: Fan, client: Client | None = None) -> str:
    response = (client or Client()).get(f"/fans/{fan.handle}/")
    assert response.status_code == 200
    return response.content.decode()


def test_a_page_shows_name_handle_words_and_tier() -> None:
    fan = make_core_fan(display_name="王小明", handle="xiaoming", bio="Photographs oranges.")
    page = page_of(fan)
    for shown in ("王小明", "@xiaoming", "Photographs oranges.", "Core since", "Quiet so far"):
        assert shown in page


def test_a_page_never_shows_address_place_or_sanction() -> None:
    load_places()
    fan = make_fan(
        email="secret@example.com",
        place=Place.objects.get(name_en="Liuyang"),
        muted_until=NOW.replace(year=2999),
        suspended_until=NOW.replace(year=2999),
        timezone="Europe/Madrid",
    )
    for reader in (make_fan(), make_moderator(), make_staff()):
        client = Client()
        client.force_login(reader)
        page = page_of(fan, client)
        for secret in ("secret@example.com", "Liuyang", "county", "Madrid", "muted", "suspended"):
            assert secret not in page.replace('class="muted', "")
    with_all = page_of(fan)
    Fan.objects.get_queryset().filter(pk=fan.pk).update(
        place=None, muted_until=None, suspended_until=None, timezone="UTC"
    )
    assert page_of(fan) == with_all


def test_a_banned_page_looks_like_any_other() -> None:
    fan = make_fan(handle="one", display_name="Li")
    before = page_of(fan)
    Fan.objects.get_queryset().filter(pk=fan.pk).update(banned_at=NOW)
    assert page_of(fan) == before


def test_an_imported_page_says_so_and_asks_was_this_you() -> None:
    page = page_of(make_fan(imported_as="discourse:42", email="", verified_at=None))
    assert "Imported from the old forum" in page
    assert "Here since" not in page


def test_an_erased_page_holds_one_sentence_and_no_name() -> None:
    page = page_of(make_fan(display_name="Gone Person", erased_at=NOW))
    assert "deleted fan" in page
    assert "Gone Person" not in page


def test_staff_have_a_badge_and_no_tier() -> None:
    page = page_of(make_staff())
    assert "Staff" in page
    assert "Casual" not in page


def test_a_handle_is_found_whatever_its_case_and_leads_to_its_own_form(client: Client) -> None:
    make_fan(handle="LiLei")
    assert client.get("/fans/lilei/").headers["Location"] == "/fans/LiLei/"


@pytest.mark.parametrize("handle", ["nobody", "王小明", "a\x00b", "x" * 200, "%3Cscript%3E"])
def test_an_unknown_handle_is_not_found(client: Client, handle: str) -> None:
    assert client.get(f"/fans/{handle}/").status_code == 404


def test_rooms_add_their_sections(settings: Settings) -> None:
    settings.PROFILE_SECTIONS += ["tests.fans.test_profiles.greeting"]
    page = page_of(make_fan())
    assert "Greeting" in page
    assert "Quiet so far" not in page


def test_a_page_takes_few_queries(client: Client, django_assert_num_queries: Any) -> None:
    fan = make_core_fan()
    page_of(fan)
    with django_assert_num_queries(1):
        page_of(fan)


def test_ones_own_page_leads_to_the_settings(client: Client) -> None:
    fan = make_fan()
    client.force_login(fan)
    assert 'href="/me/settings/"' in page_of(fan, client).split("<main")[1]
