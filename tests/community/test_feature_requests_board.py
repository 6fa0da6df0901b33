"""The board: its orders, what narrows it, its lenses, and pages of any of them."""

import random
import re
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from community.feature_requests import listing, ranks
from community.feature_requests.lenses import COLUMNS
from community.feature_requests.listing import Filters
from community.feature_requests.models import FeatureRequest, Lens, Status
from community.feature_requests.rows import drawn
from community.products.models import Tag
from community.threads import actions as threads
from fans import clock
from fans.accounts.models import Fan
from tests.community.feature_requests import fresh, make_request, merge, vote, walk
from tests.community.threads import make_regular
from tests.factories import NOW, ProductFactory, make_fan, make_moderator, make_staff

pytestmark = pytest.mark.django_db
GUEST_QUERIES = 2
LIST_QUERIES = 5
VOTES_QUERIES = 5
TITLES = ("an alarm of {}", "a clock of {}", "a lamp of {}")


def signed_in(client: Client, fan: Fan | None = None) -> Fan:
    fan = fan or make_fan()
    client.force_login(fan)
    return fan


def titles(page: Any) -> list[str]:
    return [row.title for row in page.context["rows"]]


def numbers(page: Any) -> list[int]:
    return [row.pk for row in page.context["rows"]]


def make_board(size: int = 23, seed: int = 7) -> list[FeatureRequest]:
    """Wishes with counts that tie and heats that only differ in the last bit."""
    rng, author, product = random.Random(seed), make_regular(), ProductFactory.create()
    for number in range(size):
        wish = make_request(author=author, product=product, title=f"Wish number {number} of many")
        heat = rng.choice([0.0, 0.1 + 0.2, 0.3, 1.0e15 / 3, 1e15 / 3 + 0.125, 2.5])
        counts = {count: rng.randrange(12) for count, _ in COLUMNS.values()}
        heats = {column: heat * rng.choice([1, 1 / 3]) for _, column in COLUMNS.values() if column}
        FeatureRequest.objects.filter(pk=wish.pk).update(**counts, **heats)
    return list(FeatureRequest.objects.order_by("pk"))


