"""Editing with a public history, and words that must be looked at again (A1)."""

from datetime import timedelta

import pytest

from community.screening.models import WatchedWord
from community.threads import actions
from community.threads.differences import difference
from community.threads.models import Post, PostRevision, State, Thread
from fans.accounts.models import Fan
from fans.audit.models import AuditEntry
from tests.community.threads import WORDS, counts, make_regular, reply, start
from tests.factories import (
    NOW,
    BoardFactory,
    make_fan,
    make_moderator,
    make_post,
    make_staff,
    make_thread,
)

pytestmark = pytest.mark.django_db

OTHER = "Other words, enough to be read."
MINUTES_4 = NOW + timedelta(minutes=4)
LATER = NOW + timedelta(hours=1)


def edit(post: Post, editor: Fan | None = None, **fields: object) -> Post:
    wanted = {"source": OTHER, "at": LATER, **fields}
    return actions.edit_post(post=post, editor=editor or post.author, **wanted)  # type: ignore[arg-type]


# --- History -----------------------------------------------------------------------------


def test_an_edit_keeps_what_was_said_before() -> None:
    post = reply(make_thread())
    edit(post, reason="I meant the other")
    post.refresh_from_db()
    assert (post.source, post.html, post.edited_at) == (OTHER, f"<p>{OTHER}</p>\n", LATER)
    revision = post.revisions.get()
    assert (revision.number, revision.source, revision.reason) == (1, WORDS, "I meant the other")
    assert (revision.editor, revision.replaced_at) == (post.author, LATER)


def test_an_edit_within_five_minutes_leaves_no_trace() -> None:
    post = reply(make_thread())
    edit(post, at=MINUTES_4)
    post.refresh_from_db()
    assert (post.source, post.edited_at, post.revision_count) == (OTHER, None, 0)
    assert not post.revisions.exists()


def test_saving_the_same_words_changes_nothing() -> None:
    post = reply(make_thread())
    edit(post)
    edit(post)
    assert post.revisions.count() == 1


def test_an_edit_of_floor_one_may_change_the_title_and_the_slug() -> None:
    thread = start(title="A title with a mistale")
    edit(thread.posts.get(), title="A title without mistakes", source=WORDS)
    thread.refresh_from_db()
    assert (thread.title, thread.slug) == ("A title without mistakes", "a-title-without-mistakes")
    assert PostRevision.objects.get().title == "A title with a mistale"


def test_an_edit_of_a_reply_leaves_the_title_alone() -> None:
    thread = make_thread()
    edit(reply(thread), title="A title from elsewhere")
    thread.refresh_from_db()
    assert thread.title == "A thread to test with"


def test_an_edit_does_not_bump_the_thread_but_makes_its_page_new() -> None:
    thread = make_thread()
    post = reply(thread)
    before = Thread.objects.get(pk=thread.pk)
    edit(post)
    after = Thread.objects.get(pk=thread.pk)
    assert after.last_post_at == before.last_post_at
    assert after.change_count > before.change_count


def test_only_the_author_edits() -> None:
    post = reply(make_thread())
    for fan in (make_regular(), make_moderator(), make_staff()):
        with pytest.raises(actions.NotAllowed):
            edit(post, fan)


@pytest.mark.parametrize("state", [State.HIDDEN, State.REMOVED, State.DELETED])
def test_what_was_taken_away_stays_as_it_was(state: State) -> None:
    post = make_post(make_thread(), author=make_regular(), state=state, rule="spam")
    with pytest.raises(actions.NotAllowed):
        edit(post)


def test_a_locked_thread_and_an_archived_board_keep_their_words() -> None:
    fan = make_regular()
    for thread in (
        make_thread(locked_at=NOW),
        make_thread(board=BoardFactory.create(archived_at=NOW)),
    ):
        with pytest.raises(actions.NotAllowed):
            edit(make_post(thread, author=fan))


def test_who_is_muted_does_not_edit() -> None:
    post = make_post(make_thread(), author=make_fan(muted_until=LATER + timedelta(days=1)))
    with pytest.raises(actions.MayNotWrite):
        edit(post)


def test_an_edit_of_imported_html_becomes_markdown() -> None:
    post = make_post(make_thread(), author=make_regular(), source="<b>Old</b>", source_is_html=True)
    edit(post)
    post.refresh_from_db()
    assert (post.source_is_html, post.html) == (False, f"<p>{OTHER}</p>\n")


def test_two_edits_of_the_same_words_do_not_overwrite_each_other() -> None:
    post = reply(make_thread())
    seen = actions.wording_of(post)
    edit(post, seen=seen)
    with pytest.raises(actions.EditedMeanwhile) as refusal:
        edit(post, source="Words from the other tab", seen=seen)
    assert refusal.value.post.source == OTHER
    post.refresh_from_db()
    assert post.source == OTHER


def test_one_revision_can_be_hidden_by_a_moderator() -> None:
    post = edit(reply(make_thread()))
    revision, moderator = post.revisions.get(), make_moderator()
    with pytest.raises(actions.NotAllowed):
        actions.hide_revision(revision=revision, by=post.author, at=LATER)
    actions.hide_revision(revision=revision, by=moderator, at=LATER)
    actions.hide_revision(revision=revision, by=moderator, at=LATER)
    assert not PostRevision.objects.visible_to(make_staff()).exists()
    assert AuditEntry.objects.get().verb == "revision hidden"


