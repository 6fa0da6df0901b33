"""Starting threads and replying: floors, counts, waiting (A1), pressing twice (C3)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest

from community.screening.models import WatchedWord
from community.threads import actions
from community.threads.models import Post, State, Thread
from community.threads.slugs import FIXED_WORDS, slug_of
from fans.images.models import Image
from tests.community.threads import WORDS, counts, make_regular, reply, start
from tests.factories import (
    NOW,
    BoardFactory,
    make_core_fan,
    make_fan,
    make_moderator,
    make_post,
    make_staff,
    make_thread,
)

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)


# --- A thread ----------------------------------------------------------------------------


def test_a_thread_is_its_first_post() -> None:
    author = make_regular()
    thread = start(author=author, title="苦い柑橘 and 金橘")
    post = thread.posts.get()
    assert (post.floor, post.source, post.html) == (1, WORDS, f"<p>{WORDS}</p>\n")
    assert (post.state, thread.state) == (State.PUBLISHED, State.PUBLISHED)
    assert (thread.slug, thread.last_author) == ("苦い柑橘-and-金橘", author)
    assert counts(thread) == (0, 0, 1)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Hello, World", "hello-world"),
        ("  --  ", "-"),
        ("🍊🍊🍊", "-"),
        ("replies", "replies-"),
        ("Vote", "vote-"),
        ("हिन्दी में", "हिन्दी-में"),
        ("ﬁne ＡＢＣ", "fine-abc"),
        ("..", "-"),
        ("a/b?c#d", "a-b-c-d"),
        ("ﷺ" * 40, "صلى-الله-عليه-وسلم" * 6),
    ],
)
def test_a_slug_keeps_letters_of_any_script(title: str, slug: str) -> None:
    assert slug_of(title)[:99] == slug[:99]
    assert len(slug_of(title)) <= 140


def test_no_slug_is_a_fixed_word_of_an_address() -> None:
    from django.urls import get_resolver

    routes = [str(pattern.pattern) for pattern in get_resolver().url_patterns]
    nested = [
        str(pattern.pattern)
        for group in get_resolver().url_patterns
        for pattern in _flattened(group)
        if str(pattern.pattern).startswith("threads/<int:pk>/")
    ]
    words = {route.split("/")[2] for route in nested} - {"", "<str:slug>"}
    assert routes
    assert words - FIXED_WORDS == set()


def _flattened(pattern: object) -> list[object]:
    inner = getattr(pattern, "url_patterns", None)
    return [leaf for each in inner for leaf in _flattened(each)] if inner else [pattern]


def test_only_staff_announce() -> None:
    with pytest.raises(actions.OnlyStaffAnnounce):
        start(kind="announcement")
    assert start(kind="announcement", author=make_staff()).state == State.PUBLISHED


def test_only_staff_open_threads_on_a_board_of_announcements() -> None:
    board = BoardFactory.create(announcements_only=True)
    with pytest.raises(actions.OnlyStaffAnnounce):
        start(board=board)
    thread = start(board=board, author=make_staff())
    assert reply(thread).state == State.PUBLISHED


@pytest.mark.parametrize("fields", [{"archived_at": NOW}, {"readable_by": "core"}])
def test_a_closed_board_takes_no_thread(fields: dict[str, object]) -> None:
    with pytest.raises(actions.BoardClosed):
        start(board=BoardFactory.create(**fields))
    assert not Thread.objects.filter(title="A title to start with").exists()


def test_core_fans_write_on_the_core_board() -> None:
    fan = make_core_fan(founding_since_date=NOW.date())
    assert start(board=BoardFactory.create(readable_by="core"), author=fan).state == State.PUBLISHED


# --- A reply -----------------------------------------------------------------------------


def test_a_reply_takes_the_next_floor_and_counts() -> None:
    thread, fan = make_thread(replies=1), make_regular()
    post = reply(thread, fan, at=LATER)
    assert post.floor == 3
    assert counts(thread) == (2, 1, 3)
    assert (thread.last_post_at, thread.last_author) == (LATER, fan)
    assert thread.change_count == 1


def test_a_reply_takes_seven_statements(
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    """P5: thread and author locked, their newest posts, watched words, the post, the counts, and
    that the author was active today.
    """
    made, fan = make_thread(replies=3), make_regular()
    thread = Thread.objects.select_related("board").get(pk=made.pk)  # as every page has it
    with django_assert_num_queries(7 + 2):  # and the savepoint that stands for the transaction
        reply(thread, fan)


def test_a_reply_by_the_author_answers_nothing() -> None:
    author = make_regular()
    thread = make_thread(author=author)
    reply(thread, author)
    assert counts(thread) == (1, 0, 2)


def test_a_reply_remembers_what_it_answers() -> None:
    thread = make_thread(replies=1)
    second = thread.posts.get(floor=2)
    post = reply(thread, reply_to=second)
    assert (post.reply_to, post.reply_to_floor) == (second, 2)


@pytest.mark.parametrize("state", [State.HIDDEN, State.WAITING, State.DELETED])
def test_what_is_not_shown_cannot_be_answered(state: State) -> None:
    thread = make_thread()
    post = reply(thread, reply_to=make_post(thread, state=state))
    assert (post.reply_to, post.reply_to_floor) == (None, None)


def test_a_post_of_another_thread_cannot_be_answered() -> None:
    assert reply(make_thread(), reply_to=make_thread().posts.get()).reply_to is None


@pytest.mark.parametrize(
    "fields",
    [{"locked_at": NOW}, {"state": State.HIDDEN}, {"state": State.WAITING}],
)
def test_a_closed_thread_takes_no_reply(fields: dict[str, object]) -> None:
    thread = make_thread(**fields)
    with pytest.raises(actions.ThreadLocked):
        reply(thread)
    assert counts(thread) == (0, 0, 1)


def test_a_thread_on_an_archived_board_takes_no_reply() -> None:
    with pytest.raises(actions.ThreadLocked):
        reply(make_thread(board=BoardFactory.create(archived_at=NOW)))


def test_nobody_replies_where_they_may_not_read() -> None:
    with pytest.raises(actions.ThreadLocked):
        reply(make_thread(board=BoardFactory.create(readable_by="core")))


@pytest.mark.parametrize(
    "fields",
    [
        {"verified_at": None},
        {"muted_until": LATER},
        {"suspended_until": LATER},
        {"leaving_at": NOW},
    ],
)
def test_who_may_not_write_is_told_why(fields: dict[str, object]) -> None:
    thread = make_thread()
    with pytest.raises(actions.MayNotWrite) as refusal:
        reply(thread, make_fan(**fields))
    assert refusal.value.reason
    assert counts(thread) == (0, 0, 1)


def test_staff_answer_officially_for_their_team() -> None:
    from community.products.models import Team

    staff = make_staff()
    team = Team.objects.create(name="Alarm", slug="alarm")
    team.members.add(staff)
    post = reply(make_thread(), staff)
    assert (post.is_official, post.official_team) == (True, team)


def test_a_reply_of_a_fan_is_not_official() -> None:
    post = reply(make_thread())
    assert (post.is_official, post.official_team) == (False, None)


def test_existing_handles_are_mentioned() -> None:
    make_fan(handle="Kumquat")
    post = reply(make_thread(), source="Hello @kumquat and @nobody-here")
    assert '/fans/Kumquat/"' in post.html
    assert "/fans/nobody-here/" not in post.html


def test_pictures_shown_belong_to_the_post() -> None:
    fan, other = make_regular(), make_fan()
    own, foreign = (make_image(owner, n) for n, owner in enumerate((fan, other)))
    source = f"Look: ![mine](/images/{own.key}.webp) ![theirs](/images/{foreign.key}.webp)"
    post = reply(make_thread(), fan, source=source)
    assert list(post.images.all()) == [own]


def test_pictures_handed_over_are_shown() -> None:
    fan = make_regular()
    own = make_image(fan, 1)
    post = reply(make_thread(), fan, pictures=[own])
    assert post.source == f"{WORDS}\n\n![]({own.get_absolute_url()})"
    assert list(post.images.all()) == [own]


def make_image(owner: object, number: int) -> Image:
    return Image.objects.create(
        key=f"{number:032x}",
        owner=owner,
        file=f"images/{number}.webp",
        content_type="image/webp",
        width=4,
        height=3,
        byte_count=10,
        uploaded_at=NOW,
    )


# --- Pressing twice (C3) -------------------------------------------------------------------


def test_sending_a_reply_form_twice_makes_one_post() -> None:
    thread, fan = make_thread(), make_regular()
    first = reply(thread, fan, submission_key="form-key-1")
    second = reply(thread, fan, submission_key="form-key-1")
    assert first == second
    assert counts(thread) == (1, 1, 2)


def test_sending_a_thread_form_twice_makes_one_thread() -> None:
    fan, board = make_regular(), BoardFactory.create()
    first = start(author=fan, board=board, submission_key="form-key-1")
    second = start(author=fan, board=board, submission_key="form-key-1")
    assert first == second
    assert board.threads.count() == 1


def test_an_old_form_sent_again_after_many_posts_is_still_the_same_post() -> None:
    thread, fan = make_thread(), make_regular()
    first = reply(thread, fan, submission_key="form-key-1")
    thread.refresh_from_db()
    for number in range(25):
        make_post(thread, author=fan, created_at=NOW + timedelta(minutes=10, seconds=number))
    second = reply(thread, fan, submission_key="form-key-1", at=NOW + timedelta(hours=2))
    assert first == second


def test_two_people_may_have_the_same_key() -> None:
    thread = make_thread()
    reply(thread, submission_key="form-key-1")
    reply(thread, submission_key="form-key-1")
    assert counts(thread) == (2, 2, 3)


def test_the_same_words_within_minutes_are_refused_and_the_post_is_named() -> None:
    thread, fan = make_thread(), make_regular()
    first = reply(thread, fan)
    with pytest.raises(actions.AlreadyPosted) as refusal:
        reply(make_thread(), fan, at=NOW + timedelta(minutes=4))
    assert refusal.value.post == first


def test_the_same_words_later_or_by_others_are_taken() -> None:
    thread, fan = make_thread(), make_regular()
    reply(thread, fan)
    reply(thread, fan, at=NOW + timedelta(minutes=5))
    reply(thread)
    assert counts(thread)[0] == 3


def test_what_was_deleted_may_be_said_again() -> None:
    thread, fan = make_thread(), make_regular()
    actions.delete_post(post=reply(thread, fan), author=fan, at=NOW)
    assert reply(thread, fan).floor == 3


def test_slow_mode_asks_for_a_pause_on_its_board() -> None:
    board, fan = BoardFactory.create(slow_mode_seconds=60), make_regular()
    thread = make_thread(board=board)
    reply(thread, fan)
    with pytest.raises(actions.SlowMode) as refusal:
        reply(thread, fan, source="Other words to say here.", at=NOW + timedelta(seconds=59))
    assert refusal.value.until == NOW + timedelta(seconds=60)
    reply(make_thread(), fan, source="Other words to say here.", at=NOW + timedelta(seconds=59))
    reply(thread, fan, source="More words to say here.", at=NOW + timedelta(seconds=60))
    assert counts(thread)[0] == 2


# --- First posts wait (A1) -----------------------------------------------------------------


def test_first_posts_wait_and_appear_by_themselves() -> None:
    thread, newcomer = make_thread(), make_fan()
    post = reply(thread, newcomer)
    assert (post.state, post.release_at) == (State.WAITING, NOW + timedelta(minutes=10))
    assert counts(thread) == (0, 0, 1)
    assert thread.last_author != newcomer


def test_a_waiting_thread_is_seen_by_its_author_alone() -> None:
    newcomer = make_fan()
    thread = start(author=newcomer)
    assert thread.state == State.WAITING
    assert list(Thread.objects.visible_to(newcomer)) == [thread]
    assert not Thread.objects.visible_to(make_fan()).exists()


def test_the_fourth_post_does_not_wait() -> None:
    newcomer = make_fan()
    for number in range(3):
        make_post(make_thread(), author=newcomer, source=f"Post number {number}")
    assert reply(make_thread(), newcomer).state == State.PUBLISHED


def test_waiting_and_rejected_posts_do_not_count_as_first_posts() -> None:
    newcomer = make_fan()
    for state, rule in ((State.WAITING, ""), (State.REJECTED, "spam"), (State.HIDDEN, "")):
        make_post(make_thread(), author=newcomer, state=state, rule=rule, source=state)
    assert reply(make_thread(), newcomer).state == State.WAITING


def test_many_unpublished_posts_do_not_hide_the_published_ones() -> None:
    fan = make_regular()
    thread = make_thread()
    for number in range(20):
        made = make_post(thread, author=fan, source=f"Number {number}", created_at=NOW)
        Post.objects.filter(pk=made.pk).update(state=State.DELETED)
    assert reply(make_thread(), fan).state == State.PUBLISHED


@pytest.mark.parametrize("source", ["See https://example.com/offer", "Cheap Watches for you"])
def test_links_and_watched_words_wait_for_a_moderator(source: str) -> None:
    WatchedWord.objects.create(word="cheap watches", added_at=NOW)
    post = reply(make_thread(), make_fan(), source=source)
    assert (post.state, post.release_at) == (State.WAITING, None)


def test_a_watched_word_makes_anyone_wait() -> None:
    WatchedWord.objects.create(word="便宜手表", added_at=NOW)
    thread = start(title="便宜手表 for everybody")
    assert thread.state == State.WAITING


def test_every_post_waits_on_a_board_that_says_so() -> None:
    board = BoardFactory.create(every_post_waits=True)
    assert start(board=board).state == State.WAITING
    assert start(board=board, author=make_moderator()).state == State.PUBLISHED


def test_founding_fans_moderators_and_staff_do_not_wait() -> None:
    for fan in (make_fan(founding_since_date=NOW.date()), make_moderator(), make_staff()):
        assert reply(make_thread(), fan).state == State.PUBLISHED
