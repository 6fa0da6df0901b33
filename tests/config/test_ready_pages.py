"""The page kept ready for strangers: fast, never anybody's own, never older than a second."""

import gzip

import pytest
from django.conf import settings as site_settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.urls import ResolverMatch
from pytest_django import DjangoAssertNumQueries, Settings

from community.threads.models import Audience, State, Thread
from config import ready_pages
from config.ready_pages import MAX_BYTES, ReadyPages, Shelf, _made_ready
from tests.factories import BoardFactory, make_fan, make_post, make_thread

pytestmark = pytest.mark.django_db


class Clock:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(ready_pages, "time", clock)
    return clock


@pytest.fixture
def stranger(settings: Settings, clock: Clock) -> Client:
    settings.READY_PAGE_SECONDS = 1.0
    return Client()


@pytest.fixture
def thread() -> Thread:
    return make_thread(replies=2, title="Kept ready")


ROUTES = ["/", "/threads/", "board", "thread"]


def address(route: str, thread: Thread) -> str:
    places = {"board": thread.board.get_absolute_url(), "thread": thread.get_absolute_url()}
    return places.get(route, route)


def hide(thread: Thread) -> None:
    """As another process does it: nothing tells this one."""
    thread.posts.update(state=State.HIDDEN)
    Thread.objects.filter(pk=thread.pk).update(state=State.HIDDEN)