# --- Looked at again (A1) ----------------------------------------------------------------


def test_a_newcomer_mending_a_typo_stays_published() -> None:
    newcomer = make_fan()
    post = make_post(make_thread(), author=newcomer)
    edit(post)
    post.refresh_from_db()
    assert post.state == State.PUBLISHED


def test_a_newcomer_adding_a_link_later_waits_for_a_moderator() -> None:
    thread, newcomer = make_thread(), make_fan()
    post = make_post(thread, author=newcomer)
    edit(post, source="Now see https://example.com/offer")
    post.refresh_from_db()
    assert (post.state, post.release_at) == (State.WAITING, None)
    assert counts(thread) == (0, 0, 2)


def test_a_regular_adding_a_link_stays_published() -> None:
    post = edit(reply(make_thread()), source="Now see https://example.com/help")
    assert post.state == State.PUBLISHED


def test_a_watched_word_makes_anyones_edit_wait() -> None:
    WatchedWord.objects.create(word="cheap watches", added_at=NOW)
    post = edit(reply(make_thread()), source="Cheap  WATCHES for everybody")
    assert (post.state, post.release_at) == (State.WAITING, None)


def test_what_was_held_back_returns_to_its_floor() -> None:
    WatchedWord.objects.create(word="cheap watches", added_at=NOW)
    thread = make_thread()
    post = edit(reply(thread), source="Cheap watches for everybody")
    reply(thread)
    actions.publish_waiting(post=post, by=make_moderator(), at=LATER)
    post.refresh_from_db()
    assert (post.floor, post.state) == (2, State.PUBLISHED)
    assert counts(thread) == (2, 2, 3)


def test_an_opening_that_is_held_back_takes_its_thread_along() -> None:
    WatchedWord.objects.create(word="cheap watches", added_at=NOW)
    thread = start()
    edit(thread.posts.get(), source="Cheap watches for everybody")
    thread.refresh_from_db()
    assert thread.state == State.WAITING


def test_an_opening_that_is_held_back_leaves_the_replies_of_others_readable() -> None:
    WatchedWord.objects.create(word="cheap watches", added_at=NOW)
    thread = start()
    reply(thread)
    edit(thread.posts.get(floor=1), source="Cheap watches for everybody")
    thread.refresh_from_db()
    assert thread.state == State.PUBLISHED
    assert not Post.objects.visible_to(make_fan()).filter(thread=thread, floor=1).exists()


def test_a_title_that_is_held_back_does_not_show_until_a_moderator_publishes_it() -> None:
    WatchedWord.objects.create(word="cheap watches", added_at=NOW)
    thread = start(title="A plain title")
    reply(thread)
    post = edit(thread.posts.get(floor=1), title="Cheap watches here", source=WORDS)
    thread.refresh_from_db()
    assert (post.state, thread.state) == (State.WAITING, State.PUBLISHED)
    assert (thread.title, thread.slug) == ("A plain title", "a-plain-title")
    assert thread.latest_title == "Cheap watches here"
    actions.publish_waiting(post=post, by=make_moderator(), at=LATER)
    thread.refresh_from_db()
    assert (thread.title, thread.slug) == ("Cheap watches here", "cheap-watches-here")
    assert thread.wanted_title == ""


def test_an_opening_edited_again_while_it_waits_keeps_replies_readable_and_the_title_back() -> None:
    WatchedWord.objects.create(word="cheap watches", added_at=NOW)
    thread = start(title="A plain title")
    reply(thread)
    post = edit(thread.posts.get(floor=1), title="Cheap watches here", source=WORDS)
    edit(post, source="Still cheap watches, other words")  # the title as it was last written
    thread.refresh_from_db()
    assert (thread.state, thread.title) == (State.PUBLISHED, "A plain title")
    assert thread.latest_title == "Cheap watches here"
    edit(post, title="A plain title", source=WORDS)
    actions.release_waiting(post=post, at=LATER)
    thread.refresh_from_db()
    assert (thread.title, thread.wanted_title) == ("A plain title", "")
    assert Post.objects.get(pk=post.pk).state == State.PUBLISHED


# --- Differences ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "steps"),
    [
        ("same", "same", [("same", "same")]),
        ("", "new", [("added", "new")]),
        ("old", "", [("gone", "old")]),
        (
            "a red cat",
            "a black cat",
            [("same", "a "), ("gone", "red"), ("added", "black"), ("same", " cat")],
        ),
        ("我喜欢橙子", "我喜欢金橘", [("same", "我喜欢"), ("gone", "橙子"), ("added", "金橘")]),
        ("one two", "one two three", [("same", "one two"), ("added", " three")]),
    ],
)
def test_differences_by_word(before: str, after: str, steps: list[tuple[str, str]]) -> None:
    assert [(step.kind, step.text) for step in difference(before, after)] == steps


def test_the_later_text_can_be_read_from_the_differences() -> None:
    before, after = "一 two\nthree " * 400, "两 two\nfour " * 400
    steps = difference(before, after)
    assert "".join(step.text for step in steps if step.kind != "gone") == after
    assert "".join(step.text for step in steps if step.kind != "added") == before
