"""What pages do more where script runs: no letter lost, no press counted twice (U-N2, C3)."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from community.threads.models import Post, Thread
from fans import clock
from fans.accounts.models import Fan
from tests.browser.conftest import DESKTOP, OpenPage
from tests.factories import BoardFactory, make_fan, make_post, make_thread

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[Page, Any], None]
WRITER = "writer"
WORDS = "After every call the camera forgets that night mode was on."
KEPT = "draft:reply-{}:source"
# A square of one orange pixel, dropped as a phone's gallery would.
DROP = """(area) => {
  const bytes = Uint8Array.from(atob("iVBORw0KGgoAAAANSUhEUgAAAAgAAAAGCAIAAABxZ0isAAAAFElEQVR4nGN8msbFgA0wYRWlkwQAyhkBYYq1dn0AAAAASUVORK5CYII="), (c) => c.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], "orange.png", { type: "image/png" }));
  area.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def thread(live_server: Any) -> Thread:
    thread = make_thread(replies=2)
    for _ in range(5):
        # Whoever has been published before does not wait (A1).
        make_post(make_thread(board=thread.board))
    return thread


@pytest.fixture
def page(open_page: OpenPage, sign_in: SignIn, thread: Thread) -> Page:
    page = open_page(viewport=DESKTOP)
    fan = make_fan(handle=WRITER, welcomed_at=thread.created_at)
    for _ in range(3):
        make_post(make_thread(board=thread.board), author=fan)
    sign_in(page, fan)
    page.goto(thread.get_absolute_url())
    return page


def draft(page: Page, thread: Thread) -> str | None:
    found: str | None = page.evaluate(
        "(key) => JSON.parse(localStorage.getItem(key))?.value ?? null", KEPT.format(thread.pk)
    )
    return found


def write(page: Page, words: str) -> None:
    page.locator("#id_source").fill(words)


def test_words_survive_a_page_that_is_closed_without_warning(page: Page, thread: Thread) -> None:
    write(page, WORDS)
    page.close()
    again = page.context.new_page()
    again.goto(thread.get_absolute_url())
    expect(again.locator("#id_source")).to_have_value(WORDS)
    expect(again.locator(".composer-state")).to_contain_text("Your words from last time are back.")


def test_words_that_came_back_can_be_discarded(page: Page, thread: Thread) -> None:
    write(page, WORDS)
    page.reload()
    page.get_by_role("button", name="Discard them").click()
    expect(page.locator("#id_source")).to_have_value("")
    assert draft(page, thread) is None


def test_words_leave_the_device_when_they_have_arrived(page: Page, thread: Thread) -> None:
    write(page, WORDS)
    page.locator("#reply form .button").first.click()
    expect(page.locator(".posts")).to_contain_text(WORDS)
    expect(page.locator("#id_source")).to_have_value("")
    assert draft(page, thread) is None


def test_words_stay_on_the_device_when_the_line_breaks(page: Page, thread: Thread) -> None:
    write(page, WORDS)
    page.route("**/replies/", lambda route: route.abort())
    page.locator("#reply form .button").first.click()
    page.unroute("**/replies/")
    page.goto(thread.get_absolute_url())
    expect(page.locator("#id_source")).to_have_value(WORDS)


def test_words_stay_on_the_device_when_they_are_refused(page: Page, thread: Thread) -> None:
    write(page, WORDS)
    page.route("**/replies/", lambda route: route.fulfill(status=413, body="<p>no</p>"))
    page.locator("#reply form .button").first.click()
    page.unroute("**/replies/")
    page.goto(thread.get_absolute_url())
    expect(page.locator("#id_source")).to_have_value(WORDS)


def test_words_wait_for_who_was_signed_out_meanwhile(
    page: Page, thread: Thread, sign_in: SignIn
) -> None:
    write(page, WORDS)
    page.context.clear_cookies(name="session")
    page.locator("#reply form .button").first.click()
    page.wait_for_load_state()
    sign_in(page, make_fan(welcomed_at=thread.created_at))
    page.goto(thread.get_absolute_url())
    expect(page.locator("#id_source")).to_have_value(WORDS)


def test_words_wait_for_who_may_not_write_now(page: Page, thread: Thread) -> None:
    write(page, WORDS)
    Fan.objects.filter(handle=WRITER).update(muted_until=clock.now() + timedelta(days=1))
    page.locator("#reply form .button").first.click()
    expect(page.locator("[data-message]")).to_contain_text("muted")
    assert draft(page, thread) == WORDS


def test_pressing_twice_sends_once(page: Page, thread: Thread) -> None:
    write(page, WORDS)
    page.locator("#reply form .button").first.dblclick()
    expect(page.locator(".posts")).to_contain_text(WORDS)
    assert Post.objects.filter(thread=thread, source=WORDS).count() == 1


def test_a_picture_that_is_dropped_stands_in_the_words(page: Page) -> None:
    page.locator("#id_source").evaluate(DROP)
    expect(page.locator("#id_source")).to_have_value(re.compile(r"!\[.*\]\(/images/\w+\.\w+\)"))


def test_a_picture_that_did_not_arrive_can_be_sent_again(page: Page) -> None:
    page.route("**/images/", lambda route: route.fulfill(status=429, body=""))
    page.locator("#id_source").evaluate(DROP)
    again = page.get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    page.unroute("**/images/")
    again.click()
    expect(page.locator("#id_source")).not_to_have_value("")


def test_the_preview_follows_the_words(page: Page) -> None:
    write(page, "**Strong** words")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#composer-preview strong")).to_have_text("Strong")
    write(page, "**Stronger** words")
    expect(page.locator("#composer-preview strong")).to_have_text("Stronger")


def test_a_reaction_leaves_the_page_where_it_is(page: Page, thread: Thread) -> None:
    page.evaluate("window.stayed = true")
    like = page.locator("#p2 button[value=like]")
    like.click()
    expect(like).to_have_attribute("aria-pressed", "true")
    expect(like).to_be_focused()
    like.click()
    expect(like).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("window.stayed") is True


def test_a_reaction_on_a_broken_line_is_sent_again_by_the_browser(page: Page) -> None:
    page.route("**/reaction/", lambda route: route.fulfill(status=429, body=""), times=1)
    like = page.locator("#p2 button[value=like]")
    like.click()
    page.wait_for_load_state()
    expect(like).to_have_attribute("aria-pressed", "true")


def test_a_mark_goes_around_what_is_selected(page: Page) -> None:
    write(page, "loud")
    page.locator("#id_source").select_text()
    page.get_by_role("button", name="Bold").click()
    expect(page.locator("#id_source")).to_have_value("**loud**")


def test_keys_lead_through_the_site(page: Page, thread: Thread) -> None:
    page.keyboard.press("j")
    expect(page.locator(".post.is-selected")).to_have_id("p1")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("l")
    page.wait_for_url("**/threads/")


def test_keys_are_letters_while_writing(page: Page) -> None:
    page.locator("#id_source").press_sequentially("gl?")
    expect(page.locator("#id_source")).to_have_value("gl?")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_keys_can_be_switched_off(open_page: OpenPage, sign_in: SignIn, thread: Thread) -> None:
    page = open_page(viewport=DESKTOP)
    sign_in(page, make_fan(shortcuts_off=True))
    page.goto(thread.get_absolute_url())
    page.keyboard.press("j")
    expect(page.locator(".is-selected")).to_have_count(0)


def test_a_menu_closes_with_escape(page: Page) -> None:
    BoardFactory.create()
    page.locator(".site-me summary").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
