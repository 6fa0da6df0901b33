"""Tuesday on a phone: fourteen taps for report and ballot, and not a letter lost (U-T2, U-N2)."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from community.fridays.actions.pinning import pin_item
from community.fridays.models import Ballot, Cycle, Pin, Report, ReportDraft
from fans.accounts.models import Fan
from tests.browser.conftest import DESKTOP, OpenPage
from tests.browser.test_accessibility import complaints_about
from tests.browser.test_wishes import Hand
from tests.community.weeks import TUESDAY, items_of, make_wish, open_week
from tests.factories import make_fan

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[Page, Any], None]
NEED = "A torch that can be reached from the lock screen with one thumb."
OFFLINE = " And one that stays on while it rains."


@pytest.fixture
def cycle(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Cycle:
    """A Tuesday that goes on while one types."""
    began = time.monotonic()
    monkeypatch.setattr(
        "fans.clock.now", lambda: TUESDAY + timedelta(seconds=time.monotonic() - began)
    )
    cycle = open_week(items=5)
    make_wish(cycle.product)
    return cycle


@pytest.fixture
def fan(cycle: Cycle) -> Fan:
    return make_fan(welcomed_at=cycle.released_at)


@pytest.fixture
def page(open_page: OpenPage, sign_in: SignIn, fan: Fan) -> Page:
    page = open_page(reduced_motion="reduce")
    sign_in(page, fan)
    return page


def address(cycle: Cycle, part: str = "report") -> str:
    return f"{cycle.get_absolute_url()}{part}/"


def row(page: Page, name: str, place: int = 0) -> Any:
    """What a thumb hits: the row, not the box in it."""
    return page.locator(f"label:has([name={name}])").nth(place)


def fill_half(page: Page) -> None:
    row(page, "overall", 3).click()
    row(page, "loved", 1).click()
    page.locator("#id_new_need").fill(NEED)


def expect_half(page: Page, need: str = NEED) -> None:
    expect(page.locator("[name=overall][value='4']")).to_be_checked()
    expect(page.locator("[name=loved]").nth(1)).to_be_checked()
    expect(page.locator("#id_new_need")).to_have_value(need)


def test_report_and_ballot_take_fourteen_taps_at_most(page: Page, cycle: Cycle) -> None:
    """U-T2: each field is one tap to get into and one tap a choice."""
    page.goto(address(cycle))
    hand = Hand()
    hand.presses(row(page, "overall", 3))
    hand.presses(row(page, "loved"))
    hand.presses(row(page, "not_good", 1))
    hand.presses(row(page, "not_good_severity", 2))
    hand.presses(row(page, "not_good_frequency", 1))
    hand.presses(row(page, "anticipated"))
    hand.presses(page.locator("#id_new_need"))
    hand.types(page.locator("#id_new_need"), NEED)
    expect(page.locator("[data-meter]")).to_have_text("Ready to send")
    hand.presses(page.get_by_role("button", name="Send the report"))
    expect(page.locator("[data-message]")).to_contain_text("Your report is in, on time.")
    hand.presses(page.get_by_role("link", name="Now the popcorn ballot"))
    hand.presses(row(page, "item", 2))
    hand.presses(page.get_by_role("button", name="Give my vote"))
    expect(page.locator("[data-message]")).to_contain_text("Your vote goes to “Item 3”.")
    report = Report.objects.get()
    assert (report.overall, report.build, report.choices.count()) == (4, "4.20", 3)
    assert Ballot.objects.get().item == items_of(cycle)[2]
    assert hand.actions <= 14


def test_a_killed_tab_loses_nothing_not_even_what_was_typed_offline(
    page: Page, cycle: Cycle
) -> None:
    """U-N2."""
    page.goto(address(cycle))
    fill_half(page)
    expect(page.locator("[data-kept-line]")).to_contain_text("Not sent yet.", timeout=10_000)
    assert ReportDraft.objects.get().content["new_need"] == [NEED]
    page.context.set_offline(True)
    page.locator("#id_new_need").press("End")
    page.locator("#id_new_need").press_sequentially(OFFLINE)
    context = page.context
    page.close(run_before_unload=False)
    context.set_offline(False)
    again = context.new_page()
    again.goto(address(cycle))
    expect_half(again, NEED + OFFLINE)
    expect(again.locator("[data-line]")).to_contain_text("on this device.")
    # The site's own words are one press away, and one press back.
    again.get_by_role("button", name="Show what the site kept").click()
    expect_half(again, NEED)
    again.get_by_role("button", name="Show what this device kept").click()
    expect_half(again, NEED + OFFLINE)


@pytest.mark.slow
def test_another_device_goes_on_where_this_one_stopped(
    page: Page, cycle: Cycle, open_page: OpenPage, sign_in: SignIn, fan: Fan
) -> None:
    page.goto(address(cycle))
    fill_half(page)
    expect(page.locator("[data-kept-line]")).to_contain_text("Not sent yet.", timeout=10_000)
    desk = open_page(viewport=DESKTOP)
    sign_in(desk, fan)
    desk.goto(address(cycle))
    expect_half(desk)
    desk.locator("#id_new_need").fill("Written at the desk.")
    expect(desk.locator("[data-kept-line]")).to_contain_text("Not sent yet.", timeout=10_000)
    # The phone hears of it before it writes over it, and has both.
    page.locator("#id_loved_why").fill("So quick.")
    line = page.locator("[data-line]")
    expect(line).to_contain_text("Another tab or device kept other words", timeout=10_000)
    assert ReportDraft.objects.get().content["new_need"] == ["Written at the desk."]
    line.get_by_role("button", name="Show the others").click()
    expect(page.locator("#id_new_need")).to_have_value("Written at the desk.")
    line.get_by_role("button", name="Show what this device kept").click()
    expect_half(page)
    expect(page.locator("#id_loved_why")).to_have_value("So quick.")


def test_a_report_that_cannot_be_sent_stays_and_goes_when_the_line_is_back(
    page: Page, cycle: Cycle
) -> None:
    page.goto(address(cycle))
    fill_half(page)
    send = page.get_by_role("button", name="Send the report")
    page.context.set_offline(True)
    send.click()
    expect(page.locator("[data-line]")).to_contain_text("Your words are safe on this device")
    expect_half(page)
    page.context.set_offline(False)
    send.click()
    expect(page.locator("[data-message]")).to_contain_text("Your report is in")
    assert Report.objects.get().new_need == NEED
    assert not ReportDraft.objects.exists()
    assert (
        page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('report:'))") == []
    )


def test_whoever_was_signed_out_meanwhile_finds_the_words_after_signing_in(
    page: Page, cycle: Cycle, sign_in: SignIn, fan: Fan
) -> None:
    page.goto(address(cycle))
    cookies = page.context.cookies()
    page.context.clear_cookies(name="session")
    fill_half(page)
    page.get_by_role("button", name="Send the report").click()
    page.wait_for_url("**/accounts/login/**")
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.goto(address(cycle))
    expect_half(page)
    assert not Report.objects.exists()


@pytest.mark.slow
def test_the_form_asks_for_more_only_where_something_is_not_good(page: Page, cycle: Cycle) -> None:
    page.goto(address(cycle))
    bad = page.get_by_text("How bad", exact=False).first
    expect(bad).to_be_hidden()
    row(page, "not_good").click()
    expect(bad).to_be_visible()
    expect(page.locator("[data-meter]")).to_have_text("1 of 2 fields filled")
    for place in (1, 2):
        row(page, "not_good", place).click()
    expect(page.locator("[name=not_good]").nth(3)).to_be_disabled()
    low = page.evaluate(
        "[...document.querySelectorAll('.report .field-choices label')]"
        ".filter((row) => row.checkVisibility() && row.offsetHeight < 44).length"
    )
    assert low == 0
    assert complaints_about(page, "light") == []
    assert complaints_about(page, "dark") == []


def test_the_whole_way_works_without_script(
    open_page: OpenPage, sign_in: SignIn, fan: Fan, cycle: Cycle
) -> None:
    """U-N1: a mark on the build, the form with it, kept, sent, and the ballot."""
    page = open_page(script=False)
    sign_in(page, fan)
    page.goto(f"/releases/{cycle.product.slug}/4.20/")
    page.locator("[name=note]").nth(1).fill("Quick")
    page.get_by_role("button", name="Loved").nth(1).click()
    assert Pin.objects.get().grid == "loved"
    page.goto(address(cycle))
    expect(page.locator("[name=loved]").nth(1)).to_be_checked()
    expect(page.get_by_text("How bad", exact=False).first).to_be_visible()
    page.locator("[name=overall][value='4']").check()
    page.locator("#id_new_need").fill(NEED)
    page.get_by_role("button", name="Keep for later").click()
    expect_half(page)
    page.get_by_role("button", name="Send the report").click()
    page.get_by_role("link", name="Now the popcorn ballot").click()
    page.locator("[name=item]").nth(2).check()
    page.get_by_role("button", name="Give my vote").click()
    assert (Report.objects.count(), Ballot.objects.count()) == (1, 1)


@pytest.mark.slow
def test_a_note_goes_into_a_field_with_one_press(page: Page, cycle: Cycle, fan: Fan) -> None:
    item = items_of(cycle)[0]
    pin_item(cycle=cycle, fan=fan, item=item, grid="not_good", note="Warm at night", at=TUESDAY)
    page.goto(address(cycle))
    page.get_by_role("button", name="Put into ②").click()
    expect(page.locator("#id_not_good_why")).to_have_value("Warm at night")


LONG_ITEM = "The evening alarm rings twice as loud while the watch lies on its charger"
LONG_WISH = "Let the heart rate be read by the app of my doctor without sending it to a cloud first"


def test_paper_is_one_sheet_of_eight_items_and_twelve_wishes(
    open_page: OpenPage, cycle: Cycle
) -> None:
    """O2: A4 and Letter, in each language."""
    release = cycle.releases.get()
    team = items_of(cycle)[0].team
    release.items.all().delete()
    for number in range(1, 9):
        release.items.create(number=number, kind="new", title=f"{LONG_ITEM} {number}", team=team)
    for number in range(12):
        make_wish(cycle.product, title=f"{LONG_WISH} {number}", vote_count=100 - number)
    for language in ("en", "zh-CN", "zh-TW"):
        page = open_page(language=language)
        page.goto(address(cycle, "report/paper"))
        expect(page.locator(".paper-ticks li")).to_have_count(8 + 8 + 12)
        for size in ("A4", "Letter"):
            pages = page.pdf(format=size).count(b"/Type /Page\n")
            assert (language, size, pages) == (language, size, 1)