@pytest.mark.parametrize("route", ROUTES)
def test_the_second_stranger_gets_the_same_page_without_a_query(
    stranger: Client,
    thread: Thread,
    route: str,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    first = stranger.get(address(route, thread))
    with django_assert_num_queries(0):
        second = stranger.get(address(route, thread))
    assert second.status_code == 200
    assert second.content == first.content
    assert "Kept ready" in second.content.decode()
    assert {name: value for name, value in second.items() if name != "X-Request-ID"} == dict(
        first.items()
    )


def test_it_carries_every_header_of_the_page_it_stands_for(
    stranger: Client, thread: Thread, settings: Settings
) -> None:
    ready = [stranger.get(thread.get_absolute_url()) for _ in range(2)][-1]
    settings.READY_PAGE_SECONDS = 0
    plain = Client().get(thread.get_absolute_url())
    own = {"ETag", "Cache-Control", "Vary", "Content-Length"}
    for name, value in plain.items():
        if name not in own | {"X-Request-ID"}:
            assert ready[name] == value
    assert "default-src 'none'" in ready["Content-Security-Policy"]
    assert ready["Content-Length"] == str(len(ready.content))


def test_what_was_hidden_is_gone_within_a_second(
    stranger: Client, thread: Thread, clock: Clock
) -> None:
    stranger.get(thread.get_absolute_url())
    hide(thread)
    clock.seconds += 0.5
    assert stranger.get(thread.get_absolute_url()).status_code == 200
    clock.seconds += 0.5
    assert stranger.get(thread.get_absolute_url()).status_code == 404
    assert "Kept ready" not in stranger.get("/threads/").content.decode()


def test_a_change_in_this_process_is_seen_at_once(stranger: Client, thread: Thread) -> None:
    path = thread.get_absolute_url()
    stranger.get(path)
    # Any POST will do; this one changes a theme and nothing else.
    make_post(thread, source="Just written.")
    Thread.objects.filter(pk=thread.pk).update(change_count=1)
    assert "Just written." not in stranger.get(path).content.decode()
    handler = stranger.handler  # the same process, somebody else
    other = Client()
    other.handler = handler
    other.post("/preferences/", {"theme": "dark"})
    assert "Just written." in stranger.get(path).content.decode()


def test_a_page_begun_before_a_change_is_not_kept() -> None:
    shelf = Shelf()
    page = _made_ready(HttpResponse("x"), 0.0)
    begun = shelf.generation
    shelf.clear()
    shelf.keep(("a",), page, begun)
    assert shelf.get(("a",)) is None


def test_one_reader_renews_a_page_while_others_still_get_it(
    stranger: Client,
    thread: Thread,
    clock: Clock,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    path = thread.get_absolute_url()
    stranger.get(path)
    clock.seconds += 0.9
    page = next(iter(stranger.handler._middleware_chain.shelf._pages.values()))  # type: ignore[attr-defined]
    assert not page.is_fresh(1.0)
    assert page.is_fresh(1.0)


@pytest.mark.parametrize("route", ROUTES)
def test_whoever_is_signed_in_never_gets_it_nor_leaves_theirs(
    stranger: Client, thread: Thread, route: str
) -> None:
    fan = make_fan(display_name="Unmistakable")
    path = address(route, thread)
    before = stranger.get(path)
    member = Client()
    member.handler = stranger.handler
    member.force_login(fan)
    theirs = member.get(path)
    assert "Unmistakable" in theirs.content.decode()
    assert "no-store" in theirs["Cache-Control"]
    after = stranger.get(path)
    assert after.content == before.content
    assert "Unmistakable" not in after.content.decode()


def test_a_member_who_comes_first_leaves_nothing_behind(stranger: Client, thread: Thread) -> None:
    member = Client()
    member.handler = stranger.handler
    member.force_login(make_fan(display_name="Unmistakable"))
    member.get(thread.get_absolute_url())
    assert "Unmistakable" not in stranger.get(thread.get_absolute_url()).content.decode()


def test_a_session_of_nobody_is_not_answered_from_the_shelf(
    stranger: Client, thread: Thread, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    stranger.get(thread.get_absolute_url())
    hide(thread)
    stranger.cookies[site_settings.SESSION_COOKIE_NAME] = "x" * 32
    assert stranger.get(thread.get_absolute_url()).status_code == 404


def test_a_restricted_board_is_never_kept_for_strangers(stranger: Client) -> None:
    thread = make_thread(board=BoardFactory.create(readable_by=Audience.CORE))
    for path in (thread.get_absolute_url(), thread.board.get_absolute_url()):
        assert [stranger.get(path).status_code for _ in range(2)] == [404, 404]


def test_language_and_theme_have_pages_of_their_own(stranger: Client, thread: Thread) -> None:
    path = thread.get_absolute_url()
    english = stranger.get(path).content.decode()
    chinese = stranger.get(path, headers={"accept-language": "zh-hans"}).content.decode()
    assert '<html lang="en"' in english
    assert '<html lang="zh-hans"' in chinese
    stranger.cookies["theme"] = "dark"
    assert 'data-theme="dark"' in stranger.get(path).content.decode()
    assert 'data-theme="dark"' not in english
    del stranger.cookies["theme"]
    assert stranger.get(path).content.decode() == english


def test_another_host_gets_no_page_of_ours(stranger: Client, thread: Thread) -> None:
    stranger.get(thread.get_absolute_url())
    assert (
        stranger.get(thread.get_absolute_url(), headers={"host": "evil.example"}).status_code == 400
    )


@pytest.mark.parametrize("query", ["utm_source=x", "page=1&x=1", "reply_to=1", "q"])
def test_an_address_with_other_keys_is_made_anew(
    stranger: Client, thread: Thread, query: str
) -> None:
    path = f"{thread.get_absolute_url()}?{query}"
    stranger.get(path)
    hide(thread)
    assert stranger.get(path).status_code == 404


@pytest.mark.parametrize("header", ["hx-request", "range"])
def test_a_request_for_part_of_a_page_is_made_anew(
    stranger: Client, thread: Thread, header: str
) -> None:
    stranger.get(thread.get_absolute_url())
    hide(thread)
    assert stranger.get(thread.get_absolute_url(), headers={header: "true"}).status_code == 404


def test_it_is_compressed_for_those_who_can(stranger: Client, thread: Thread) -> None:
    path = thread.get_absolute_url()
    plain = stranger.get(path)
    small = stranger.get(path, headers={"accept-encoding": "gzip, br"})
    assert small["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.content) == plain.content
    assert int(small["Content-Length"]) == len(small.content) < len(plain.content) / 2
    assert {"Cookie", "Accept-Language", "Accept-Encoding"} <= set(small["Vary"].split(", "))


def test_an_unchanged_page_is_not_sent_twice(stranger: Client, thread: Thread) -> None:
    path = thread.get_absolute_url()
    etag = stranger.get(path)["ETag"]
    again = stranger.get(path, headers={"if-none-match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)


# --- What may never be kept: each control alone ---------------------------------------


def answered_by(response: HttpResponse, *, view: str = "thread", reader: object = None) -> bool:
    """Whether a page is kept when the site answers so."""
    from django.contrib.auth.models import AnonymousUser

    def answer(request: HttpRequest) -> HttpResponse:
        request.user = reader or AnonymousUser()  # type: ignore[assignment]
        request.resolver_match = ResolverMatch(answer, (), {}, url_name=view)
        if response.content == b"token":
            get_token(request)
        return response

    middleware = ReadyPages(answer)
    middleware(RequestFactory().get("/threads/1/x/"))
    return bool(middleware.shelf._pages)


def with_cookie() -> HttpResponse:
    response = HttpResponse("fine")
    response.set_cookie("a", "b")
    return response


@pytest.mark.parametrize(
    "response",
    [
        with_cookie(),
        HttpResponse('<form method="post">'),
        HttpResponse("csrfmiddlewaretoken"),
        HttpResponse("token"),
        HttpResponse("fine", status=203),
        HttpResponse("fine", status=404),
        HttpResponse("fine", headers={"Content-Encoding": "br"}),
    ],
)
def test_what_belongs_to_one_person_is_never_kept(
    response: HttpResponse, settings: Settings
) -> None:
    settings.READY_PAGE_SECONDS = 1.0
    assert not answered_by(response)
    assert answered_by(HttpResponse("fine"))


def test_only_listed_pages_and_strangers_are_kept(settings: Settings) -> None:
    settings.READY_PAGE_SECONDS = 1.0
    assert not answered_by(HttpResponse("fine"), view="fan")
    assert not answered_by(HttpResponse("fine"), reader=make_fan())


def test_the_shelf_holds_no_more_than_it_may() -> None:
    shelf = Shelf()
    body = HttpResponse(b"x" * (MAX_BYTES // 4))
    for number in range(6):
        shelf.keep((str(number),), _made_ready(body, 0.0), 0)
    assert shelf.get(("0",)) is None
    assert shelf.get(("5",)) is not None
