from datetime import timedelta

import pytest

from community.threads import actions
from community.threads.models import Board, Post, State, Thread
from fans.accounts.models import Fan
from tests.factories import NOW, BoardFactory, make_fan, make_post, make_staff, make_thread

pytestmark = pytest.mark.django_db

WORDS = "Words enough to be read by somebody."


def regular(**fields: object) -> Fan:
    """A fan whose first posts are behind them."""
    fan = make_fan(**fields)
    old = make_thread(author=fan, created_at=NOW - timedelta(days=30))
    Post.objects.filter(thread=old).update(created_at=NOW - timedelta(days=30))
    for _ in range(2):
        make_post(old, author=fan, created_at=NOW - timedelta(days=30))
    return fan


def start(board: Board | None = None, author: Fan | None = None, **fields: object) -> Thread:
    wanted = {
        "board": board or BoardFactory.create(),
        "author": author or regular(),
        "kind": "discussion",
        "title": "A title to start with",
        "source": WORDS,
        "submission_key": None,
        "at": NOW,
    }
    return actions.start_thread(**{**wanted, **fields})  # type: ignore[arg-type]


def answer(thread: Thread, author: Fan | None = None, **fields: object) -> Post:
    wanted = {
        "thread": thread,
        "author": author or regular(),
        "source": WORDS,
        "submission_key": None,
        "at": NOW,
    }
    return actions.reply(**{**wanted, **fields})  # type: ignore[arg-type]


def test_a_thread_is_its_first_post() -> None:
    author = regular()
    thread = start(author=author, title="苦い柑橘 and 金橘")
    post = thread.posts.get()
    assert (post.floor, post.source, post.html, post.state) == (
        1,
        WORDS,
        f"<p>{WORDS}</p>\n",
        State.PUBLISHED,
    )
    assert (thread.slug, thread.state, thread.last_author) == (
        "苦い柑橘-and-金橘",
        State.PUBLISHED,
        author,
    )


def test_a_reply_takes_the_next_floor_and_counts() -> None:
    thread = make_thread(replies=1)
    fan = regular()
    post = answer(thread, fan, at=NOW + timedelta(hours=1))
    thread.refresh_from_db()
    assert (post.floor, thread.last_floor, thread.reply_count, thread.answering_count) == (
        3,
        3,
        2,
        1,
    )
    assert (thread.last_post_at, thread.last_author) == (NOW + timedelta(hours=1), fan)


def test_staff_answer_officially() -> None:
    post = answer(make_thread(), make_staff())
    assert (post.is_official, post.state) == (True, State.PUBLISHED)
