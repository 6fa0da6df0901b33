import re
from html import unescape

import pytest
from django.test import Client

from fans.accounts.models import Fan
from tests.factories import make_fan

pytestmark = pytest.mark.django_db


def send(client: Client, **fields: str) -> str:
    response = client.post("/preferences/", fields)
    assert response.status_code == 302
    return str(response.headers["Location"])


def reread(fan: Fan) -> Fan:
    return Fan.objects.get(pk=fan.pk)


def test_a_guest_chooses_a_theme_and_every_page_keeps_it(client: Client) -> None:
    send(client, theme="dark")
    assert b'<html lang="en" data-theme="dark">' in client.get("/about/").content


def test_without_a_choice_the_device_decides(client: Client) -> None:
    assert b'<html lang="en">' in client.get("/about/").content


def test_a_guest_chooses_a_language_and_every_page_keeps_it(client: Client) -> None:
    send(client, language="zh-hant")
    assert b'<html lang="zh-hant">' in client.get("/about/").content


def test_a_fan_takes_the_choice_to_other_devices() -> None:
    fan, client = make_fan(timezone="Europe/Berlin"), Client()
    client.force_login(fan)
    send(client, language="zh-hans", theme="light")
    found = reread(fan)
    assert (found.locale, found.theme, found.timezone) == ("zh-hans", "light", "Europe/Berlin")
    elsewhere = Client()
    elsewhere.force_login(found)
    assert b'<html lang="zh-hans" data-theme="light">' in elsewhere.get("/about/").content


@pytest.mark.parametrize("path", ["/about/?a=1&b=%C3%BC", "/threads/?show=unread"])
def test_the_foot_of_a_page_leads_back_to_that_page(path: str) -> None:
    client = Client()
    client.force_login(make_fan())
    page = client.get(path).content.decode()
    kept = re.findall('name="next" value="([^"]*)"', page)
    assert send(client, theme="dark", next=unescape(kept[0])) == path


def test_a_guest_comes_back_to_the_page_they_signed_in_from(client: Client) -> None:
    page = client.get("/about/?a=1&b=2").content.decode()
    assert 'href="/accounts/login/?next=/about/%3Fa%3D1%26b%3D2"' in page


def test_what_is_not_sent_stays() -> None:
    fan, client = make_fan(theme="dark"), Client()
    client.force_login(fan)
    send(client, language="zh-hans")
    assert (reread(fan).locale, reread(fan).theme) == ("zh-hans", "dark")


def test_one_comes_back_to_where_one_was(client: Client) -> None:
    assert send(client, theme="dark", next="/guidelines/?a=1#spam") == "/guidelines/?a=1#spam"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil", ""]
)
def test_nobody_is_led_to_another_site(elsewhere: str, client: Client) -> None:
    assert send(client, theme="dark", next=elsewhere) == "/"


@pytest.mark.parametrize("fields", [{"theme": "pink"}, {"language": "xx"}])
def test_an_unknown_choice_is_refused_in_place(fields: dict[str, str], client: Client) -> None:
    response = client.post("/preferences/", fields)
    assert (response.status_code, b"Select a valid choice" in response.content) == (422, True)
    assert dict(response.cookies).keys() == {"csrftoken"}


def test_the_form_shows_what_is_chosen(client: Client) -> None:
    client.cookies["theme"] = "dark"
    page = client.get("/preferences/").content.decode()
    assert 'value="dark" id="id_theme_2" checked' in page


def test_a_cookie_somebody_wrote_into_changes_nothing(client: Client) -> None:
    client.cookies["theme"] = '"><script>'
    assert b'<html lang="en">' in client.get("/about/").content
