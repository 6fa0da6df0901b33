"""A passkey, made and used in Chromium with an authenticator that exists only there."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect

from fans.places.actions import load_places
from tests.browser.conftest import OpenPage
from tests.factories import NOW, PASSWORD
from tests.fans.accounts import make_account

pytestmark = pytest.mark.django_db(transaction=True)


def give_authenticator(page: Page) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_added_and_signs_in_alone(open_page: OpenPage) -> None:
    fan = make_account(password=PASSWORD, welcomed_at=NOW)
    page = open_page()
    give_authenticator(page)
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(fan.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    page.goto("/me/settings/security/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_label("Sign in with it alone")).to_be_checked()
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert Authenticator.objects.filter(user=fan, type="webauthn").count() == 1

    page.context.clear_cookies()
    page.goto("/accounts/login/?next=/me/settings/privacy/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(re.compile("/me/settings/privacy/$"))


def test_the_zone_is_guessed_and_places_are_suggested(open_page: OpenPage) -> None:
    load_places()
    page = open_page(timezone_id="Europe/Madrid")
    fan = make_account(password=PASSWORD)
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(fan.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile("/welcome/$"))
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Madrid")
    page.wait_for_load_state("load")  # the field listens from then on
    with page.expect_response(re.compile("/places/")):
        page.get_by_label("Where you live").press_sequentially("chengdu")
    options: Any = page.locator("#place-options option")
    expect(options).to_have_count(1)
    expect(options).to_have_attribute("value", "Chengdu")