# --- What it costs ---------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("query", "queries"),
    [("", LIST_QUERIES), ("?show=newest&status=all", LIST_QUERIES), ("?lens=county", 8)],
)
def test_a_list_costs_the_same_for_one_row_and_for_three(
    rows: int,
    query: str,
    queries: int,
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    tag = Tag.objects.create(name="Sound", slug="sound")
    for _ in range(rows):
        make_request(votes=1).tags.add(tag)
    signed_in(client)
    client.get(f"/requests/{query}")
    with django_assert_num_queries(queries):
        assert len(client.get(f"/requests/{query}").context["rows"]) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_a_stranger_costs_less(
    rows: int, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        make_request(votes=1)
    client.get("/requests/")
    drawn.clear()
    with django_assert_num_queries(GUEST_QUERIES):
        assert len(client.get("/requests/").context["rows"]) == rows


@pytest.mark.parametrize("votes", [1, 3])
def test_my_votes_cost_the_same_for_one_and_for_three(
    votes: int, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fan = signed_in(client)
    for _ in range(votes):
        vote(make_request(), fan)
        vote(ended := make_request(), fan)
        walk(ended, Status.DECLINED)
    client.get("/me/votes/")
    with django_assert_num_queries(VOTES_QUERIES):
        page = client.get("/me/votes/")
    assert (len(page.context["rows"]), len(page.context["past"])) == (votes, votes)
    assert page.context["voice"].used == votes


# --- Orders and filters ----------------------------------------------------------------------


def test_orders_and_filters(client: Client) -> None:
    watch, sound = ProductFactory.create(slug="watch"), Tag.objects.create(name="S", slug="sound")
    old = make_request(title="The oldest of them all", votes=3, product=watch, stage="service")
    new = make_request(title="The newest of them all", votes=1)
    done = make_request(title="Declined long ago by all", votes=2, status=Status.DECLINED)
    new.tags.add(sound)
    FeatureRequest.objects.filter(pk=new.pk).update(heat=fresh(old).heat * 2)
    assert titles(client.get("/requests/")) == [new.title, old.title]
    assert titles(client.get("/requests/?show=wanted")) == [old.title, new.title]
    assert titles(client.get("/requests/?show=wanted&status=all")) == [
        *(old.title, done.title, new.title)
    ]
    assert titles(client.get("/requests/?show=newest")) == [done.title, new.title, old.title]
    assert titles(client.get("/requests/?status=declined")) == [done.title]
    assert titles(client.get("/requests/?product=watch")) == [old.title]
    assert titles(client.get("/requests/?stage=service")) == [old.title]
    assert titles(client.get("/requests/?tag=sound")) == [new.title]
    assert titles(client.get("/requests/?tag=sound&product=watch")) == []
    assert titles(client.get("/requests/?tag=nothing-of-that-name")) == []
    signed_in(client, new.author)
    assert titles(client.get("/requests/?show=mine")) == [new.title]


def test_what_an_address_says_amiss_is_left_out() -> None:
    given = "show=best&status=merged&stage=x&lens=nobody&product=&q=%00+a%00b++"
    filters = Filters.of(QueryDict(given))
    assert filters == Filters(q="a b")
    assert filters.kept == {"q": "a b"}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("show=trending&lens=everyone", {}),
        ("show=trending&lens=offline", {"show": "wanted", "lens": "offline"}),
        ("show=newest&lens=county", {"show": "newest"}),
        ("q=alarm&lens=county&tag=sound", {"q": "alarm", "tag": "sound"}),
        ("show=wanted&status=open&stage=build", {"show": "wanted", "status": "open"} | {"stage": "build"}),
    ],
)  # fmt: skip
def test_filters_go_together_and_stay_in_the_address(given: str, kept: dict[str, str]) -> None:
    assert Filters.of(QueryDict(given)).kept == kept


def test_each_chip_leads_to_the_list_without_it(client: Client) -> None:
    sound = Tag.objects.create(name="Sound & light", name_zh_hans="声音", slug="sound")
    make_request(status=Status.PLANNED).tags.add(sound)
    page = client.get("/requests/?show=wanted&status=planned&tag=sound")
    assert 'href="/requests/?show=wanted&amp;tag=sound"' in page.text
    assert 'href="/requests/?show=wanted&amp;status=planned"' in page.text
    assert "Sound &amp; light" in page.text
    chinese = client.get("/requests/?tag=sound", headers={"Accept-Language": "zh-Hans"})
    assert "声音" in chinese.text


def test_what_is_hidden_or_merged_is_in_no_list(client: Client) -> None:
    hidden, merged, shown = make_request(), make_request(), make_request()
    threads.hide(post=hidden.thread.posts.get(), by=make_moderator(), at=NOW)
    merge(merged, shown)
    for query in ("", "?show=wanted", "?show=newest", "?show=wanted&lens=offline"):
        assert numbers(client.get(f"/requests/{query}")) == [shown.pk]
    assert client.get(f"/requests/{hidden.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("query", "words", "address"),
    [
        ("", "No wishes yet", "/requests/new/"),
        ("?stage=service", "No wish is like that", "/requests/"),
        ("?q=a louder %26 deeper alarm", "Nobody has wished", "/requests/new/?title=a%20louder%20%26%20deeper%20alarm"),
        ("?show=mine", "You have not wished", "/requests/new/"),
    ],
)  # fmt: skip
def test_an_empty_list_says_why_and_what_to_do(
    query: str, words: str, address: str, client: Client
) -> None:
    signed_in(client)
    page = client.get(f"/requests/{query}")
    assert words in page.text
    assert f'<a class="button is-small" href="{address}">' in page.text


# --- Pages of a list -------------------------------------------------------------------------

ORDERS = [
    *({"show": "trending"}, {"show": "wanted"}, {"show": "newest"}, {"show": "mine"}),
    *({"show": "trending", "lens": lens} for lens in Lens if lens != Lens.OFFLINE),
    *({"show": "wanted", "lens": lens} for lens in Lens),
]


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: "-".join(order.values()))
def test_every_order_is_paged_both_ways_and_misses_nothing(
    order: dict[str, str], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Equal counts and heats that differ in the last bit included."""
    monkeypatch.setattr(listing, "ROWS_PER_PAGE", 4)
    board = make_board()
    signed_in(client, board[0].author)
    filters = Filters.of(QueryDict("&".join(f"{key}={value}" for key, value in order.items())))
    column = listing.column_of(filters)
    expected = sorted(board, key=lambda wish: (getattr(wish, column), wish.pk), reverse=True)
    page = client.get("/requests/", order)
    there = [numbers(page)]
    while older := page.context["older"]:
        page = client.get(older)
        there.append(numbers(page))
    assert [pk for pks in there for pk in pks] == [wish.pk for wish in expected]
    back = [numbers(page)]
    while newer := page.context["newer"]:
        page = client.get(newer)
        back.append(numbers(page))
    assert back[::-1] == there


def test_an_address_of_a_page_tells_no_count(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A4: what a lens counts below five is not read from the address of the next page either."""
    monkeypatch.setattr(listing, "ROWS_PER_PAGE", 2)
    make_board(5)
    page = client.get("/requests/?show=wanted&lens=county")
    assert page.context["older"].endswith(f"before={numbers(page)[-1]}")


def test_a_wish_one_may_not_see_is_no_place_in_a_list(client: Client) -> None:
    hidden, wish = make_request(), make_request(votes=1)
    threads.hide(post=hidden.thread.posts.get(), by=make_moderator(), at=NOW)
    assert numbers(client.get(f"/requests/?show=wanted&before={hidden.pk}")) == [wish.pk]


@pytest.mark.parametrize("name", ["before", "after", "product", "tag", "stage", "status", "lens"])
@pytest.mark.parametrize("value", ["%00", "nonsense%00", "é", "٣", "-1", "1e400", "9" * 19, "²"])
def test_a_broken_address_shows_the_first_page(name: str, value: str, client: Client) -> None:
    wish = make_request(title="A louder alarm for all")
    if value not in {"-1", "1e400", "9" * 19} or name in {"before", "after"}:
        assert numbers(client.get(f"/requests/?{name}={value}")) == [wish.pk]
        assert numbers(client.get(f"/requests/?{name}={value}&q=alarm")) == [wish.pk]


def test_what_a_search_found_is_paged_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "ROWS_PER_PAGE", 2)
    author = make_regular()
    made = {
        make_request(author=author, title=f"Louder alarm by {name}").pk
        for name in ("train", "night", "village", "school", "river")
    }
    first = client.get("/requests/?q=alarm")
    second = client.get(first.context["older"])
    third = client.get(second.context["older"])
    assert [len(numbers(page)) for page in (first, second, third)] == [2, 2, 1]
    assert {pk for page in (first, second, third) for pk in numbers(page)} == made
    assert numbers(client.get(third.context["newer"])) == numbers(second)
    assert numbers(client.get(second.context["newer"])) == numbers(first)


