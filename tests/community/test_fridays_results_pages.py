"""O4–O9: what everyone reads of a counted week, takes along from it, and finds again later."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from community.feature_requests.models import FeatureRequest
from community.feedback.models import Channel, FeedbackItem
from community.fridays.actions.answering import answer_complaint
from community.fridays.actions.freezing import freeze
from community.fridays.actions.publishing import correct, publish
from community.fridays.actions.quoting import quote
from community.fridays.models import (
    Cycle,
    CycleState,
    Judgement,
    Pick,
    Quoting,
    ReleaseItem,
    WeeklyReport,
)
from community.fridays.share_card import ShareCard
from community.threads.models import State, Thread
from fans.accounts.models import Fan
from tests.community.weeks import (
    LATE_CLOSES,
    PUBLISH,
    TUESDAY,
    add_build,
    items_of,
    make_wish,
    open_week,
    send,
)
from tests.factories import ProductFactory, make_fan, make_staff

pytestmark = pytest.mark.django_db

WEEK = timedelta(weeks=1)


def out(cycle: Cycle, reports: int = 6, weeks_ago: int = 0, **fields: Any) -> Cycle:
    """Reported on, counted and published."""
    for _ in range(reports):
        send(cycle, at=TUESDAY - weeks_ago * WEEK, **fields)
    freeze(cycle=cycle, at=LATE_CLOSES - weeks_ago * WEEK)
    publish(cycle=cycle, at=PUBLISH - weeks_ago * WEEK)
    cycle.refresh_from_db()
    return cycle


def address(cycle: Cycle, name: str = "results") -> str:
    return reverse(name, args=[cycle.product.slug, cycle.week])


def page(cycle: Cycle, query: str = "", name: str = "results", fan: Fan | None = None) -> str:
    client = Client()
    if fan:
        client.force_login(fan)
    return " ".join(client.get(address(cycle, name) + query).text.split())


def section(html: str, name: str) -> str:
    return html.split(f'aria-labelledby="{name}"')[1].split("</section>")[0]


def figures_in(cycle: Cycle, query: str = "") -> list[list[str]]:
    text = Client().get(address(cycle, "results_figures") + query).text
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def reframe(cycle: Cycle, **figures: Any) -> None:
    """Other figures for the newest version."""
    report = cycle.weekly_reports.order_by("-version")[0]
    report.figures = {**report.figures, **figures}
    report.save()


def lens_of(items: dict[int, int], count: int = 5) -> dict[str, Any]:
    """As `eyes.seen` gives it: ranks by item."""
    rows = {str(pk): {"rank": rank, "loved": 5, "not_good": None} for pk, rank in items.items()}
    return {"count": count, "satisfaction": None, "items": rows, "wishes": {}}


# --- the page -------------------------------------------------------------------------------


def test_it_says_at_once_what_was_loved_what_was_bad_and_what_comes_next() -> None:
    cycle = open_week()
    loved, poor, _ = items_of(cycle)
    wish = make_wish(cycle.product, title="Copy the text in a picture")
    Pick.objects.create(
        cycle=cycle, feature_request=wish, picked_by=make_staff(), picked_at=TUESDAY
    )
    out(cycle, loved=(loved.pk,), not_good=(poor.pk,))
    answer_complaint(
        cycle=cycle, item=poor, words="It is **mended** in 4.21.", actor=make_staff(), at=PUBLISH
    )
    shown = page(cycle)
    assert 'class="glance-said">Item 1</p>' in section(shown, "most-loved")
    assert "6 of 6 fans" in section(shown, "most-missed")
    assert "the answer" in section(shown, "most-missed")
    assert "1 of 1 complaints are answered" in section(shown, "what-next")
    assert "Copy the text in a picture" in section(shown, "what-next")
    assert "It is <strong>mended</strong> in 4.21." in section(shown, "complaints")
    assert "<form" not in shown  # so it may be kept ready for strangers
    assert 'name="description" content="6 fans reported, and 100 % are satisfied.' in shown


def test_a_complaint_says_what_became_of_it() -> None:
    cycle = open_week()
    poor, other, _ = items_of(cycle)
    wish = make_wish(cycle.product, title="Wake up faster")
    out(cycle, not_good=(poor.pk, other.pk))
    assert "No answer yet." in section(page(cycle), "complaints")
    told = FeedbackItem.objects.create(
        channel=Channel.REPORT_CELL, reporter=make_fan(), product=cycle.product,
        category="usability", severity="S3", frequency="Q3", priority="P2", department=poor.team,
        title="Slow", about="Item 1", is_public=False, state_at=PUBLISH, answer_due_at=PUBLISH,
        created_at=cycle.frozen_at, became_request=wish,
    )  # fmt: skip
    mend = add_build(open_week(product=cycle.product, weeks_ago=-1), "Wakes at once", version="5")
    mend.items.get().fixes.add(told)
    first, second = section(page(cycle), "complaints").split('class="stack-s"')[1:]
    assert ("Wake up faster" in first, "Wakes at once" in first) == (True, True)
    assert "Wake up faster" not in second
    Thread.objects.filter(pk__in=[wish.thread_id, mend.thread_id]).update(state=State.HIDDEN)
    assert "Wake" not in section(page(cycle), "complaints")


def test_fans_are_quoted_by_name_only_where_they_said_so() -> None:
    """O7."""
    cycle, named = open_week(), make_fan(display_name="Xiaolin")
    words = "Wet <b>hands</b> stop it."
    one = send(cycle, fan=named, not_good_why=words, quoting=Quoting.NAMED)
    other = send(cycle, fan=make_fan(display_name="Shy"), loved_why="Fast.")
    out(cycle)
    assert 'id="quotations"' not in page(cycle)
    for report, grid, said in ((one, "not_good", words), (other, "loved", "Fast.")):
        quote(report=report, grid=grid, words=said, actor=make_staff(), at=PUBLISH)
    shown = section(page(cycle), "quotations")
    assert "Wet &lt;b&gt;hands&lt;/b&gt; stop it." in shown
    assert ("Xiaolin" in shown, "Shy" in shown) == (True, False)


def test_verdicts_of_fewer_than_five_are_told_in_words() -> None:
    """F8, O4."""
    cycle = out(open_week())
    wish = make_wish(cycle.product)
    judged = Judgement.objects.create(
        cycle=cycle, release=cycle.releases.get(), feature_request=wish, works_count=1,
        broken_count=3, voter_count=9, judged_at=LATE_CLOSES, reopened_at=LATE_CLOSES,
    )  # fmt: skip
    shown = section(page(cycle), "verdicts")
    assert ("Fewer than five answered." in shown, "broken 3" in shown) == (True, False)
    assert "Open again:" in section(page(cycle), "what-next")
    Judgement.objects.filter(pk=judged.pk).update(works_count=2)
    assert "works 2 · partly 0 · broken 3" in section(page(cycle), "verdicts")


def test_figures_of_before_the_lens_still_read() -> None:
    cycle = out(open_week(), loved=())
    old = {"count": 6, "late_count": 0, "is_small": False, "active_count": 9, "response_rate": 0.66}
    satisfied = {"positive": 6, "count": 6, "share": 1.0, "low": 0.6, "high": 1.0}
    more = {"satisfaction": satisfied, "ratings": {"4": 6}, "items": [], "anticipated": []}
    WeeklyReport.objects.update(figures={**old, **more, "troubles": [], "voice": []})
    shown = page(cycle, "?lens=county")
    assert "6 fans reported, and 100 % are satisfied." in shown
    assert "lens=" not in shown
    assert ["Figures", "Reports", "all", "6"] in figures_in(cycle)


def test_a_lens_shows_where_it_would_put_each_thing() -> None:
    cycle = open_week()
    first, second, third = (item.pk for item in items_of(cycle))
    out(cycle, loved=(first, second, third))
    everyone = lens_of({first: 1, second: 2, third: 3}, 6)
    reframe(
        cycle, lenses={"everyone": everyone, "county": lens_of({first: 3, third: 1, second: 1})}
    )
    shown = page(cycle, "?lens=county")
    assert "Through the eyes of “county and township”: 5 voices; 6 fans reported." in shown
    assert "#1 → #3" in shown
    assert "#3 → #1" in shown
    assert "too few spoke, or too few others" in page(cycle, "?lens=newcomers")


def test_a_lens_nobody_knows_is_everyones() -> None:
    cycle = out(open_week())
    for name in ("", "men", "county%00", "9" * 400, "__class__"):
        assert "Through the eyes of" not in page(cycle, f"?lens={name}&version=%00")


def test_what_was_corrected_is_read_without_its_groups() -> None:
    """O7: beside those of the newest they would tell of single people (O4)."""
    cycle = open_week()
    reports = [send(cycle) for _ in range(8)]
    out(cycle)
    voice = [{"dimension": "tier", "is_grey": False, "cells": [
        {"keys": ["core"], "voice": 7, "voice_share": 0.5, "base": 9, "base_share": 0.5,
         "ratio": 1.0, "is_quiet": False},
    ]}]  # fmt: skip
    reports[0].delete()
    correct(cycle=cycle, note="One report was bought.", actor=make_staff(), at=PUBLISH)
    for report in cycle.weekly_reports.all():
        report.figures["voice"] = voice
        report.save()
    assert "By tier" in page(cycle)
    old = page(cycle, "?version=1")
    assert ("By tier" in old, "<b>14</b>" in old) == (False, True)
    assert any(row[0] == "By tier" for row in figures_in(cycle))
    assert not any(row[0] == "By tier" for row in figures_in(cycle, "?version=1"))


def test_a_recalled_build_leaves_its_reports_and_a_banner() -> None:
    """O9."""
    cycle = open_week()
    for _ in range(5):
        send(cycle, loved=(items_of(cycle)[0].pk,))
    Cycle.objects.update(state=CycleState.WITHDRAWN, withdrawn_at=TUESDAY, reason="Loses photos.")
    out(cycle, reports=0)
    shown = page(cycle)
    assert "The build was withdrawn: Loses photos. What fans reported stays." in shown
    assert "Item 1" in section(shown, "most-loved")


@pytest.mark.parametrize("name", ["results_figures", "results_card", "results_poster"])
def test_nothing_is_taken_along_before_the_figures_are_out(name: str) -> None:
    cycle = open_week()
    for _ in range(6):
        send(cycle)
    assert Client().get(address(cycle, name)).status_code == 404
    freeze(cycle=cycle, at=LATE_CLOSES)
    assert Client().get(address(cycle, name)).status_code == 404
    publish(cycle=cycle, at=PUBLISH)
    assert Client().get(address(cycle, name)).status_code == 200


def test_a_hidden_build_is_in_no_part_of_the_results() -> None:
    cycle = open_week(items=1)
    hidden = items_of(cycle)[0]
    add_build(cycle, "Shown", version="9")
    shown_item = ReleaseItem.objects.get(title="Shown")
    out(cycle, loved=(hidden.pk,), not_good=(hidden.pk, shown_item.pk))
    ranks = lens_of({hidden.pk: 1, shown_item.pk: 2}, 6)
    reframe(cycle, lenses={"everyone": ranks, "county": ranks})
    Thread.objects.filter(release=hidden.release).update(state=State.HIDDEN)
    for query in ("", "?lens=county"):
        assert "Item 1" not in page(cycle, query)
    assert "Item 1" not in page(cycle, name="results_poster")
    assert not [row for row in figures_in(cycle) if "Item 1" in row]
    assert "#1 → #1" in page(cycle, "?lens=county")  # no hole tells of it
    assert "Item 1" in page(cycle, fan=make_staff())


@pytest.mark.parametrize("query", ["", "?lens=county"])
def test_a_lens_asks_no_more_of_the_database(
    query: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cycle = open_week()
    wish = make_wish(cycle.product)
    out(cycle, loved=(items_of(cycle)[0].pk,), anticipated=(wish.pk,))
    ranks = lens_of({items_of(cycle)[0].pk: 1}, 6)
    reframe(cycle, lenses={"everyone": ranks, "county": ranks})
    client = Client()
    client.get(address(cycle))
    with django_assert_num_queries(12):
        client.get(address(cycle) + query)


# --- to take along --------------------------------------------------------------------------


def test_the_table_holds_what_the_page_says() -> None:
    cycle = open_week()
    item, wish = items_of(cycle)[0], make_wish(cycle.product, title="=HYPERLINK(1)")
    out(cycle, loved=(item.pk,), anticipated=(wish.pk,))
    rows = figures_in(cycle)
    assert ["Figures", "Reports", "all", "6"] in rows
    assert ["Figures", "Satisfaction", "share", "1.0"] in rows
    assert ["Items", "Item 1", "loved", "6"] in rows
    assert ["Most anticipated", "'=HYPERLINK(1)", "fans", "6"] in rows
    answer = Client().get(address(cycle, "results_figures"))
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert f'filename="{cycle.product.slug}-2026-W47-v1.csv"' in answer["Content-Disposition"]


def test_below_five_the_table_has_no_number_either() -> None:
    """O4."""
    cycle = out(open_week(), reports=4)
    assert ["Figures", "Reports", "", "fewer than five"] in figures_in(cycle)
    assert not [row for row in figures_in(cycle)[1:] if row[0] == "Items" or row[3] == "4"]
    assert "4" not in section(page(cycle), "most-loved").split("</h2>")[1]


def test_the_picture_changes_with_the_version_and_is_known_again() -> None:
    cycle = open_week()
    reports = [send(cycle, overall=overall) for overall in (5, 5, 5, 5, 1, 1)]
    out(cycle, reports=0)
    first = Client().get(address(cycle, "results_card"))
    assert first["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(first.content)).size == (1200, 630)
    again = Client().get(address(cycle, "results_card"), headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    reports[-1].delete()
    correct(cycle=cycle, note="Bought.", actor=make_staff(), at=PUBLISH)
    assert Client().get(address(cycle, "results_card"))["ETag"] != first["ETag"]
    assert f"{address(cycle, 'results_card')}?version=2" in page(cycle)


def test_the_picture_leaves_out_what_no_font_can_write(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("community.fridays.share_card._found", list)
    drawn = [
        ShareCard("Site", name, "", "84 %", "", "", ()).png
        for name in ("OS", "系统", "系统系统系统")
    ]
    assert drawn[0] != drawn[1]
    assert drawn[1] == drawn[2]  # the number stands alone
    cache.clear()


def test_the_poster_leads_to_the_results_in_every_language() -> None:
    cycle = open_week()
    out(cycle, loved=(items_of(cycle)[0].pk,))
    shown = page(cycle, name="results_poster")
    assert f"localhost:8000{address(cycle)}</span>" in shown
    assert shown.count('class="code-picture"') == 1
    assert '<dd lang="en">Item 1</dd>' in shown


# --- found again ----------------------------------------------------------------------------


def archive(cycle: Cycle, query: str = "") -> str:
    return " ".join(Client().get(f"/fridays/{cycle.product.slug}/{query}").text.split())


def test_the_archive_says_of_each_week_what_it_brought_or_why_it_did_not() -> None:
    cycle = out(open_week())
    out(open_week(product=cycle.product, weeks_ago=1), reports=4, weeks_ago=1)
    open_week(
        product=cycle.product, weeks_ago=2, state=CycleState.SKIPPED, reason="Everybody rests.",
        is_rest=True, skipped_at=TUESDAY, held_at=None,
    )  # fmt: skip
    shown = archive(cycle)
    assert "6 reports · 100 % satisfied" in shown
    assert "fewer than five reports" in shown
    assert "Everybody rests." in shown
    assert "A trend needs two counted weeks." in shown


def test_a_trend_leaves_a_gap_for_small_weeks_and_says_why() -> None:
    cycle = out(open_week())
    product = cycle.product
    out(open_week(product=product, weeks_ago=1), reports=4, weeks_ago=1)
    out(open_week(product=product, weeks_ago=2), reports=5, weeks_ago=2, overall=1)
    shown = archive(cycle)
    assert "100 % in 2026-W47; in 2 weeks between 0 % and 100 %." in shown
    assert shown.count("2026-W46: fewer than five reports</title>") == 3
    assert "4</td>" not in shown
    assert 'href="?weeks=52"' in shown


def test_the_archive_goes_on_week_by_week(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("community.fridays.archive.WEEKS_A_PAGE", 2)
    cycle = open_week()
    for weeks_ago in (1, 2):
        open_week(product=cycle.product, weeks_ago=weeks_ago)
    assert 'href="?before=2026-W46"' in archive(cycle)
    older = archive(cycle, "?before=2026-W46")
    assert ("2026-W45" in older, "2026-W46<" in older, "?before" in older) == (True, False, False)
    for broken in ("x", "%00", "2026-W99999999999999999999"):
        assert "2026-W47" in archive(cycle, f"?before={broken}&weeks={broken}")


def test_a_product_without_weeks_says_when_there_will_be_one() -> None:
    product = ProductFactory.create()
    assert "No week is on the calendar yet" in Client().get(f"/fridays/{product.slug}/").text


@pytest.mark.parametrize("count", [1, 3])
def test_the_archive_costs_the_same_for_one_week_and_for_three(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    product = ProductFactory.create()
    for weeks_ago in range(count):
        out(open_week(product=product, weeks_ago=weeks_ago), weeks_ago=weeks_ago)
    client = Client()
    client.get(f"/fridays/{product.slug}/")
    with django_assert_num_queries(6):
        client.get(f"/fridays/{product.slug}/")
    with django_assert_num_queries(2):
        feed = client.get("/feeds/fridays/").text
    assert feed.count("<entry ") == count


def test_while_it_collects_a_week_tells_how_many_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("fans.clock.now", lambda: TUESDAY)
    cycle = open_week()
    for _ in range(4):
        send(cycle, overall=1)
    assert "fewer than five reports" in page(cycle, name="cycle")
    cache.clear()
    send(cycle)
    shown = page(cycle, name="cycle")
    assert "So far: 5 reports · fewer than five votes for the award." in shown
    assert "satisfied" not in shown
    cache.clear()
    out(cycle, reports=0)
    assert "So far:" not in page(cycle, name="cycle")


def test_needs_that_became_wishes_are_named() -> None:
    cycle = open_week()
    report = send(cycle)
    out(cycle)
    assert "None of it has become a wish yet." in section(page(cycle), "needs")
    wish = make_wish(cycle.product, title="A torch for the dark", author=report.fan)
    FeatureRequest.objects.filter(pk=wish.pk).update(submission_key=f"need:{report.pk}")
    other = make_wish(cycle.product, title="Somebody else's", author=make_fan())
    FeatureRequest.objects.filter(pk=other.pk).update(submission_key=f"need:{report.pk}")
    shown = section(page(cycle), "needs")
    assert "7 fans told us of something nobody had asked for." in shown
    assert ("A torch for the dark" in shown, "Somebody else" in shown) == (True, False)
