import re

import pytest
from django.test import Client

from community.threads.models import Rule, State, Thread
from config.views import LEAST_NUMBER
from fans.site.models import SiteIdentity
from tests.community.feature_requests import make_request

pytestmark = pytest.mark.django_db

PAGES = ["/", "/about/", "/guidelines/", "/privacy/", "/styleguide/"]


def text(client: Client, path: str, **headers: str) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_one_heading_a_title_and_its_landmarks(path: str, client: Client) -> None:
    page = text(client, path)
    counts = [len(re.findall(f"<{tag}[ >]", page)) for tag in ("h1", "title", "main", "header")]
    assert counts[:3] == [1, 1, 1]
    assert '<a class="skip" href="#main">' in page


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_a_page_says_which_language_it_speaks(path: str, language: str, client: Client) -> None:
    client.cookies["django_language"] = language
    assert f'<html lang="{language}"' in text(client, path)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_names_no_id_twice(path: str, client: Client) -> None:
    ids = re.findall(r' id="([^"]+)"', text(client, path))
    assert sorted(ids) == sorted(set(ids))


def test_numbers_too_small_to_tell_something_are_replaced_by_the_promise(client: Client) -> None:
    for _ in range(LEAST_NUMBER - 1):
        make_request()
    page = text(client, "/about/")
    assert ("wishes so far" in page, "Every wish is read by a person." in page) == (False, True)


def test_the_number_of_wishes_is_what_a_guest_can_recount(client: Client) -> None:
    for _ in range(LEAST_NUMBER + 1):
        make_request()
    hidden = make_request()
    Thread.objects.filter(pk=hidden.thread_id).update(state=State.HIDDEN)
    assert "<b>11</b> wishes so far" in text(client, "/about/")


def test_every_rule_has_a_place_one_can_point_to(client: Client) -> None:
    page = text(client, "/guidelines/")
    assert [rule for rule in Rule.values if f'id="{rule}"' not in page] == []


def test_disliking_the_product_is_named_as_no_reason(client: Client) -> None:
    assert "Disliking the product." in text(client, "/guidelines/")


def test_the_privacy_page_names_whom_to_write_to(client: Client) -> None:
    SiteIdentity.objects.create(pk=1, contact_email="hello@example.com")
    assert 'href="mailto:hello@example.com"' in text(client, "/privacy/")
