"""WCAG 2.2 AA on every page that opens, in both themes, as the people who may open it (U-A1)."""

import os
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests import matrix
from tests.browser.conftest import DESKTOP, PHONE, OpenPage
from tests.open_pages import pages_open_to

IS_FULL = os.environ.get("TEST_SIZE") == "full"
SIZES = {"phone": PHONE, "desktop": DESKTOP} if IS_FULL else {"phone": PHONE}
LANGUAGES = ["en", "zh-CN", "zh-TW"] if IS_FULL else ["en"]
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
# What the theme can change; everything else axe has already judged in the light one.
COLOURS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}


def complaints_about(page: Page, theme: Any, rules: dict[str, Any] = RULES) -> list[str]:
    page.emulate_media(color_scheme=theme)
    found = Axe().run(page, options=rules).response["violations"]
    return [
        f"{page.url} {theme}: {rule['id']}: {node['html'][:160]}"
        for rule in found
        for node in rule["nodes"]
    ]


def pages_of_their_own(actor: matrix.Actor, world: matrix.World) -> list[str]:
    """At the gate's size an office is judged by what a casual fan cannot open."""
    paths = [path for path, _ in pages_open_to(actor, world)]
    if IS_FULL or actor.name == "casual":
        return paths
    if actor.name == "anonymous":  # much as a casual fan sees it
        return paths[::3]
    casual = next(actor for actor in world.actors if actor.name == "casual")
    common = {path for path, _ in pages_open_to(casual, world)}
    return [path for path in paths if path not in common]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["anonymous", "casual", "moderator of the site", "admin"])
def test_axe_finds_nothing_on_any_page(
    name: str, size: str, language: str, open_page: OpenPage, live_server: Any
) -> None:
    world = matrix.make_world()
    actor = next(actor for actor in world.actors if actor.name == name)
    # Colours that are still fading are no colours of ours.
    page = open_page(viewport=SIZES[size], language=language, reduced_motion="reduce")
    if actor.session_key:
        cookie = {"name": "session", "value": actor.session_key, "url": live_server.url}
        page.context.add_cookies([cookie])
    paths = pages_of_their_own(actor, world)
    assert len(paths) > 5
    found = []
    for number, path in enumerate(paths):
        page.goto(path)
        found += complaints_about(page, "light")
        if IS_FULL or number % 2:
            found += complaints_about(page, "dark", COLOURS)
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        found += [f"{path}: scrolls sideways"] if wide else []
    assert "\n".join(found) == ""


def test_axe_would_find_pale_words_in_the_dark(open_page: OpenPage, live_server: Any) -> None:
    page = open_page(reduced_motion="reduce")
    page.goto("/about/")
    assert complaints_about(page, "dark", COLOURS) == []
    page.evaluate("document.querySelector('h1').style.color = '#444'")  # fit for the light one
    assert any("color-contrast" in said for said in complaints_about(page, "dark", COLOURS))


def test_axe_would_find_a_picture_without_words(open_page: OpenPage, live_server: Any) -> None:
    page = open_page(reduced_motion="reduce")
    page.goto("/about/")
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    assert any("image-alt" in said for said in complaints_about(page, "light"))
