"""Reading: lists, boards, a thread, the way to a post; who sees what, and at what cost."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from community.threads.actions.reading import mark_read
from community.threads.fragments import Pieces, Store
from community.threads.models import (
    Audience,
    Board,
    PastBoardSlug,
    Post,
    Reaction,
    ReadPosition,
    Rule,
    State,
    Thread,
)
from community.threads.pages import POSTS_PER_PAGE
from fans.accounts.models import Fan
from tests.factories import (
    NOW,
    BoardFactory,
    make_core_fan,
    make_fan,
    make_honorary_dev,
    make_moderator,
    make_post,
    make_staff,
    make_thread,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fans.clock.now", lambda: NOW + timedelta(days=2))


def as_reader(fan: Fan | None) -> Client:
    client = Client()
    if fan is not None:
        client.force_login(fan)
    return client


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return response.content.decode()


def put(thread: Thread, state: State) -> None:
    """Bring a thread, with its first post, into a state; by a rule where it needs one."""
    rule = Rule.SPAM if state in {State.REMOVED, State.REJECTED} else ""
    thread.posts.filter(floor=1).update(state=state, rule=rule)
    Thread.objects.filter(pk=thread.pk).update(state=state)


def threads_in_a_row(count: int, **fields: object) -> list[Thread]:
    """Threads an hour apart, the newest first."""
    return [
        make_thread(
            last_post_at=NOW - timedelta(hours=number), title=f"Row number {number:03}", **fields
        )
        for number in range(count)
    ]


# --- Lists ---------------------------------------------------------------------


def test_the_list_shows_the_newest_thread_first(client: Client) -> None:
    threads_in_a_row(3)
    text = page(client, "/threads/")
    assert (
        text.index("Row number 000") < text.index("Row number 001") < text.index("Row number 002")
    )


@pytest.mark.parametrize("show", ["", "unanswered", "top"])
def test_pages_of_a_list_are_complete_and_do_not_overlap(client: Client, show: str) -> None:
    board = BoardFactory.create()
    made = threads_in_a_row(65, board=board, author=make_fan(), kind="question")
    Thread.objects.update(last_post_at=NOW, created_at=NOW)  # all at once: the number decides
    seen, address = [], f"/threads/?show={show}"
    while address:
        response = client.get(address)
        seen += [row.pk for row in response.context["rows"]]
        address = response.context["older"]
    assert seen == sorted((thread.pk for thread in made), reverse=True)


def test_newer_leads_back_to_the_pages_one_came_from(client: Client) -> None:
    threads_in_a_row(95, board=BoardFactory.create(), author=make_fan())
    visited, address = [], "/threads/"
    while address:
        response = client.get(address)
        visited.append([row.pk for row in response.context["rows"]])
        address, newer = response.context["older"], response.context["newer"]
    back = []
    while newer:
        response = client.get(newer)
        back.append([row.pk for row in response.context["rows"]])
        newer = response.context["newer"]
    assert back == visited[-2::-1]


@pytest.mark.parametrize(
    "cursor", ["x", "%00", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OS4x", "MQ", "🍊", "LTEuLTE"]
)
def test_a_cursor_nobody_gave_out_shows_the_first_page(client: Client, cursor: str) -> None:
    thread = make_thread()
    for key in ("before", "after"):
        for address in ("/threads/", "/threads/?show=top", thread.board.get_absolute_url()):
            joint = "&" if "?" in address else "?"
            response = client.get(f"{address}{joint}{key}={cursor}")
            assert [row.pk for row in response.context["rows"]] == [thread.pk]


def test_unanswered_are_questions_nobody_else_replied_to_for_a_day(client: Client) -> None:
    open_question = make_thread(kind="question", title="Does anybody know")
    make_post(open_question, author=open_question.author)
    make_post(make_thread(kind="question", title="Somebody knew"))
    make_thread(kind="question", title="Asked just now", created_at=NOW + timedelta(days=2))
    make_thread(title="Not a question")
    rows = client.get("/threads/?show=unanswered").context["rows"]
    assert [row.title for row in rows] == ["Does anybody know"]


def test_most_answered_come_by_replies_of_others(client: Client) -> None:
    quiet, busy = make_thread(title="Quiet"), make_thread(title="Busy")
    make_post(busy)
    make_post(quiet, author=quiet.author)
    rows = client.get("/threads/?show=top").context["rows"]
    assert [row.title for row in rows] == ["Busy", "Quiet"]


def test_unread_is_what_moved_on_since_one_read_it() -> None:
    reader = make_fan(joined_at=NOW - timedelta(days=10))
    moved, still = make_thread(replies=1, title="Moved on"), make_thread(title="Stood still")
    for thread in (moved, still):
        mark_read(fan=reader, thread=thread, floor=1, at=NOW)
    make_thread(title="Never opened")
    make_thread(title="Before my time", last_post_at=NOW - timedelta(days=11))
    rows = as_reader(reader).get("/threads/?show=unread").context["rows"]
    assert [row.title for row in rows] == ["Never opened", "Moved on"]


def test_a_row_counts_what_others_wrote_since_and_leads_there() -> None:
    reader = make_fan()
    thread = make_thread(replies=30)
    mark_read(fan=reader, thread=thread, floor=28, at=NOW)
    make_post(thread, author=reader)
    make_post(thread, state=State.HIDDEN)
    text = page(as_reader(reader), "/threads/")
    assert "3 new" in text
    assert f"{thread.get_absolute_url()}?page=2#first-unread" in text


def test_guests_have_no_unread_list(client: Client) -> None:
    make_thread()
    response = client.get("/threads/?show=unread")
    assert response.context["show"] == "latest"
    assert "is-unread" not in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("signed_in", "queries"), [(False, 2), (True, 4)])
def test_queries_of_the_list(
    count: int, signed_in: bool, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    threads_in_a_row(count)
    client = as_reader(make_fan() if signed_in else None)
    client.get("/threads/")
    with django_assert_num_queries(queries):
        client.get("/threads/")


# --- Boards ----------------------------------------------------------------------


def test_a_board_shows_its_threads_with_the_pinned_first(client: Client) -> None:
    board = BoardFactory.create()
    make_thread(board=board, title="Newest")
    pinned = make_thread(
        board=board, title="Pinned", last_post_at=NOW - timedelta(days=9), pinned_at=NOW
    )
    make_thread(title="Elsewhere")
    rows = client.get(board.get_absolute_url()).context["rows"]
    assert [row.title for row in rows] == ["Pinned", "Newest"]
    assert rows[0].pk == pinned.pk


def test_pinned_threads_stand_on_the_first_page_only(client: Client) -> None:
    board = BoardFactory.create()
    threads_in_a_row(40, board=board, author=make_fan())
    Thread.objects.filter(title="Row number 035").update(pinned_at=NOW)
    first = client.get(board.get_absolute_url())
    second = client.get(first.context["older"])
    assert first.context["rows"][0].title == "Row number 035"
    assert len(first.context["rows"]) + len(second.context["rows"]) == 40


def test_a_board_leads_on_from_its_old_address(client: Client) -> None:
    board = BoardFactory.create(slug="camera")
    PastBoardSlug.objects.create(slug="photos", board=board)
    response = client.get("/boards/photos/")
    assert (response.status_code, response["Location"]) == (301, "/boards/camera/")


def test_a_restricted_board_looks_like_a_missing_one(client: Client) -> None:
    board = BoardFactory.create(name="Unmistakable", slug="aaaaa", readable_by=Audience.CORE)
    PastBoardSlug.objects.create(slug="bbbbb", board=board)
    missing = client.get("/boards/ccccc/")
    for slug in ("aaaaa", "bbbbb"):
        response = client.get(f"/boards/{slug}/")
        assert response.status_code == missing.status_code == 404
        assert _without_id(response, slug) == _without_id(missing, "ccccc")


def _without_id(response: HttpResponse, slug: str) -> str:
    """A page, but for the address that was asked for and the number of the request."""
    return response.content.decode().replace(slug, "").replace(response["X-Request-ID"], "")


def test_an_empty_board_offers_three_ways_to_begin(client: Client) -> None:
    board = BoardFactory.create()
    assert (
        page(client, board.get_absolute_url()).count(f"/threads/new/?board={board.slug}&amp;kind=")
        == 3
    )


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("signed_in", "queries"), [(False, 4), (True, 6)])
def test_queries_of_a_board(
    count: int, signed_in: bool, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    board = BoardFactory.create()
    threads_in_a_row(count, board=board)
    client = as_reader(make_fan() if signed_in else None)
    client.get(board.get_absolute_url())
    with django_assert_num_queries(queries):
        client.get(board.get_absolute_url())


# --- One thread -------------------------------------------------------------------


def test_a_thread_shows_its_posts_by_floor_with_permanent_links(client: Client) -> None:
    thread = make_thread(replies=2)
    text = page(client, thread.get_absolute_url())
    for post in thread.posts.all():
        assert f'id="p{post.floor}"' in text
        assert f'href="/posts/{post.pk}/"' in text


def test_another_slug_leads_on_for_good_and_keeps_the_page(client: Client) -> None:
    thread = make_thread(replies=30)
    for wrong in (f"/threads/{thread.pk}/", f"/threads/{thread.pk}/an-older-title/"):
        response = client.get(f"{wrong}?page=2")
        assert (response.status_code, response["Location"]) == (
            301,
            f"{thread.get_absolute_url()}?page=2",
        )


def test_pages_are_windows_of_floors_whole_and_without_overlap(client: Client) -> None:
    thread = make_thread(replies=59)
    floors: list[int] = []
    address = thread.get_absolute_url()
    while address:
        response = client.get(address)
        text = response.content.decode()
        floors += [floor for floor in range(1, 61) if f'id="p{floor}"' in text]
        number = response.context["part"].page
        address = f"{thread.get_absolute_url()}?page={number + 1}"
        address = address if f'rel="next" href="{address}"' in text else ""
    assert floors == list(range(1, 61))


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=9", "page=-1", "page=x", "page=٣", "page=" + "9" * 40, "only=author&after=x"],
)
def test_a_page_that_is_not_there_is_missing(client: Client, query: str) -> None:
    assert client.get(f"{make_thread().get_absolute_url()}?{query}").status_code == 404


def test_a_post_leads_to_its_page_and_anchor(client: Client) -> None:
    thread = make_thread(replies=POSTS_PER_PAGE + 3)
    first, late = thread.posts.get(floor=1), thread.posts.get(floor=27)
    assert client.get(f"/posts/{first.pk}/")["Location"] == f"{thread.get_absolute_url()}#p1"
    assert client.get(f"/posts/{late.pk}/")["Location"] == f"{thread.get_absolute_url()}?page=2#p27"


def test_a_reply_names_what_it_replies_to(client: Client) -> None:
    thread = make_thread()
    target = make_post(thread, author=make_fan(display_name="Linqin"))
    make_post(thread, reply_to=target, reply_to_floor=2)
    make_post(thread, reply_to_floor=9)
    text = page(client, thread.get_absolute_url())
    assert f'<a href="{thread.get_absolute_url()}#p2">in reply to #2 Linqin</a>' in text
    assert "in reply to #9, not in the archive" in text


def test_a_reply_to_a_hidden_post_does_not_name_its_author(client: Client) -> None:
    thread = make_thread()
    target = make_post(thread, author=make_fan(display_name="Linqin"), state=State.HIDDEN)
    make_post(thread, reply_to=target, reply_to_floor=2)
    text = page(client, thread.get_absolute_url())
    assert "in reply to #2" in text
    assert "Linqin" not in text


def test_the_accepted_answer_stands_under_the_question(client: Client) -> None:
    thread = make_thread(kind="question", replies=1)
    answer = make_post(thread, html="<p>Hold both buttons.</p>")
    Thread.objects.filter(pk=thread.pk).update(accepted_answer=answer, accepted_at=NOW)
    text = page(client, thread.get_absolute_url())
    assert text.count("Hold both buttons.") == 2
    assert f'href="{thread.get_absolute_url()}#p3"' in text


def test_an_accepted_answer_that_was_hidden_is_not_shown(client: Client) -> None:
    thread = make_thread(kind="question")
    answer = make_post(thread, html="<p>Hold both buttons.</p>", state=State.HIDDEN)
    Thread.objects.filter(pk=thread.pk).update(accepted_answer=answer, accepted_at=NOW)
    assert "Hold both buttons." not in page(client, thread.get_absolute_url())


def test_likes_that_came_with_an_import_are_counted_in(client: Client) -> None:
    thread = make_thread()
    make_post(thread, like_count=2, imported_like_count=5)
    assert "7 likes" in page(client, thread.get_absolute_url())


def test_an_official_reply_carries_its_mark(client: Client) -> None:
    thread = make_thread()
    make_post(thread, author=make_staff(), is_official=True)
    assert "Official" in page(client, thread.get_absolute_url())


def test_one_voice_alone_can_be_read(client: Client) -> None:
    thread = make_thread(replies=1)
    make_post(thread, source="Somebody else.")
    make_post(thread, author=make_staff(), is_official=True, source="From the makers.")
    author = page(client, f"{thread.get_absolute_url()}?only=author")
    official = page(client, f"{thread.get_absolute_url()}?only=official")
    assert "Opening words" in author
    assert "Somebody else." not in author + official
    assert "From the makers." in official


def test_a_long_voice_goes_on_after_its_last_floor(client: Client) -> None:
    thread = make_thread(replies=40)
    response = client.get(f"{thread.get_absolute_url()}?only=author")
    assert 'rel="next" href="?only=author&amp;after=25"' in response.content.decode()
    following = page(client, f"{thread.get_absolute_url()}?only=author&after=25")
    assert 'id="p26"' in following
    assert 'rel="next"' not in following


def test_guests_get_links_and_never_a_form(client: Client) -> None:
    text = page(client, make_thread(replies=2).get_absolute_url())
    assert "Sign in to reply" in text
    assert "<form" not in text
    assert "csrf" not in text
    assert "<button" not in text[: text.index("</main>")]


def test_machines_find_a_card_and_structured_data(client: Client) -> None:
    thread = make_thread(title="Closing </script><b>tag & more", words="x")
    text = page(client, thread.get_absolute_url())
    assert f'<link rel="canonical" href="http://localhost:8000{thread.get_absolute_url()}">' in text
    assert '"headline": "Closing \\u003c/script\\u003e\\u003cb\\u003etag \\u0026 more"' in text


def test_the_fragment_is_one_for_all_and_yet_shows_each_their_own() -> None:
    thread = make_thread()
    post = make_post(thread)
    liker, other = make_fan(), make_fan()
    Reaction.objects.create(post=post, fan=liker, kind="like", reacted_at=NOW)
    Post.objects.filter(pk=post.pk).update(like_count=1)
    seen = {
        name: page(as_reader(fan), thread.get_absolute_url())
        for name, fan in (("liker", liker), ("other", other), ("author", post.author))
    }
    pressed = 'name="kind" value="like" aria-pressed="true"'
    assert pressed in seen["liker"]
    assert pressed not in seen["other"] + seen["author"]
    assert f"/posts/{post.pk}/edit/" in seen["author"]
    assert f"/posts/{post.pk}/edit/" not in seen["liker"] + seen["other"]


def test_a_change_shows_at_once(client: Client) -> None:
    thread = make_thread(replies=1)
    page(client, thread.get_absolute_url())
    post = make_post(thread, source="Just written.")
    Thread.objects.filter(pk=thread.pk).update(change_count=1)
    assert "Just written." in page(client, thread.get_absolute_url())
    Post.objects.filter(pk=post.pk).update(state=State.HIDDEN)
    Thread.objects.filter(pk=thread.pk).update(change_count=2)
    assert "Just written." not in page(client, thread.get_absolute_url())


def test_words_that_look_like_a_cut_stay_words(client: Client) -> None:
    thread = make_thread()
    make_post(thread, html="<p>\ue001new_1\ue001 like_1</p>")
    assert "like_1</p>" in page(client, thread.get_absolute_url())


# --- How far one has read ------------------------------------------------------------


def test_opening_a_thread_moves_the_readers_own_position_once(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    reader, thread = make_fan(), make_thread(replies=29)
    client = as_reader(reader)
    page(client, thread.get_absolute_url())
    assert ReadPosition.objects.get().floor == 25
    page(client, f"{thread.get_absolute_url()}?page=2")
    assert ReadPosition.objects.get().floor == 30
    page(client, thread.get_absolute_url())
    assert ReadPosition.objects.get().floor == 30
    assert not ReadPosition.objects.exclude(fan=reader).exists()


def test_what_is_new_stands_under_a_line() -> None:
    reader, thread = make_fan(), make_thread(replies=27)
    mark_read(fan=reader, thread=thread, floor=26, at=NOW)
    client = as_reader(reader)
    first = page(client, thread.get_absolute_url())
    assert f"{thread.get_absolute_url()}?page=2#first-unread" in first
    assert 'id="first-unread"' not in first
    second = page(client, f"{thread.get_absolute_url()}?page=2")
    assert second.index('id="p26"') < second.index('id="first-unread"') < second.index('id="p27"')
    again = page(client, f"{thread.get_absolute_url()}?page=2")
    assert "first-unread" not in again


def test_what_one_wrote_is_not_new_to_oneself() -> None:
    thread, reader = make_thread(replies=2), make_fan()
    client = as_reader(reader)
    client.get(thread.get_absolute_url())
    client.post(f"/threads/{thread.pk}/replies/", {"source": "Words of my own, at the end."})
    shown = page(client, thread.get_absolute_url())
    assert ("Words of my own, at the end." in shown, "first-unread" in shown) == (True, False)


def test_who_writes_without_having_read_on_keeps_their_place() -> None:
    thread, reader = make_thread(replies=2), make_fan()
    mark_read(fan=reader, thread=thread, floor=1, at=NOW)
    client = as_reader(reader)
    client.post(f"/threads/{thread.pk}/replies/", {"source": "Words of my own, at the end."})
    assert ReadPosition.objects.get().floor == 1


def test_a_browser_that_reads_ahead_moves_nothing() -> None:
    thread = make_thread()
    client = as_reader(make_fan())
    client.get(thread.get_absolute_url(), headers={"sec-purpose": "prefetch"})
    client.head(thread.get_absolute_url())
    assert not ReadPosition.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("signed_in", "cold", "warm"), [(False, 3, 1), (True, 5, 3)])
def test_queries_of_a_thread(
    count: int,
    signed_in: bool,
    cold: int,
    warm: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    reader = make_fan() if signed_in else None
    client = as_reader(reader)
    page(client, make_thread(replies=1).get_absolute_url())
    thread = make_thread(replies=count - 1)
    if reader:
        mark_read(fan=reader, thread=thread, floor=count, at=NOW)
    with django_assert_num_queries(cold):
        page(client, thread.get_absolute_url())
    with django_assert_num_queries(warm):
        page(client, thread.get_absolute_url())


# --- Who sees what (R1, R2) -------------------------------------------------------------

READERS: dict[str, Callable[[], Fan | None]] = {
    "guest": lambda: None,
    "casual": make_fan,
    "core": make_core_fan,
    "honorary": make_honorary_dev,
    "moderator": make_moderator,
    "moderator elsewhere": lambda: make_moderator(scope=f"board:{BoardFactory.create().pk}"),
    "staff": make_staff,
}
KEEPERS = {"moderator", "staff"}


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize(
    ("audience", "readers"),
    [
        (Audience.EVERYONE, set(READERS)),
        (Audience.CORE, {"core", "honorary", "moderator", "moderator elsewhere", "staff"}),
        (Audience.HONORARY_DEV, {"honorary", "staff"}),
    ],
)
def test_a_board_is_read_from_its_tier_up(who: str, audience: Audience, readers: set[str]) -> None:
    thread = make_thread(
        replies=1, board=BoardFactory.create(readable_by=audience), title="Unmistakable"
    )
    post = thread.posts.get(floor=2)
    client = as_reader(READERS[who]())
    for address in ("/threads/", "/threads/?show=top", "/threads/?show=unread"):
        assert ("Unmistakable" in page(client, address)) == (who in readers)
    expected = 200 if who in readers else 404
    assert client.get(thread.board.get_absolute_url()).status_code == expected
    assert client.get(thread.get_absolute_url()).status_code == expected
    assert client.get(f"/posts/{post.pk}/").status_code == (302 if who in readers else 404)


@pytest.mark.parametrize("who", [*READERS, "author"])
@pytest.mark.parametrize("state", [State.WAITING, State.REJECTED, State.HIDDEN])
def test_a_thread_out_of_sight_is_for_its_author_and_who_keeps_order(
    who: str, state: State
) -> None:
    thread = make_thread(title="Unmistakable")
    put(thread, state)
    reader = thread.author if who == "author" else READERS[who]()
    client = as_reader(reader)
    seen = who in KEEPERS | {"author"}
    response = client.get(thread.get_absolute_url())
    assert response.status_code == (200 if seen else 404)
    assert ("Opening words" in response.content.decode()) == seen
    assert client.get(f"/posts/{thread.posts.get().pk}/").status_code == (302 if seen else 404)
    is_listed = who == "author" and state in {State.WAITING, State.REJECTED}
    for address in ("/threads/", thread.board.get_absolute_url()):
        assert ("Unmistakable" in page(client, address)) == is_listed


@pytest.mark.parametrize("who", [*READERS, "author"])
@pytest.mark.parametrize("state", [State.WAITING, State.REJECTED, State.HIDDEN])
def test_a_reply_out_of_sight_is_for_its_author_and_who_keeps_order(who: str, state: State) -> None:
    thread = make_thread()
    held = make_post(thread, source="Unmistakable.", state=state, rule=Rule.SPAM)
    make_post(thread, source="After it.")
    for name in ("casual", who):  # another reader was here before: the fragment is warm
        reader = held.author if name == "author" else READERS[name]()
        text = page(as_reader(reader), thread.get_absolute_url())
        assert "After it." in text
        assert ("Unmistakable." in text) == (name in KEEPERS | {"author"})
    assert as_reader(reader).get(f"/posts/{held.pk}/").status_code == (
        302 if who in KEEPERS | {"author"} else 404
    )


@pytest.mark.parametrize(
    "state", [State.WAITING, State.REJECTED, State.HIDDEN, State.REMOVED, State.DELETED]
)
def test_a_reply_out_of_sight_counts_for_nobody(state: State, client: Client) -> None:
    thread = make_thread(replies=1)
    make_post(thread, state=state, rule=Rule.SPAM)
    assert "1 reply" in page(client, thread.get_absolute_url())
    reader = make_fan()
    mark_read(fan=reader, thread=thread, floor=1, at=NOW)
    assert "1 new" in page(as_reader(reader), "/threads/")


@pytest.mark.parametrize("who", ["guest", "casual", "staff", "author"])
@pytest.mark.parametrize(
    ("state", "words"),
    [(State.REMOVED, "by the rule “Spam”"), (State.DELETED, "Deleted by its author")],
)
def test_a_reply_that_was_taken_away_leaves_a_stone(who: str, state: State, words: str) -> None:
    thread = make_thread()
    gone = make_post(thread, source="Unmistakable.", state=state, rule=Rule.SPAM)
    reader = gone.author if who == "author" else READERS[who]()
    text = page(as_reader(reader), thread.get_absolute_url())
    assert words in text
    assert "Unmistakable." not in text
    assert (f"/posts/{gone.pk}/restoration/" in text) == (
        who == "author" and state == State.DELETED
    )
    assert as_reader(reader).get(f"/posts/{gone.pk}/").status_code == 302


@pytest.mark.parametrize(
    ("state", "words"),
    [(State.REMOVED, "by the rule “Spam”"), (State.DELETED, "Its author deleted it")],
)
def test_a_thread_that_was_taken_away_says_so(client: Client, state: State, words: str) -> None:
    thread = make_thread(title="Unmistakable")
    put(thread, state)
    response = client.get(thread.get_absolute_url())
    assert response.status_code == 410
    assert words in response.content.decode()
    assert "Unmistakable" not in response.content.decode()


def test_a_removed_thread_of_a_restricted_board_is_missing(client: Client) -> None:
    board = BoardFactory.create(readable_by=Audience.CORE)
    thread = make_thread(board=board)
    put(thread, State.REMOVED)
    assert client.get(thread.get_absolute_url()).status_code == 404


def test_the_author_of_a_removed_thread_sees_the_stone() -> None:
    thread = make_thread(title="Unmistakable")
    put(thread, State.REMOVED)
    text = page(as_reader(thread.author), thread.get_absolute_url())
    assert "by the rule “Spam”" in text
    assert "Opening words" not in text


def test_a_fan_who_was_erased_leaves_their_words_without_a_name(client: Client) -> None:
    thread = make_thread(author=make_fan(display_name="Linqin", erased_at=NOW))
    text = page(client, thread.get_absolute_url())
    assert "deleted fan" in text
    assert "Linqin" not in text


def test_boards_closed_to_a_reader_are_not_offered(client: Client) -> None:
    Board.objects.all().delete()
    BoardFactory.create(name="Open to all")
    BoardFactory.create(name="Inner circle", readable_by=Audience.CORE)
    text = page(client, "/threads/")
    assert "Open to all" in text
    assert "Inner circle" not in text


def test_the_author_of_a_deleted_thread_may_put_it_back() -> None:
    thread = make_thread()
    put(thread, State.DELETED)
    button = f"/posts/{thread.posts.get().pk}/restoration/"
    for reader, offered in ((thread.author, True), (make_fan(), False), (None, False)):
        response = as_reader(reader).get(thread.get_absolute_url())
        assert response.status_code == 410
        assert (button in response.content.decode()) == offered


def test_a_store_holds_no_more_than_it_may() -> None:
    store: Store[Pieces] = Store(max_bytes=10_000, seconds=60)
    for number in range(9):
        store.get_or_make(number, lambda: Pieces(["x" * 500], {}))
    made_again = []
    for number in (8, 0):
        store.get_or_make(number, lambda: made_again.append(number) or Pieces([""], {}))  # type: ignore[func-returns-value]  # noqa: B023
    assert made_again == [0]
