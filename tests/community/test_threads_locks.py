"""Races (R6), made certain: we hold the row, start the action, and ask PostgreSQL who waits.

Each of these fails when the lock is taken out of the action.
"""

import contextlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from community.threads import actions
from community.threads.models import Post, Reaction, ReactionKind, State, Thread
from fans.accounts.models import Fan
from tests.community.threads import WORDS, counts, make_regular
from tests.factories import NOW, make_fan, make_moderator, make_post, make_thread
from tests.locks import holding, start

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

LATER = NOW + timedelta(hours=1)


def reply(thread: Thread, author: Fan, **fields: Any) -> Post:
    wanted = {"source": WORDS, "submission_key": None, "at": NOW, **fields}
    return actions.reply(thread=thread, author=author, **wanted)


def test_two_replies_at_once_take_two_floors() -> None:
    thread, first, second = make_thread(), make_regular(), make_regular()
    with holding(Thread, thread.pk):
        waiting = start(lambda: reply(thread, second))
        waiting.waits_for_a_lock()
        assert reply(thread, first).floor == 2
    assert waiting.result().floor == 3
    assert counts(thread) == (2, 2, 3)


def test_a_reply_to_a_thread_that_is_being_locked_is_refused() -> None:
    thread, fan, moderator = make_thread(), make_regular(), make_moderator()
    with holding(Thread, thread.pk):
        waiting = start(lambda: reply(thread, fan))
        waiting.waits_for_a_lock()
        actions.lock(thread=thread, by=moderator, at=NOW)
    with pytest.raises(actions.ThreadLocked):
        waiting.result()


def test_a_form_that_is_sent_twice_at_once_makes_one_post() -> None:
    thread, fan = make_thread(), make_regular()
    with holding(Thread, thread.pk):
        waiting = start(lambda: reply(thread, fan, submission_key="form-key-1"))
        waiting.waits_for_a_lock()
        made = reply(thread, fan, submission_key="form-key-1")
    assert waiting.result() == made
    assert counts(thread) == (1, 1, 2)


def test_a_thread_form_that_is_sent_twice_at_once_makes_one_thread() -> None:
    fan, board = make_regular(), make_thread().board
    words = {"kind": "discussion", "title": "Pressed twice on a slow phone", "source": WORDS}

    def begin() -> Thread:
        return actions.start_thread(
            board=board, author=fan, submission_key="form-key-1", at=NOW, **words
        )

    with holding(Fan, fan.pk):
        waiting = start(begin)
        waiting.waits_for_a_lock()
        made = begin()
    assert waiting.result() == made


def test_a_post_does_not_slip_past_a_mute() -> None:
    thread, fan = make_thread(), make_regular()
    with holding(Fan, fan.pk):
        waiting = start(lambda: reply(thread, fan))
        waiting.waits_for_a_lock()
        Fan.objects.filter(pk=fan.pk).update(muted_until=LATER)
    with pytest.raises(actions.MayNotWrite):
        waiting.result()
    assert counts(thread) == (0, 0, 1)


def test_an_answer_accepted_while_it_is_being_hidden_is_refused() -> None:
    thread = make_thread(kind="question")
    post, moderator = make_post(thread), make_moderator()
    with holding(Thread, thread.pk):
        waiting = start(lambda: actions.accept_answer(post=post, fan=thread.author, at=NOW))
        waiting.waits_for_a_lock()
        actions.hide(post=post, by=moderator, at=NOW)
    with pytest.raises(actions.NotAnAnswer):
        waiting.result()


def test_one_fan_pressing_like_twice_at_once_is_counted_once() -> None:
    post, fan = make_thread().posts.get(), make_fan()

    def like() -> None:
        actions.react(post=post, fan=fan, kind=ReactionKind.LIKE, at=NOW)

    with holding(Thread, post.thread_id):
        waiting = start(like)
        waiting.waits_for_a_lock()
        like()
    waiting.result()
    post.refresh_from_db()
    assert (post.like_count, Reaction.objects.count()) == (1, 1)


def test_two_edits_at_once_keep_both_texts() -> None:
    author = make_regular()
    post = make_thread(author=author).posts.get()
    seen = actions.wording_of(post)

    def edit(source: str) -> Post:
        return actions.edit_post(post=post, editor=author, source=source, seen=seen, at=LATER)

    with holding(Thread, post.thread_id):
        waiting = start(lambda: edit("Words of the second tab."))
        waiting.waits_for_a_lock()
        edit("Words of the first tab.")
    with pytest.raises(actions.EditedMeanwhile):
        waiting.result()
    post.refresh_from_db()
    assert (post.source, post.revisions.count()) == ("Words of the first tab.", 1)


Act = Callable[[Post, Fan], object]


def release(post: Post, moderator: Fan) -> object:
    return actions.release_waiting(post=post, at=LATER)


def publish(post: Post, moderator: Fan) -> object:
    return actions.publish_waiting(post=post, by=moderator, at=LATER)


def reject(post: Post, moderator: Fan) -> object:
    return actions.reject(post=post, by=moderator, rule="spam", at=LATER)


@pytest.mark.parametrize(
    ("second", "first", "state"),
    [
        (release, reject, State.REJECTED),
        (publish, reject, State.REJECTED),
        (reject, release, State.PUBLISHED),
        (publish, release, State.PUBLISHED),
        (release, publish, State.PUBLISHED),
    ],
)
def test_a_waiting_post_is_decided_once(second: Act, first: Act, state: State) -> None:
    thread, moderator = make_thread(), make_moderator()
    post = make_post(thread, state=State.WAITING, release_at=NOW)
    with holding(Thread, thread.pk):
        waiting = start(lambda: second(post, moderator))
        waiting.waits_for_a_lock()
        first(post, moderator)
    with contextlib.suppress(actions.NotInThatState):
        waiting.result()
    post.refresh_from_db()
    assert post.state == state
    assert counts(thread)[:2] == ((1, 1) if state == State.PUBLISHED else (0, 0))


def test_deleting_and_hiding_at_once_counts_once() -> None:
    thread = make_thread()
    post, moderator = make_post(thread), make_moderator()
    with holding(Thread, thread.pk):
        waiting = start(lambda: actions.delete_post(post=post, author=post.author, at=NOW))
        waiting.waits_for_a_lock()
        actions.hide(post=post, by=moderator, at=NOW)
    with pytest.raises(actions.NotInThatState):
        waiting.result()
    assert counts(thread)[:2] == (0, 0)
