from typing import Any

import pytest
from playwright.sync_api import expect

from fans.places.actions import load_places
from tests.browser.conftest import OpenPage
from tests.factories import make_fan


@pytest.mark.django_db(transaction=True)
def test_places_are_suggested_while_one_types(open_page: OpenPage, sign_in: Any) -> None:
    load_places()
    page = open_page()
    sign_in(page, make_fan())
    page.goto("/me/settings/")
    page.get_by_label("Where you live").press_sequentially("cheng")
    expect(page.locator("#place-options option").first).to_have_attribute("value", "Chengdu")