# --- Lenses ----------------------------------------------------------------------------------


@pytest.mark.parametrize("show", ["trending", "wanted"])
@pytest.mark.parametrize("lens", [lens for lens in Lens if lens != Lens.EVERYONE])
def test_ranks_are_what_a_recount_says(
    show: str, lens: Lens, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Equal values share a rank; below five voices there is neither rank nor number."""
    if (show, lens) == ("trending", Lens.OFFLINE):
        return
    monkeypatch.setattr(listing, "ROWS_PER_PAGE", 9)
    make_board()
    planned = FeatureRequest.objects.filter(pk__in=[2, 3, 5, 7, 11, 13])
    planned.update(status=Status.PLANNED)
    for narrowed in ("", "&status=planned"):
        page = client.get(f"/requests/?show={show}&lens={lens}{narrowed}")
        wishes = list(planned.all() if narrowed else FeatureRequest.objects.all())
        count, heat = COLUMNS[lens]
        plain, column = ("vote_count", count) if show == "wanted" else ("heat", str(heat))
        while True:
            for row in page.context["rows"]:
                own = next(wish for wish in wishes if wish.pk == row.pk)
                voices = getattr(own, count)
                left = 0 if lens == Lens.OFFLINE else own.vote_count - voices
                assert row.seen.voices == (None if voices < 5 or 0 < left < 5 else voices)
                assert row.seen.rank == (rank(own, wishes, column) if voices >= 5 else None)
                everyone = rank(own, wishes, plain) if own.vote_count >= 5 else None
                assert row.seen.rank_for_everyone == everyone
            if not page.context["older"]:
                break
            page = client.get(page.context["older"])


def rank(own: FeatureRequest, wishes: list[FeatureRequest], column: str) -> int:
    return 1 + sum(bool(getattr(wish, column) > getattr(own, column)) for wish in wishes)


def test_beyond_the_first_there_is_no_number(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranks, "RANKED", 2)
    author = make_regular()
    for votes in (9, 8, 7):
        wish = make_request(author=author)
        values = {"vote_count": votes, "county_count": votes}
        FeatureRequest.objects.filter(pk=wish.pk).update(**values)
    rows = client.get("/requests/?show=wanted&lens=county").context["rows"]
    assert [(row.seen.rank, row.seen.rank_for_everyone) for row in rows] == [
        *((1, 1), (2, 2), (None, None))
    ]


def test_a_lens_says_whose_eyes_and_keeps_small_numbers_to_itself(client: Client) -> None:
    """Also those one could find by subtraction (O4)."""
    for county, everyone in ((4, 31), (7, 30), (6, 7)):
        values = {"county_count": county, "vote_count": everyone}
        FeatureRequest.objects.filter(pk=make_request().pk).update(**values)
    page = client.get("/requests/?show=wanted&lens=county")
    seen = [
        " ".join(re.sub("<[^>]+>", " ", text).split())
        for text in re.findall(r'<p class="wish-seen">(.*?)</p>', page.text, re.S)
    ]
    assert seen == [
        "#2 → #1 · 7 voices · county and township",
        "#3 → #2 · county and township",
        "#1 → fewer than 5 · county and township",
    ]
    assert "county or a township" in page.text
    assert "lens=offline" in page.text
    assert "lens=offline" not in client.get("/requests/").text


# --- Rows ------------------------------------------------------------------------------------


def test_a_row_says_what_became_of_it(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    wish = make_request(status=Status.PLANNED, votes=1)
    facts = {"promised_for": "2026-W47", "offline_count": 9}
    FeatureRequest.objects.filter(pk=wish.pk).update(**facts)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    page = client.get("/requests/").text
    assert "promised for 16–22 Nov 2026" in page
    assert "overdue" not in page
    assert "+ 9 voices offline" in page
    assert "answered" in page
    monkeypatch.setattr(clock, "now", lambda: NOW.replace(year=2027))
    assert "overdue: promised for 16–22 Nov 2026" in client.get("/requests/").text


def test_a_retired_tag_is_on_no_row_and_in_no_menu(client: Client) -> None:
    tag = Tag.objects.create(name="Flip phones", slug="flip", retired_at=NOW)
    make_request().tags.add(tag)
    assert "Flip phones" not in client.get("/requests/").text


@pytest.mark.parametrize("query", ['"><script>alert(1)</script>', "' onfocus=alert(1) x='"])
def test_what_one_searches_for_is_words_and_nothing_else(query: str, client: Client) -> None:
    for path in ("/requests/", "/requests/?show=newest"):
        text = client.get(path, {"q": query, "product": query, "tag": query}).text
        assert query not in text
        assert "<script>" not in text
    make_request(title=f"An alarm {query}", votes=1)
    assert query not in client.get("/requests/").text


# --- Strangers -------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "?show=wanted&lens=county&status=planned&stage=build"])
def test_the_board_of_a_stranger_is_kept_ready(
    query: str,
    client: Client,
    settings: Settings,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    settings.READY_PAGE_SECONDS = 1.0
    wish, stranger = make_request(status=Status.PLANNED, stage="build"), Client()
    first = stranger.get(f"/requests/{query}")
    with django_assert_num_queries(0):
        assert stranger.get(f"/requests/{query}").content == first.content
    assert wish.title in first.text
    assert "<form" not in first.text
    assert "csrf" not in first.text


def test_a_stranger_signs_in_and_comes_back_to_the_list(client: Client) -> None:
    make_request()
    page = client.get("/requests/?show=newest&stage=design")
    back = "%2Frequests%2F%3Fshow%3Dnewest%26stage%3Ddesign"
    assert f'href="/accounts/login/?next={back}"' in page.text


def test_a_stranger_gets_the_search_form_by_its_address_and_it_is_not_kept(
    client: Client, settings: Settings
) -> None:
    settings.READY_PAGE_SECONDS = 1.0
    page = client.get("/requests/?stage=design&q=")
    assert 'name="q"' in page.text
    assert '<input type="hidden" name="stage" value="design">' in page.text
    assert 'name="q"' not in client.get("/requests/").text


def test_staff_are_shown_no_button(client: Client) -> None:
    make_request()
    signed_in(client, make_staff())
    page = client.get("/requests/")
    assert "/vote/" not in page.text
    assert "votes in use" not in page.text
