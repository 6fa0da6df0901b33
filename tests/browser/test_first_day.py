"""A newcomer's first day, on a phone, with script and without: from the home page to an
accepted answer, through the pages alone."""

import re
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from community.threads.models import State, Thread
from tests.browser.conftest import OpenPage
from tests.factories import BoardFactory, make_fan, make_moderator

ADDRESS = "mei@example.com"
QUESTION = "Why does night mode switch off after a call?"


def screenshot_of_a_phone() -> dict[str, Any]:
    file = BytesIO()
    Image.new("RGB", (320, 200), "#E5660A").save(file, "PNG")
    return {"name": "night-mode.png", "mimeType": "image/png", "buffer": file.getvalue()}


def join(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Join", exact=True).first.click()
    page.get_by_label("Your name here").fill("美橙")
    page.get_by_label("Email", exact=True).fill(ADDRESS)
    page.get_by_label("Password", exact=True).fill("kumquats-in-winter")
    page.get_by_role("button", name="Create account").click()
    code_page = page.url
    page.goto("/dev/mail/")
    page.get_by_role("link", name=re.compile("confirm|code", re.I)).first.click()
    code = re.search(r"\b[A-Z0-9]{4}-?[A-Z0-9]{2,4}\b", page.locator("main").inner_text())
    assert code is not None
    page.goto(code_page)
    page.get_by_label("Code").fill(code[0])
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Welcome")
    page.get_by_role("button", name="Skip this").first.click()


def ask(page: Page) -> None:
    page.goto("/threads/")
    page.get_by_role("link", name=re.compile("Start a thread")).first.click()
    page.get_by_label("Question").check()
    page.get_by_label("Board").select_option(label="Help")
    page.get_by_label("Title").fill(QUESTION)
    page.get_by_label("Your words").fill(
        "Since 2.4 it is off after **every** call. See the picture."
    )
    page.get_by_text("Add pictures").click()
    page.get_by_label("Pictures", exact=True).set_input_files(screenshot_of_a_phone())
    page.get_by_label("What the pictures show").fill("Night mode is off")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(QUESTION)


def publish_as_moderator(page: Page) -> None:
    page.goto("/moderation/waiting/")
    page.get_by_label(re.compile("Choose this post")).check()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Nothing waits")).to_be_visible()


def answer(page: Page) -> None:
    page.goto("/threads/")
    page.get_by_role("link", name=QUESTION).click()
    page.get_by_label("Your reply").fill("Turn on “Keep after calls” under Display, night mode.")
    page.get_by_role("button", name="Reply", exact=True).click()
    expect(page.get_by_text("Keep after calls")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_newcomer_joins_asks_and_accepts_an_answer(
    script: bool, open_page: OpenPage, sign_in: Any
) -> None:
    BoardFactory.create(name="Help", slug="help")
    newcomer, answerer, moderator = (open_page(script=script) for _ in range(3))
    sign_in(answerer, make_fan(display_name="Lin"))
    sign_in(moderator, make_moderator())

    join(newcomer)
    ask(newcomer)
    expect(newcomer.get_by_text("waiting", exact=False).first).to_be_visible()
    assert Thread.objects.get().state == State.WAITING
    answerer.goto("/threads/")
    expect(answerer.get_by_text(QUESTION)).to_have_count(0)

    publish_as_moderator(moderator)
    answer(answerer)
    publish_as_moderator(moderator)  # whoever answers is new, too
    newcomer.reload()
    picture = newcomer.get_by_role("img", name="Night mode is off")
    picture.scroll_into_view_if_needed()  # it is fetched when it comes near
    expect(picture).to_have_js_property("naturalWidth", 320)
    newcomer.get_by_role("button", name="This answers it").click()

    expect(newcomer.get_by_text("This did not answer it")).to_be_visible()
    thread = Thread.objects.get()
    assert thread.accepted_answer == thread.posts.get(floor=2)
    guest = open_page(script=script)
    guest.goto(thread.get_absolute_url())
    expect(guest.get_by_text("Accepted answer").first).to_be_visible()
