"""The form of a build: rows to spare, an order of one's own, wishes and faults found as typed."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from community.feature_requests.models import FeatureRequest, Status
from community.fridays import actions
from community.fridays.forms.items import MOST_ROWS, parts_of
from community.fridays.models import Credit, Cycle, Release, ReleaseItem
from fans import clock
from tests.community import feature_requests as wishes
from tests.community.fridays import (
    BEFORE,
    TARGET,
    make_cycle,
    make_published,
    make_ready,
    make_team,
    on_the_way,
)
from tests.community.test_fridays_pages import signed_in
from tests.factories import make_core_fan, make_fan, make_feedback, make_staff

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def wish_of(cycle: Cycle, **fields: Any) -> FeatureRequest:
    return on_the_way(wishes.make_request(product=cycle.product, **fields))


def form_of(cycle: Cycle, *rows: dict[str, Any], **more: Any) -> dict[str, str]:
    team = str(make_team().pk)
    data = {"version": "4.2", "cycle": str(cycle.pk), "notes": "New.", "rows": str(len(rows))}
    for number in range(1, 9):
        data[f"item{number}-kind"] = "new"
    for number, row in enumerate(rows, 1):
        said = {"kind": "new", "team": team, **row}
        data |= {f"item{number}-{name}": str(value) for name, value in said.items()}
    return data | more


def save(cycle: Cycle, *rows: dict[str, Any]) -> list[ReleaseItem]:
    address = f"/staff/releases/new/{cycle.product.slug}/"
    answer = signed_in(make_staff()).post(address, form_of(cycle, *rows))
    assert answer.status_code == 302, answer.text
    return list(ReleaseItem.objects.order_by("number"))


def refused(cycle: Cycle, **row: Any) -> str:
    address = f"/staff/releases/new/{cycle.product.slug}/"
    answer = signed_in(make_staff()).post(address, form_of(cycle, {"title": "Louder", **row}))
    assert (answer.status_code, Release.objects.count()) == (422, 0)
    return str(answer.text)


# --- rows --------------------------------------------------------------------------------------


def test_a_build_holds_more_than_eight_things() -> None:
    items = save(make_cycle(), *({"title": f"Thing {n}"} for n in range(12)))
    assert [item.number for item in items] == list(range(1, 13))


def test_more_rows_come_without_a_script_and_keep_what_is_typed() -> None:
    cycle = make_cycle()
    address = f"/staff/releases/new/{cycle.product.slug}/"
    data = form_of(cycle, {"title": "Half a thou"}, version="", rows="8", more="1")
    answer = signed_in(make_staff()).post(address, data)
    assert (answer.status_code, Release.objects.count()) == (200, 0)
    assert 'name="rows" value="12"' in answer.text
    assert 'value="Half a thou"' in answer.text
    assert "item12-title" in answer.text
    assert "field-error" not in answer.text
    full = signed_in(make_staff()).post(address, {**data, "rows": "9999"})
    assert f'name="rows" value="{MOST_ROWS}"' in full.text
    assert 'name="more"' not in full.text


def test_places_are_the_order_on_paper() -> None:
    rows = [{"title": title, "place": place} for title, place in [("B", 2), ("C", 2), ("A", 1)]]
    assert [item.title for item in save(make_cycle(), *rows)] == ["A", "B", "C"]


def test_editing_shows_what_stands_and_room_for_more() -> None:
    cycle = make_cycle()
    wish, told = wish_of(cycle), make_feedback(product=cycle.product)
    rows = [{"title": f"Thing {n}"} for n in range(10)]
    save(cycle, *rows, {"feature_request": wish.pk, "fixes": told.pk})
    page = signed_in(make_staff()).get(f"/staff/releases/{Release.objects.get().pk}/edit/").text
    assert 'name="rows" value="13"' in page
    assert f'value="#{wish.pk} · {wish.title}"' in page
    assert f'value="#{told.pk}"' in page


# --- found as typed ----------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["{pk}", "#{pk}", "#{pk} · {title}", "http://x{url}", "{title}"])
def test_a_wish_is_found_by_number_address_or_words(typed: str) -> None:
    cycle = make_cycle()
    wish = wish_of(cycle, title="A torch on the left button")
    wish_of(cycle, title="Longer battery life for trips")
    text = typed.format(pk=wish.pk, title=wish.title, url=wish.get_absolute_url())
    [item] = save(cycle, {"feature_request": text})
    assert (item.feature_request, item.title) == (wish, wish.title)


def test_words_that_several_hold_are_asked_back_with_numbers() -> None:
    cycle = make_cycle()
    first = wish_of(cycle, title="A torch on the left button")
    second = wish_of(cycle, title="A torch on the right button")
    page = refused(cycle, feature_request="torch button")
    assert f"#{first.pk} · {first.title}" in page
    assert f"#{second.pk} · {second.title}" in page


@pytest.mark.parametrize(
    "typed", ["nothing like it at all", "#999999", "9" * 19, "/requests/999999/x/", "a\0b"]
)
def test_what_is_not_there_is_refused_in_words(typed: str) -> None:
    page = refused(make_cycle(), feature_request=typed)
    assert "field-error" in page


def test_a_wish_of_another_product_is_not_there() -> None:
    other = wish_of(make_cycle())
    assert f"There is no #{other.pk} here." in refused(make_cycle(), feature_request=other.pk)


def test_faults_are_named_several_at_once_and_each_where_it_was_told_first() -> None:
    cycle = make_cycle()
    first = make_feedback(product=cycle.product)
    again = make_feedback(product=cycle.product, duplicate_of=first, state="duplicate")
    other = make_feedback(product=cycle.product, title="It rings at night")
    typed = f"#{first.pk} {again.pk}, {other.get_absolute_url()}；at night"
    [item] = save(cycle, {"title": "Louder", "fixes": typed})
    assert list(item.fixes.order_by("pk")) == [first, other]
    assert "Nothing found" in refused_again(cycle, fixes="no such fault")


def refused_again(cycle: Cycle, **row: Any) -> str:
    Release.objects.all().delete()
    return refused(cycle, **row)


def test_parts_are_told_apart_by_commas_lines_and_numbers_by_spaces() -> None:
    assert parts_of("#1 2, rings at 7 ；x\ny") == ["#1", "2", "rings at 7", "x", "y"]


def test_the_form_costs_the_same_for_one_row_and_for_three() -> None:
    counts = []
    for rows in (1, 3):
        cycle = make_cycle()
        said = [{"feature_request": wish_of(cycle).pk} for _ in range(rows)]
        client = signed_in(make_staff())
        address = f"/staff/releases/new/{cycle.product.slug}/"
        data = form_of(cycle, *said, version="")  # refused: nothing is written
        client.post(address, data)
        with CaptureQueriesContext(connection) as seen:
            assert client.post(address, data).status_code == 422
        counts.append(len(seen))
    assert counts[0] == counts[1]


# --- who will be told --------------------------------------------------------------------------


def test_the_preview_says_who_will_be_told_and_what_stops_it() -> None:
    """F6: by name, with the way to mend it."""
    cycle = make_cycle()
    wish = wish_of(cycle, votes=2)
    stuck = on_the_way(wishes.make_request(product=cycle.product), Status.UNDER_REVIEW)
    same = wishes.make_request(product=cycle.product)
    wishes.merge(same, stuck)
    release = make_ready(cycle, wish, same)
    release.items.get(number=1).fixes.add(make_feedback(product=cycle.product))
    page = signed_in(make_staff()).get(f"/staff/releases/{release.pk}/").text
    assert "<strong>5 fans</strong>" in page  # three of the one, both who asked for the other
    assert "1 more is asked whether their fault is solved" in page
    assert f'{stuck.get_absolute_url()}#desk"' in page
    assert "Publish now" not in page


# --- the builds, for everybody ------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_a_build_costs_the_same_for_one_thing_and_for_three(count: int) -> None:
    cycle = make_cycle()
    release = make_published(cycle, *(wish_of(cycle) for _ in range(count)))
    client, address = Client(), release.get_absolute_url()
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        page = client.get(address).text
    assert len(seen) == 8
    assert page.count("asked for by") == count


def test_builds_are_listed_by_product_and_lead_to_one_another() -> None:
    cycle, other = make_cycle(), make_cycle()
    first, second = make_published(cycle), make_published(cycle, version="4.2.1")
    make_published(other, version="9.9")
    client = Client()
    assert "9.9" in client.get("/releases/").text
    page = client.get(f"/releases/?product={cycle.product.slug}").text
    assert ("4.2.1" in page, "9.9" in page) == (True, False)
    assert client.get("/releases/?product=none").status_code == 404
    neighbour = client.get(first.get_absolute_url()).text
    assert f'rel="next" href="{second.get_absolute_url()}"' in neighbour
    assert 'rel="prev"' not in neighbour


@pytest.mark.parametrize(("hours_before", "sees"), [(25, False), (24, True)])
def test_core_fans_find_the_notes_a_day_ahead(
    monkeypatch: pytest.MonkeyPatch, hours_before: int, sees: bool
) -> None:
    release = make_ready(make_cycle())
    monkeypatch.setattr(clock, "now", lambda: TARGET - hours_before * HOUR)
    for fan, is_told in [(make_core_fan(), sees), (make_fan(), False)]:
        assert ("A day ahead" in signed_in(fan).get("/releases/").text) is is_told
        status = signed_in(fan).get(release.get_absolute_url()).status_code
        assert status == (200 if is_told else 404)


def test_a_recalled_build_says_why_and_thanks_nobody() -> None:
    cycle = make_cycle()
    wish = wish_of(cycle)
    release = make_published(cycle, wish)
    actions.withdraw_release(release=release, reason="It burns.", actor=make_staff(), at=BEFORE)
    page = Client().get(release.get_absolute_url()).text
    assert "It burns." in page
    assert "asked for by" not in page
    assert Credit.objects.exists()
