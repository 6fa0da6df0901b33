"""What became of wishes, for everybody to read (spec §5)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from community.feature_requests.models import FeatureRequest, Status
from community.fridays import actions
from community.fridays.actions.crediting import stay_unnamed
from community.fridays.changelog import NAMES_AT_MOST, ROWS_PER_PAGE, Shipped
from community.fridays.models import Credit, Release
from community.threads import actions as threads
from tests.community.feature_requests import make_request, merge, ship, walk
from tests.community.fridays import make_cycle, make_published, on_the_way
from tests.factories import NOW, ProductFactory, make_moderator, make_staff

pytestmark = pytest.mark.django_db
WEEK = timedelta(weeks=1)


def rows_of(client: Client, query: str = "") -> list[Shipped]:
    page = client.get(f"/changelog/{query}")
    return [row for _, rows in page.context["weeks"] for row in rows]


def titles(client: Client, query: str = "") -> list[str]:
    return [row.wish.title for row in rows_of(client, query)]


def make_shipped(at: Any = NOW, **fields: Any) -> FeatureRequest:
    wish = make_request(status=Status.IN_TESTING, **fields)
    ship(wish, at=at)
    return wish


def publish(*wishes: FeatureRequest) -> Release:
    return make_published(make_cycle(wishes[0].product), *map(on_the_way, wishes))


def test_what_shipped_stands_with_its_words_its_build_and_its_voices(client: Client) -> None:
    wish = make_request(votes=2, status=Status.PLANNED)
    FeatureRequest.objects.filter(pk=wish.pk).update(offline_count=14)
    release = publish(wish)
    [row] = rows_of(client)
    assert row.release == release
    page = client.get("/changelog/").text
    assert ">2 votes<" in page
    assert ">+ 14 voices offline<" in page
    assert f'href="{release.get_absolute_url()}"' in page
    assert row.words == '<div lang="en"><p>We have looked at it together.</p>\n</div>'
    assert row.words in page


def test_only_what_shipped_is_in_it(client: Client) -> None:
    for status in (Status.SUBMITTED, Status.IN_TESTING, Status.DECLINED):
        make_request(status=status)
    shipped = make_shipped()
    assert titles(client) == [shipped.title]


def test_the_newest_comes_first_under_its_week(client: Client) -> None:
    wishes = [make_shipped(at=NOW + number * WEEK) for number in range(2)]
    late = make_shipped(at=NOW + timedelta(days=2))  # Sunday of the first week
    weeks = client.get("/changelog/").context["weeks"]
    shown = [(f"{monday}", [row.wish.pk for row in rows]) for monday, rows in weeks]
    assert shown == [
        ("2026-11-23", [wishes[1].pk]),
        ("2026-11-16", [late.pk, wishes[0].pk]),
    ]


def test_whoever_asked_for_the_same_is_named_once(client: Client) -> None:
    target = make_request(status=Status.IN_TESTING)
    sources = [make_request(), make_request(), make_request(author=target.author)]
    for source in sources:
        merge(source, target)
    ship(target)
    [row] = rows_of(client)
    assert row.named == [target.author, sources[0].author, sources[1].author]
    assert row.further_count == 0


def test_the_sixth_name_is_a_number(client: Client) -> None:
    target = make_request(status=Status.IN_TESTING)
    for _ in range(NAMES_AT_MOST):
        merge(make_request(), target)
    ship(target)
    [row] = rows_of(client)
    assert (len(row.named), row.further_count) == (NAMES_AT_MOST, 1)
    assert "and 1 more" in client.get("/changelog/").text


def test_who_stays_unnamed_is_not_named_here_either(client: Client) -> None:
    """O6: on the page and in the feed."""
    wish = make_request()
    publish(wish)
    name = wish.author.display_name
    assert f">{name}<" in client.get("/feeds/changelog/").text
    stay_unnamed(credit=Credit.objects.get(fan=wish.author))
    page = client.get("/changelog/").text
    assert f">{name}<" not in page
    assert "a fan who stays unnamed" in page
    assert f">{name}<" not in client.get("/feeds/changelog/").text


def test_a_build_that_was_hidden_is_not_named(client: Client) -> None:
    wish = make_request()
    release = publish(wish)
    assert release.get_absolute_url() in client.get("/changelog/").text
    assert release.thread is not None
    threads.hide(post=release.thread.posts.get(), by=make_moderator(), at=NOW)
    [row] = rows_of(client)
    assert row.release is None
    for address in ("/changelog/", "/feeds/changelog/"):
        assert str(release) not in client.get(address).text


def test_a_wish_of_a_recalled_build_has_not_shipped(client: Client) -> None:
    release = publish(make_request())
    actions.withdraw_release(
        release=release, reason="It overheats.", actor=release.created_by, at=NOW + WEEK / 7
    )
    assert titles(client) == []


def test_what_is_hidden_is_not_in_it(client: Client) -> None:
    wish = make_shipped()
    assert titles(client) == [wish.title]
    threads.hide(post=wish.thread.posts.get(), by=make_moderator(), at=NOW)
    assert titles(client) == []


def test_one_product_can_be_looked_at_alone(client: Client) -> None:
    watch, _ = make_shipped(), make_shipped()
    assert titles(client, f"?product={watch.product.slug}") == [watch.title]
    assert client.get("/changelog/?product=none").status_code == 404


def test_pages_follow_one_another_without_a_gap(client: Client) -> None:
    product = ProductFactory.create()
    wishes = [make_shipped(product=product) for _ in range(ROWS_PER_PAGE + 1)]
    address, seen = f"?product={product.slug}", []
    while address:
        seen += titles(client, address)
        address = client.get(f"/changelog/{address}").context["older"]
    assert seen == [wish.title for wish in reversed(wishes)]


@pytest.mark.parametrize("query", ["?before=zzz", "?before=", "?before=%00", "?product="])
def test_an_address_of_nonsense_is_the_first_page(query: str, client: Client) -> None:
    wish = make_shipped()
    assert titles(client, query) == [wish.title]


def test_an_empty_log_says_why(client: Client) -> None:
    product = ProductFactory.create(slug="watch")
    assert "No wish has shipped yet" in client.get("/changelog/").text
    walk(make_request(product=product), Status.PLANNED)
    page = client.get("/changelog/?product=watch").text
    assert "Nothing here for this product yet" in page
    assert 'href="/roadmap/"' in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_log_costs_the_same_for_one_row_and_for_three(
    rows: int, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    product = ProductFactory.create()
    wishes = [make_request(product=product) for _ in range(rows)]
    for wish in wishes:
        merge(make_request(product=product), wish)
    publish(*wishes)
    client.get("/changelog/")
    with django_assert_num_queries(QUERIES):
        assert len(rows_of(client)) == rows


QUERIES = 6


def test_a_build_that_names_what_was_merged_stands_with_the_wish(client: Client) -> None:
    """F4."""
    wish = make_request(status=Status.PLANNED)
    same = make_request(product=wish.product)
    merge(same, wish)
    release = make_published(make_cycle(wish.product), same)
    stay_unnamed(credit=Credit.objects.get(fan=same.author))
    [row] = rows_of(client)
    assert (row.wish, row.release, row.named) == (wish, release, [wish.author])


def test_what_was_recalled_stands_with_the_hotfix_that_brought_it_again(client: Client) -> None:
    """F7."""
    wish = make_request(status=Status.PLANNED)
    cycle = make_cycle(wish.product)
    first, staff = make_published(cycle, wish), make_staff()
    make_published(cycle, version="4.2.1")
    actions.withdraw_release(release=first, reason="Hot.", actor=staff, at=NOW)
    assert rows_of(client) == []
    again = make_published(cycle, wish, version="4.2.2")
    assert [row.release for row in rows_of(client)] == [again]
