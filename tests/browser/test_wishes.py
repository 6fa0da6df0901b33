"""Wishes on a phone: found, voted for, asked for, refused with a reason, seen through other eyes."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from community.feature_requests.models import FeatureRequest, Status, Vote
from community.products.models import Product
from fans.accounts.models import Fan
from fans.notifications.tasks import spread_events
from tests.browser.conftest import OpenPage
from tests.community.feature_requests import count, make_request, vote
from tests.community.threads import make_regular
from tests.factories import NOW, ProductFactory, make_fan, make_staff

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[Page, Any], None]
SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
ALARM = "A louder alarm for heavy sleepers"
VIBRATE = "Vibrate instead of ringing in meetings"
INVOICE = "电子发票直接发到邮箱"
TITLES = [ALARM, VIBRATE, INVOICE, "输入法加入方言语音", "Maps that work without a network"]
PROBLEM = "Under a thick duvet I do not hear my watch, and I come late to the early shift."


class Hand:
    """Of a person at a phone: whatever they do counts."""

    def __init__(self) -> None:
        self.actions = 0

    def types(self, field: Locator, words: str) -> None:
        self.actions += 1
        field.fill(words)

    def presses(self, button: Locator) -> None:
        self.actions += 1
        button.click()

    def presses_enter_in(self, field: Locator) -> None:
        self.actions += 1
        field.press("Enter")


@pytest.fixture
def watch(live_server: Any) -> Product:
    return ProductFactory.create(name="Watch", slug="watch")


@pytest.fixture
def wishes(watch: Product) -> dict[str, FeatureRequest]:
    author = make_regular(display_name="Mei")
    return {
        title: make_request(title=title, product=watch, author=author, problem=f"{title}. {title}.")
        for title in TITLES
    }


@pytest.fixture
def visit(open_page: OpenPage, sign_in: SignIn) -> Callable[..., Page]:
    def visit_as(fan: Fan, path: str, **options: Any) -> Page:
        page = open_page(**options)
        sign_in(page, fan)
        page.goto(path)
        return page

    return visit_as


def row_of(page: Page, title: str) -> Locator:
    return page.locator(".wish-row").filter(has=page.locator(".wish-row-title", has_text=title))


def voice_in(page: Page, title: str) -> Locator:
    return row_of(page, title).locator(".vote-button")


def has_voted(page: Page, title: str) -> None:
    """It is shown at once: told, when it is so."""
    expect(voice_in(page, title)).to_have_attribute("aria-pressed", "true")
    expect(voice_in(page, title)).not_to_have_attribute("aria-busy", "true")


@SCRIPT
@pytest.mark.parametrize(
    ("language", "phrase", "title"),
    [("en", "loud alarms heavy sleep", ALARM), ("zh-CN", "發票發到郵箱", INVOICE)],
    ids=["English", "Chinese"],
)
def test_a_wish_half_remembered_takes_three_actions_to_vote_for(
    language: str,
    phrase: str,
    title: str,
    script: bool,
    visit: Callable[..., Page],
    wishes: dict[str, FeatureRequest],
) -> None:
    """U-T3; the Chinese one is asked for in the other script."""
    page, hand = visit(make_fan(), "/requests/", language=language, script=script), Hand()
    search = page.locator("input[name=q]")
    hand.types(search, phrase)
    hand.presses_enter_in(search)
    expect(page.locator(".wish-row-title").first).to_have_text(title)
    hand.presses(voice_in(page, title))
    has_voted(page, title)
    expect(search).to_have_value(phrase)  # still where it was found
    assert (hand.actions, count(wishes[title])) == (3, 1)


def test_a_new_wish_loses_no_word_on_its_way(
    visit: Callable[..., Page], wishes: dict[str, FeatureRequest]
) -> None:
    """F5, U-N2: what is like it appears while one types; a vote in place, a tab that is killed."""
    page = visit(make_regular(), "/requests/new/")
    page.get_by_label("Title").press_sequentially("My alarm is not loud")
    voice_in(page, ALARM).click()
    has_voted(page, ALARM)
    expect(page.get_by_label("Title")).to_have_value("My alarm is not loud")
    page.get_by_label("Title").fill("An alarm that also shakes")
    page.get_by_label("What is the problem?").fill(PROBLEM)
    assert count(wishes[ALARM]) == 1

    page.close()
    page = page.context.new_page()
    page.goto("/requests/new/")
    expect(page.get_by_label("Title")).to_have_value("An alarm that also shakes")
    expect(page.get_by_label("What is the problem?")).to_have_value(PROBLEM)
    page.get_by_role("button", name="Make the wish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("An alarm that also shakes")
    page.goto("/requests/?show=newest")
    expect(page.locator(".wish-row-title").first).to_have_text("An alarm that also shakes")
    page.goto("/requests/new/")
    expect(page.get_by_label("Title")).to_have_value("")


def test_a_new_wish_is_made_without_script(
    visit: Callable[..., Page], wishes: dict[str, FeatureRequest]
) -> None:
    page = visit(make_regular(), "/requests/new/", script=False)
    page.get_by_label("Title").fill("My alarm is not loud")
    page.get_by_label("What is the problem?").fill(PROBLEM)
    page.get_by_role("button", name="Is it there already?").click()
    voice_in(page, ALARM).click()
    has_voted(page, ALARM)
    expect(page.get_by_label("Title")).to_have_value("My alarm is not loud")
    expect(page.get_by_label("What is the problem?")).to_have_value(PROBLEM)
    page.get_by_role("button", name="Make the wish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My alarm is not loud")
    page.goto("/requests/?show=newest")
    expect(page.locator(".wish-row-title").first).to_have_text("My alarm is not loud")


@SCRIPT
def test_who_asked_reads_why_it_was_declined(
    script: bool, visit: Callable[..., Page], wishes: dict[str, FeatureRequest]
) -> None:
    """F1: not without a reason, and what was written meanwhile is kept."""
    wish, answer = wishes[ALARM], "The loudspeaker cannot do more than it does now."
    desk = visit(make_staff(), wish.get_absolute_url(), script=script)
    desk.get_by_text("Answer and move on").click()
    desk.get_by_label("New status").select_option(label="Declined")
    desk.get_by_label("Official answer").fill(answer)
    desk.get_by_role("button", name="Say it and move on").click()
    expect(desk.locator(".form-errors")).to_contain_text("reason")
    expect(desk.get_by_label("Official answer")).to_have_value(answer)
    assert FeatureRequest.objects.get(pk=wish.pk).status == Status.SUBMITTED
    desk.get_by_label(re.compile("^Reason")).fill("It would tear the membrane.")
    desk.get_by_role("button", name="Say it and move on").click()
    expect(desk.locator(".wish-head")).to_contain_text("Declined")

    spread_events()
    author = visit(wish.author, "/me/inbox/", script=script)
    author.get_by_role("button", name=re.compile("Unread.* was declined")).click()
    expect(author.get_by_role("heading", level=1)).to_have_text(ALARM)
    official = author.get_by_role("region", name="Official answer")
    expect(official).to_contain_text(answer)
    expect(official).to_contain_text("It would tear the membrane.")


@SCRIPT
def test_over_budget_one_press_takes_a_vote_back_and_casts_it_here(
    script: bool, visit: Callable[..., Page], wishes: dict[str, FeatureRequest], watch: Product
) -> None:
    """F2: ten votes each."""
    fan, author = make_fan(), wishes[ALARM].author
    for number in range(10):
        title = f"Something quite different, number {number}"
        vote(make_request(title=title, product=watch, author=author), fan)
    page = visit(fan, "/requests/?show=newest", script=script)
    expect(page.locator("#vote-budget")).to_contain_text("10 of 10 votes in use")
    voice_in(page, ALARM).click()
    place = page.get_by_role("dialog" if script else "main")
    expect(place).to_contain_text(ALARM)
    place.get_by_role("button", name=re.compile("number 7")).click()
    has_voted(page, ALARM)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(voice_in(page, "number 7")).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#vote-budget")).to_contain_text("10 of 10 votes in use")
    assert Vote.objects.filter(fan=fan).count() == 10


def test_the_board_through_the_eyes_of_newcomers(
    open_page: OpenPage, wishes: dict[str, FeatureRequest]
) -> None:
    """The lens: a row says where it stands for everyone, and where for them."""
    vote(wishes[ALARM], *(make_fan() for _ in range(6)))
    newcomers = [make_fan(joined_at=NOW - timedelta(days=30)) for _ in range(5)]
    vote(wishes[VIBRATE], *newcomers)
    page = open_page()
    page.goto("/requests/?show=wanted")
    expect(page.locator(".wish-row-title").first).to_have_text(ALARM)
    page.get_by_text("Through the eyes of:").click()
    page.get_by_role("link", name="newcomers").click()
    expect(page.locator(".wish-row-title").first).to_have_text(VIBRATE)
    expect(row_of(page, VIBRATE)).to_contain_text("#2 → #1")
    expect(row_of(page, ALARM)).to_contain_text("#1 → fewer than 5")
