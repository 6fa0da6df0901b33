"""Chromium against a live server. Without a browser the tests say why they are skipped;
in the gate (`CI=true`) a missing browser is a failure."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

# Playwright's loop lives in this thread; the tests' own queries are made between its calls.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}

_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), "")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/browser/" not in str(item.path):
            continue
        item.add_marker(pytest.mark.browser)
        if not CHROMIUM and os.environ.get("CI") != "true":
            reason = f"no browser: set $CHROMIUM or install one of {', '.join(_NAMES)}"
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
        ],
    }


OpenPage = Callable[..., Page]


def watch(page: Page, site: str, complaints: list[str]) -> None:
    """Note what no page may do: fail in the console, or ask another origin for anything."""

    def hear(said: ConsoleMessage) -> None:
        is_asked_for = "status of 4" in said.text or "ERR_INTERNET_DISCONNECTED" in said.text
        if said.type == "error" and not is_asked_for:
            complaints.append(f"{page.url}: {said.text}")

    def follow(asked: Request) -> None:
        if not asked.url.startswith((site, "data:", "blob:")):
            complaints.append(f"{page.url} left the site: {asked.url}")

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("request", follow)


@pytest.fixture
def open_page(browser: Browser, live_server: Any) -> Iterator[OpenPage]:
    """`open_page(script=False, theme="dark", …)`: a page of a fresh visitor, watched to the end."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_one(
        *, script: bool = True, theme: Any = "light", language: str = "en", **options: Any
    ) -> Page:
        options.setdefault("viewport", PHONE)
        context = browser.new_context(
            java_script_enabled=script,
            color_scheme=theme,
            locale=language,
            base_url=live_server.url,
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        watch(page, live_server.url, complaints)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def sign_in(live_server: Any) -> Callable[[Page, Any], None]:
    """Give the page's visitor a session of this fan, as after signing in."""

    def sign_in_as(page: Page, fan: Any) -> None:
        client = Client()
        client.force_login(fan)
        name = django_settings.SESSION_COOKIE_NAME
        page.context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
        )

    return sign_in_as


@pytest.fixture(autouse=True)
def _mail_is_queued(settings: Any) -> None:
    """Django's test runner keeps mail in memory; people read theirs at /dev/mail/."""
    settings.EMAIL_BACKEND = "fans.mail.backend.QueueBackend"
