"""The forms in which people write: shown, sent, refused in place with the text kept."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from io import BytesIO
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from community.threads import actions
from community.threads.models import Board, Post, Reaction, State, Thread
from fans import clock
from fans.accounts.models import Fan
from tests.factories import BoardFactory, make_fan, make_post, make_staff, make_thread

pytestmark = pytest.mark.django_db

WORDS = "Words enough to be read by somebody."


def signed_in(fan: Fan) -> Client:
    client = Client()
    client.force_login(fan)
    return client


@pytest.fixture
def author() -> Fan:
    """A fan whose first posts are behind them."""
    fan = make_fan()
    old = make_thread(author=fan, replies=2)
    Post.objects.filter(thread=old).update(created_at=clock.now() - timedelta(days=30))
    return fan


@pytest.fixture
def client(author: Fan) -> Client:
    return signed_in(author)


def thread_form(board: Board, **fields: object) -> dict[str, object]:
    return {
        "board": board.pk,
        "kind": "discussion",
        "title": "A title to start with",
        "source": WORDS,
        "submission_key": "form-key-1",
        **fields,
    }


# --- Starting a thread -----------------------------------------------------------------


def test_the_form_for_a_new_thread_offers_only_boards_one_may_write_on(client: Client) -> None:
    open_board = BoardFactory.create(name="Open board")
    BoardFactory.create(name="Core board", readable_by="core")
    BoardFactory.create(name="Archived board", archived_at=clock.now())
    BoardFactory.create(name="News board", announcements_only=True)
    page = client.get(reverse("thread_new"), {"board": open_board.slug})
    offered = page.context["form"].fields["board"].queryset
    assert open_board in offered
    assert not offered.exclude(readable_by="everyone", archived_at=None).exists()
    assert not offered.filter(announcements_only=True).exists()
    assert f'<option value="{open_board.pk}" selected>' in page.text


def test_a_question_begins_with_an_outline(client: Client) -> None:
    page = client.get(reverse("thread_new"), {"kind": "question"})
    assert "What I want to do" in page.text


def test_publishing_leads_to_the_thread(client: Client) -> None:
    response = client.post(reverse("thread_new"), thread_form(BoardFactory.create()))
    thread = Thread.objects.get(title="A title to start with")
    assert (response.status_code, response["Location"]) == (302, thread.get_absolute_url())


def test_sending_the_form_twice_makes_one_thread(client: Client) -> None:
    data = thread_form(BoardFactory.create())
    first = client.post(reverse("thread_new"), data)
    second = client.post(reverse("thread_new"), data)
    assert first["Location"] == second["Location"]
    assert Thread.objects.filter(title="A title to start with").count() == 1


def test_fans_cannot_announce(client: Client) -> None:
    data = thread_form(BoardFactory.create(), kind="announcement")
    response = client.post(reverse("thread_new"), data)
    assert response.status_code == 422
    assert not Thread.objects.filter(kind="announcement").exists()


def test_staff_announce() -> None:
    data = thread_form(BoardFactory.create(announcements_only=True), kind="announcement")
    signed_in(make_staff()).post(reverse("thread_new"), data)
    assert Thread.objects.get(kind="announcement").state == State.PUBLISHED


def test_a_first_post_says_that_it_waits() -> None:
    client = signed_in(make_fan())
    page = client.post(reverse("thread_new"), thread_form(BoardFactory.create()), follow=True)
    assert "Only you see this for now" in page.text


# --- Hostile and clumsy input: an error in place, the text kept, no 500 ------------------


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", "Write something first."),
        ("   \n\t ", "Write something first."),
        ("\u200b\u200d\ufeff\u2060", "Write something first."),
        ("\x00\x00", "Write something first."),
        ("hm", "That is very short"),
        ("谢谢你", "That is very short"),
        ("a" * 20_001, "This is 1 character too long"),
    ],
)
def test_a_reply_that_cannot_be_taken_says_why(client: Client, source: str, words: str) -> None:
    thread = make_thread()
    response = client.post(reverse("thread_replies", args=[thread.pk]), {"source": source})
    assert response.status_code == 422
    assert words in response.text
    assert thread.posts.count() == 1


@pytest.mark.parametrize(
    "source",
    [
        "a" * 20_000,
        ">" * 5_000 + " deep",
        "- " * 3_000 + "deep",
        "<script>alert(1)</script> and more words",
        "[click](javascript:alert(1)) and more words",
        "NUL \x00 in the middle of words",
        "half a character \ud83d in the middle",
        "四个汉字",
    ],
)
def test_odd_words_are_taken_as_words(client: Client, source: str) -> None:
    thread = make_thread()
    body = urlencode({"source": source.encode("utf-8", "surrogatepass")})
    address = reverse("thread_replies", args=[thread.pk])
    response = client.post(address, body, content_type="application/x-www-form-urlencoded")
    post = thread.posts.get(floor=2)
    assert response.status_code == 302
    assert "<script" not in post.html
    assert "javascript:" not in post.html or "href" not in post.html
    assert "\x00" not in post.source


@pytest.mark.parametrize("title", ["", "   ", "\u200b\u200b", "hey", "x" * 121, "长" * 49])
def test_a_title_that_cannot_be_taken_keeps_the_text(client: Client, title: str) -> None:
    data = thread_form(BoardFactory.create(), title=title, source="The words that must stay")
    response = client.post(reverse("thread_new"), data)
    assert response.status_code == 422
    assert "The words that must stay" in response.text
    assert response.context["form"].errors.keys() == {"title"}


@pytest.mark.parametrize("board", ["", "0", "x", "99999999999999999999"])
def test_an_odd_board_is_an_error_beside_the_board(client: Client, board: str) -> None:
    response = client.post(
        reverse("thread_new"), {**thread_form(BoardFactory.create()), "board": board}
    )
    assert (response.status_code, response.context["form"].errors.keys()) == (422, {"board"})


@pytest.mark.parametrize("reply_to", ["0", "x", "-1", "9" * 30, "１"])
def test_a_reply_to_nothing_is_a_plain_reply(client: Client, reply_to: str) -> None:
    thread = make_thread()
    client.post(
        reverse("thread_replies", args=[thread.pk]), {"source": WORDS, "reply_to": reply_to}
    )
    assert thread.posts.get(floor=2).reply_to is None


def test_words_survive_an_expired_session(author: Fan) -> None:
    thread = make_thread()
    stranger = Client()
    address = reverse("thread_replies", args=[thread.pk])
    response = stranger.post(address, {"source": "Words of a long evening"})
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))
    stranger.force_login(author)
    assert "Words of a long evening" in stranger.get(address).text


def test_words_survive_being_muted(client: Client, author: Fan) -> None:
    thread = make_thread()
    address = reverse("thread_replies", args=[thread.pk])
    author.muted_until = clock.now() + timedelta(days=1)
    author.save()
    client.post(address, {"source": "Words of a long evening"})
    assert thread.posts.count() == 1
    author.muted_until = None
    author.save()
    assert "Words of a long evening" in client.get(address).text


def test_the_session_of_a_guest_keeps_one_long_post_and_no_more() -> None:
    address = reverse("thread_replies", args=[make_thread().pk])
    for length, kept in ((20_000, True), (21_001, False)):
        client = Client()
        client.post(address, {"source": "a" * length})
        assert ("kept_words" in client.session) is kept


def test_kept_words_are_forgotten_when_sent(author: Fan) -> None:
    thread = make_thread()
    client = Client()
    address = reverse("thread_replies", args=[thread.pk])
    client.post(address, {"source": "Words of a long evening"})
    client.force_login(author)
    client.post(address, {"source": "Words of a long evening"})
    assert "Words of a long evening" not in client.get(address).text


def test_the_same_words_again_lead_to_what_stands_already(client: Client) -> None:
    thread = make_thread()
    address = reverse("thread_replies", args=[thread.pk])
    client.post(address, {"source": WORDS, "submission_key": "form-key-1"})
    response = client.post(address, {"source": WORDS, "submission_key": "form-key-2"})
    post = thread.posts.get(floor=2)
    assert response.status_code == 422
    assert f'<a href="{post.get_absolute_url()}">' in response.text


def test_a_locked_thread_refuses_and_keeps_the_text(client: Client) -> None:
    thread = make_thread(locked_at=clock.now())
    response = client.post(
        reverse("thread_replies", args=[thread.pk]), {"source": "Words for a closed door"}
    )
    assert response.status_code == 422
    assert "Words for a closed door" in response.text
    assert "closed" in response.text


# --- Replies -----------------------------------------------------------------------------


def test_a_reply_leads_to_its_floor(client: Client) -> None:
    thread = make_thread()
    response = client.post(reverse("thread_replies", args=[thread.pk]), {"source": WORDS})
    assert response["Location"] == f"{thread.get_absolute_url()}#p2"


def test_answering_a_post_names_it_and_quoting_brings_its_words(client: Client) -> None:
    thread = make_thread()
    post = make_post(thread, source="First line\n> quoted before\nSecond line")
    address = reverse("thread_replies", args=[thread.pk])
    answering = client.get(address, {"reply_to": post.pk}).context["form"]
    quoting = client.get(address, {"quote": post.pk}).context["form"]
    assert (answering["reply_to"].value(), answering["source"].value()) == (post.pk, "")
    assert quoting["source"].value() == (
        f"> @{post.author.handle}:\n>\n> First line\n> Second line\n\n"
    )


def test_a_hidden_post_cannot_be_quoted(client: Client) -> None:
    thread = make_thread()
    post = make_post(thread, source="Words nobody may see", state=State.HIDDEN)
    page = client.get(reverse("thread_replies", args=[thread.pk]), {"quote": post.pk})
    assert "Words nobody may see" not in page.text


def test_without_a_script_preview_comes_with_the_form(client: Client) -> None:
    thread = make_thread()
    response = client.post(
        reverse("thread_replies", args=[thread.pk]), {"source": "**bold words**", "preview": "1"}
    )
    assert "<strong>bold words</strong>" in response.text
    assert "**bold words**" in response.text
    assert thread.posts.count() == 1


def test_preview_shows_what_posting_would(client: Client) -> None:
    source = "**bold** <script>alert(1)</script>\n\n> quote"
    thread = make_thread()
    client.post(reverse("thread_replies", args=[thread.pk]), {"source": source})
    response = client.post(reverse("preview"), {"source": source})
    assert thread.posts.get(floor=2).html.strip() in response.text


# --- Edits -------------------------------------------------------------------------------


def edit_address(post: Post) -> str:
    return reverse("post_edit", args=[post.pk])


def test_only_the_author_edits(client: Client) -> None:
    post = make_thread().posts.get()
    assert client.get(edit_address(post)).status_code == 404
    assert client.post(edit_address(post), {"source": "Other words entirely"}).status_code == 404


def test_an_edit_is_stored_and_shown(client: Client, author: Fan) -> None:
    thread = make_thread(author=author)
    post = thread.posts.get()
    page = client.get(edit_address(post))
    assert page.context["form"]["source"].value() == post.source
    response = client.post(
        edit_address(post),
        {"title": "Another title here", "source": "Other words entirely", "seen": ""},
    )
    thread.refresh_from_db()
    assert response["Location"] == f"{thread.get_absolute_url()}#p1"
    assert thread.slug == "another-title-here"


def test_imported_html_is_edited_as_words(client: Client, author: Fan) -> None:
    html = (
        '<p>Cats &amp; <b>oranges</b><br>See <a href="https://example.com/a">the guide</a></p>'
        "<ul><li>one</li><li>two</li></ul>"
    )
    thread = make_thread(author=author)
    Post.objects.filter(thread=thread).update(source=html, html=html, source_is_html=True)
    post = thread.posts.get()
    source = client.get(edit_address(post)).context["form"]["source"].value()
    assert source == ("Cats & oranges\nSee [the guide](https://example.com/a)\n\n- one\n- two")
    client.post(edit_address(post), {"title": thread.title, "source": source})
    post.refresh_from_db()
    assert not post.source_is_html
    assert "&lt;" not in post.html
    assert '<a href="https://example.com/a"' in post.html


def test_a_post_longer_than_one_may_write_stays_editable(client: Client, author: Fan) -> None:
    thread = make_thread(author=author, words="word " * 4_200 + "end")
    post = thread.posts.get()
    assert f'data-count="{len(post.source)}"' in client.get(edit_address(post)).text
    kept = {"title": thread.title, "source": post.source.replace("end", "fin")}
    assert client.post(edit_address(post), kept).status_code == 302
    longer = {"title": thread.title, "source": post.source + " and more"}
    assert client.post(edit_address(post), longer).status_code == 422


def test_an_edit_based_on_old_words_keeps_both(client: Client, author: Fan) -> None:
    post = make_thread(author=author).posts.get()
    seen = client.get(edit_address(post)).context["form"]["seen"].value()
    data = {"title": "A thread to test with", "seen": seen}
    client.post(edit_address(post), {**data, "source": "Words from the other tab"})
    response = client.post(edit_address(post), {**data, "source": "Words from this tab here"})
    assert response.status_code == 409
    assert "Words from the other tab" in response.text
    assert "Words from this tab here" in response.text
    again = {**data, "seen": response.context["form"]["seen"].value()}
    client.post(edit_address(post), {**again, "source": "Words from both of the tabs"})
    post.refresh_from_db()
    assert post.source == "Words from both of the tabs"


def test_the_history_shows_what_changed_word_by_word(client: Client, author: Fan) -> None:
    post = make_thread(author=author, words="The alarm is silent since Friday.").posts.get()
    actions.edit_post(
        post=post,
        editor=author,
        source="The alarm is loud since Friday.",
        reason="it was loud",
        at=clock.now() + timedelta(hours=1),
    )
    page = Client().get(reverse("post_history", args=[post.pk]))
    assert [(piece.kind, piece.text) for piece in page.context["words"]] == [
        ("same", "The alarm is "),
        ("gone", "silent"),
        ("added", "loud"),
        ("same", " since Friday."),
    ]
    assert "it was loud" in page.text


def test_a_post_without_edits_says_so() -> None:
    post = make_thread().posts.get()
    assert "Never edited" in Client().get(reverse("post_history", args=[post.pk])).text


def test_a_hidden_wording_leaves_no_gap(author: Fan) -> None:
    post = make_thread(author=author, words="My number is 555 0100").posts.get()
    for hours, words in ((1, "My number is a secret now"), (2, "My number is nobody's concern")):
        actions.edit_post(
            post=post, editor=author, source=words, at=clock.now() + timedelta(hours=hours)
        )
    staff = signed_in(make_staff())
    staff.post(reverse("revision_hiding", args=[post.pk, 1]))
    page = Client().get(reverse("post_history", args=[post.pk]))
    assert "555 0100" not in page.text
    assert [version.place for version in page.context["versions"]] == [2, 1]


def test_the_history_of_a_hidden_post_is_missing(author: Fan) -> None:
    post = make_thread(author=author).posts.get()
    actions.hide(post=post, by=None, at=clock.now())
    assert Client().get(reverse("post_history", args=[post.pk])).status_code == 404


# --- Buttons -------------------------------------------------------------------------------


def test_deleting_offers_to_undo(client: Client, author: Fan) -> None:
    post = make_post(make_thread(), author=author)
    page = client.post(reverse("post_deletion", args=[post.pk]), follow=True)
    undo = reverse("post_restoration", args=[post.pk])
    assert undo in page.text
    client.post(undo)
    post.refresh_from_db()
    assert post.state == State.PUBLISHED


def test_nobody_deletes_the_words_of_others(client: Client) -> None:
    post = make_thread().posts.get()
    assert client.post(reverse("post_deletion", args=[post.pk])).status_code == 404


def test_a_button_says_which_state_it_wants(client: Client) -> None:
    post = make_thread().posts.get()
    there = reverse("post_reaction", args=[post.pk])
    back = reverse("post_reaction_withdrawal", args=[post.pk])
    for _ in range(2):
        client.post(there, {"kind": "like"})
    assert Reaction.objects.get().kind == "like"
    for _ in range(2):
        client.post(back, {"kind": "like"})
    assert Reaction.objects.count() == 0
    assert client.post(there, {"kind": "hate"}).status_code == 404


def test_the_buttons_on_the_page_react_and_take_back(client: Client) -> None:
    thread = make_thread()
    post = thread.posts.get()
    there = reverse("post_reaction", args=[post.pk])
    back = reverse("post_reaction_withdrawal", args=[post.pk])
    page = client.get(thread.get_absolute_url()).text
    assert (f'formaction="{there}"' in page, f'formaction="{back}"' in page) == (True, False)
    client.post(there, {"kind": "like"})
    assert f'formaction="{back}"' in client.get(thread.get_absolute_url()).text


def test_the_asker_accepts_and_takes_back(client: Client, author: Fan) -> None:
    thread = make_thread(author=author, kind="question")
    post = make_post(thread)
    address = reverse("thread_answer", args=[thread.pk])
    client.post(address, {"post": post.pk})
    thread.refresh_from_db()
    assert thread.accepted_answer == post
    client.post(address, {"post": ""})
    thread.refresh_from_db()
    assert thread.accepted_answer is None


@pytest.mark.parametrize("number", ["x", "0", "9" * 30])
def test_an_odd_answer_is_missing(client: Client, author: Fan, number: str) -> None:
    thread = make_thread(author=author, kind="question")
    response = client.post(reverse("thread_answer", args=[thread.pk]), {"post": number})
    assert response.status_code == 404


@pytest.mark.parametrize("switch", ["feature", "pin", "lock"])
def test_a_switch_offers_its_opposite(switch: str) -> None:
    thread = make_thread()
    staff = signed_in(make_staff())
    page = staff.post(reverse(f"thread_{switch}", args=[thread.pk]), follow=True)
    undo = reverse(f"thread_{switch}_withdrawal", args=[thread.pk])
    assert undo in page.text
    staff.post(undo)
    thread.refresh_from_db()
    assert (thread.featured_at, thread.pinned_at, thread.locked_at) == (None, None, None)


def test_all_threads_can_be_marked_as_read_and_back(client: Client, author: Fan) -> None:
    thread = make_thread(title="An unread thread", last_post_at=clock.now())
    unread = {"show": "unread"}
    assert "An unread thread" in client.get(reverse("threads"), unread).text
    page = client.post(reverse("threads_reading"), follow=True)
    assert "An unread thread" not in page.text
    undo = reverse("threads_reading_withdrawal")
    assert undo in page.text
    assert thread.title in client.post(undo, follow=True).text


def test_fans_find_no_switches(client: Client) -> None:
    thread = make_thread()
    assert client.post(reverse("thread_pin", args=[thread.pk])).status_code == 404


def test_moving_a_thread(client: Client) -> None:
    thread, board = make_thread(), BoardFactory.create()
    staff = signed_in(make_staff())
    address = reverse("thread_board", args=[thread.pk])
    assert str(board) in staff.get(address).text
    assert staff.post(address, {"board": "x"}).status_code == 422
    staff.post(address, {"board": board.pk})
    thread.refresh_from_db()
    assert thread.board == board


# --- Pictures ------------------------------------------------------------------------------


def png(width: int = 8, height: int = 6) -> bytes:
    file = BytesIO()
    Image.new("RGB", (width, height), "orange").save(file, "PNG")
    return file.getvalue()


def upload(content: bytes, name: str = "a.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/png")


def test_pictures_are_posted_without_a_script(client: Client, author: Fan) -> None:
    thread = make_thread()
    data = {
        "source": WORDS,
        "pictures": [upload(png()), upload(png(9, 7))],
        "description": "A [watch] on a wrist",
    }
    client.post(reverse("thread_replies", args=[thread.pk]), data)
    post = thread.posts.get(floor=2)
    assert (post.images.count(), post.html.count("<img ")) == (2, 2)
    assert 'alt="A watch on a wrist"' in post.html


def test_a_picture_is_kept_when_another_field_must_be_mended(client: Client) -> None:
    data = thread_form(BoardFactory.create(), title="", pictures=upload(png()))
    response = client.post(reverse("thread_new"), data)
    assert response.status_code == 422
    assert "![](/images/" in response.context["form"]["source"].value()


@pytest.mark.parametrize(
    "content",
    [
        b"not a picture",
        b"",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
        b"GIF89a<script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        png()[:40],
        b"%PDF-1.4 " + png(),
        b"\x00" * (8 * 1024 * 1024 + 1),
    ],
    ids=["words", "empty", "header", "polyglot", "svg", "cut off", "pdf", "huge"],
)
def test_what_is_no_picture_is_refused_in_place(client: Client, content: bytes) -> None:
    thread = make_thread()
    data = {"source": "The words that must stay", "pictures": upload(content)}
    response = client.post(reverse("thread_replies", args=[thread.pk]), data)
    assert response.status_code in {302, 422}
    if response.status_code == 422:
        assert "The words that must stay" in response.text
        assert response.context["form"].errors["pictures"]
    else:
        assert not content  # an empty file is no file


def test_a_decompression_bomb_is_refused_in_place(client: Client) -> None:
    file = BytesIO()
    Image.new("1", (12_000, 12_000)).save(file, "PNG")
    thread = make_thread()
    data = {"source": "The words that must stay", "pictures": upload(file.getvalue())}
    response = client.post(reverse("thread_replies", args=[thread.pk]), data)
    assert (response.status_code, "The words that must stay" in response.text) == (422, True)


def test_too_many_pictures_at_once_are_refused_in_place(client: Client) -> None:
    thread = make_thread()
    data = {"source": WORDS, "pictures": [upload(png()) for _ in range(11)]}
    response = client.post(reverse("thread_replies", args=[thread.pk]), data)
    assert response.context["form"].errors.keys() == {"pictures"}


# --- Queries do not grow --------------------------------------------------------------------


@pytest.mark.parametrize("edits", [1, 3])
def test_the_history_takes_as_many_queries_for_three_versions_as_for_one(
    author: Fan,
    edits: int,
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    post = make_thread(author=author).posts.get()
    for hours in range(1, edits + 1):
        actions.edit_post(
            post=post,
            editor=author,
            source=f"Words of version {hours} here",
            at=clock.now() + timedelta(hours=hours),
        )
    guest = Client()
    address = reverse("post_history", args=[post.pk])
    guest.get(address)
    with django_assert_num_queries(2):
        guest.get(address)


@pytest.mark.parametrize("boards", [1, 3])
def test_the_form_takes_as_many_queries_for_three_boards_as_for_one(
    client: Client,
    boards: int,
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    for _ in range(boards):
        BoardFactory.create()
    client.get(reverse("thread_new"))
    with django_assert_num_queries(3):
        client.get(reverse("thread_new"))
