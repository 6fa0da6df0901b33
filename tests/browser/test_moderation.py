"""From a report to a decision, through the pages alone; the moderator uses no mouse (U-T6)."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from community.threads.models import Post, State
from tests.browser.conftest import OpenPage
from tests.factories import make_fan, make_moderator, make_thread

SignIn = Callable[[Page, Any], None]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_report_is_decided_and_the_author_reads_why(
    script: bool, open_page: OpenPage, sign_in: SignIn, live_server: Any
) -> None:
    post = make_thread(title="Tickets for tonight").posts.get()

    guest = open_page(script=script)
    guest.goto(f"/posts/{post.pk}/flags/")
    guest.get_by_label("Scalping").check()
    guest.get_by_label("What should we know?").fill("Sells invitations.")
    guest.get_by_role("button", name="Send report").click()
    expect(guest.locator("main")).to_contain_text("Thank you. A moderator will look at it.")

    moderator = open_page(script=script)
    sign_in(moderator, make_moderator())
    moderator.goto("/moderation/")
    _press_on(moderator, "Tickets for tonight #1")
    expect(moderator.locator("main")).to_contain_text("Sells invitations.")
    moderator.get_by_label("Keep it").focus()
    moderator.keyboard.press("Space")
    moderator.keyboard.press("ArrowDown")
    moderator.keyboard.press("ArrowDown")
    moderator.keyboard.press("Tab")
    moderator.keyboard.type("Scalping")
    moderator.keyboard.press("Tab")
    moderator.keyboard.type("Invitations are not for sale.")
    moderator.get_by_role("button", name="Show what they will read").focus()
    moderator.keyboard.press("Enter")
    expect(moderator.locator("main")).to_contain_text("What the person will read")
    moderator.get_by_role("button", name="Decide", exact=True).focus()
    moderator.keyboard.press("Enter")
    expect(moderator.locator("main")).to_contain_text("All clear, thank you")
    assert Post.objects.get(pk=post.pk).state == State.REMOVED

    author = open_page(script=script)
    sign_in(author, post.author)
    author.goto(post.thread.get_absolute_url())
    expect(author.locator("main")).to_contain_text("Scalping")
    expect(author.locator("main")).to_contain_text("Invitations are not for sale.")


def _press_on(page: Page, name: str) -> None:
    page.get_by_role("link", name=name).focus()
    page.keyboard.press("Enter")


def test_first_posts_are_published_in_one_go(
    open_page: OpenPage, sign_in: SignIn, live_server: Any
) -> None:
    first = make_thread(author=make_fan(display_name="Newcomer One"), state=State.WAITING)
    second = make_thread(author=make_fan(display_name="Newcomer Two"), state=State.WAITING)
    page = open_page(script=False)
    sign_in(page, make_moderator())
    page.goto("/moderation/waiting/")
    page.get_by_label("Choose this post by Newcomer One").check()
    page.get_by_label("Choose this post by Newcomer Two").check()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.locator("main")).to_contain_text("2 posts appeared.")
    for thread in (first, second):
        thread.refresh_from_db()
        assert thread.state == State.PUBLISHED
