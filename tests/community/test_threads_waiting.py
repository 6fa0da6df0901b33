"""What waits (A1): released by the sweep, published or turned down by a moderator."""

from datetime import datetime, timedelta

import pytest
import structlog

from community.threads import actions
from community.threads.models import Post, State
from community.threads.tasks import publish_waiting_posts
from fans import clock
from fans.audit.models import AuditEntry
from tests.community.threads import WORDS, counts, make_regular, reply, start
from tests.factories import NOW, BoardFactory, make_fan, make_moderator, make_post, make_thread

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=10)


def make_waiting(**fields: object) -> Post:
    thread = make_thread()
    fields = {"release_at": NOW, "state": State.WAITING, "source": "Waiting words", **fields}
    post = make_post(thread, **fields)
    type(thread).objects.filter(pk=thread.pk).update(last_floor=1, last_given_floor=2)
    return post


def states() -> list[str]:
    return list(Post.objects.filter(floor=2).order_by("pk").values_list("state", flat=True))


# --- The sweep -----------------------------------------------------------------------------


def test_the_sweep_publishes_what_is_due_and_nothing_else() -> None:
    due = make_waiting(release_at=clock.now() - timedelta(seconds=1))
    make_waiting(release_at=clock.now() + timedelta(minutes=5))
    make_waiting(release_at=None)
    publish_waiting_posts()
    assert states() == [State.PUBLISHED, State.WAITING, State.WAITING]
    due.refresh_from_db()
    assert (due.release_at, due.waited_until) == (None, due.state_at)
    assert counts(due.thread) == (1, 1, 2)


def test_sweeping_twice_counts_once() -> None:
    post = make_waiting()
    publish_waiting_posts()
    publish_waiting_posts()
    assert counts(post.thread) == (1, 1, 2)


@pytest.mark.parametrize(("waiting", "expected"), [(20, State.PUBLISHED), (21, State.WAITING)])
def test_more_than_twenty_waiting_stop_the_sweep(waiting: int, expected: State) -> None:
    for _ in range(waiting):
        make_waiting()
    publish_waiting_posts()
    assert set(states()) == {expected}


def test_one_bad_row_does_not_stop_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = make_waiting(), make_waiting()
    release = actions.release_waiting

    def fail_on_the_bad(*, post: Post, at: object) -> bool:
        if post == bad:
            raise RuntimeError("a bad row")
        return release(post=post, at=at)  # type: ignore[arg-type]

    monkeypatch.setattr(actions, "release_waiting", fail_on_the_bad)
    with structlog.testing.capture_logs() as logs:
        publish_waiting_posts()
    assert states() == [State.WAITING, State.PUBLISHED]
    assert [entry["post"] for entry in logs] == [bad.pk]
    good.refresh_from_db()
    assert good.state == State.PUBLISHED


def test_a_post_that_needs_a_moderator_by_now_is_not_released() -> None:
    post = make_waiting()
    Post.objects.filter(pk=post.pk).update(release_at=None)
    assert actions.release_waiting(post=post, at=NOW) is False
    assert states() == [State.WAITING]


@pytest.mark.parametrize(
    "refused",
    [
        {"banned_at": NOW},
        {"muted_until": LATER},
        {"suspended_until": LATER},
        {"leaving_at": NOW},
    ],
)
def test_words_of_somebody_who_may_not_write_any_more_are_left_for_a_moderator(
    refused: dict[str, datetime],
) -> None:
    post = make_waiting(author=make_fan(**refused))
    assert actions.release_waiting(post=post, at=NOW) is False
    assert actions.release_waiting(post=post, at=LATER + timedelta(days=1)) is False
    assert states() == [State.WAITING]
    actions.publish_waiting(post=post, by=make_moderator(), at=LATER)
    assert states() == [State.PUBLISHED]


# --- What appears ----------------------------------------------------------------------------


def test_a_waiting_thread_appears_at_the_top() -> None:
    thread = start(author=make_fan())
    actions.release_waiting(post=thread.posts.get(), at=LATER)
    thread.refresh_from_db()
    assert (thread.state, thread.last_post_at) == (State.PUBLISHED, LATER)


def test_a_reply_that_others_overtook_appears_as_the_newest() -> None:
    thread = make_thread()
    waiting = reply(thread, make_fan())
    faster = reply(thread)
    assert (waiting.floor, faster.floor) == (2, 3)
    assert actions.release_waiting(post=waiting, at=LATER)
    waiting.refresh_from_db()
    assert waiting.floor == 4
    assert counts(thread) == (2, 2, 4)


def test_a_reply_nobody_overtook_keeps_its_floor() -> None:
    thread = make_thread()
    waiting = reply(thread, make_fan())
    actions.release_waiting(post=waiting, at=LATER)
    waiting.refresh_from_db()
    assert waiting.floor == 2
    assert reply(thread).floor == 3


def test_two_waiting_replies_appear_with_floors_of_their_own() -> None:
    thread = make_thread()
    first = reply(thread, make_fan(), source="The first words of a newcomer")
    second = reply(thread, make_fan(), source="The first words of another")
    actions.release_waiting(post=second, at=LATER)
    actions.release_waiting(post=first, at=LATER)
    floors = thread.posts.filter(floor__gt=1).order_by("floor").values_list("pk", "floor")
    assert list(floors) == [(second.pk, 3), (first.pk, 4)]


# --- Moderators ------------------------------------------------------------------------------


def test_a_moderator_publishes_once_and_it_is_written_down() -> None:
    post, moderator = make_waiting(release_at=None), make_moderator()
    actions.publish_waiting(post=post, by=moderator, at=NOW)
    actions.publish_waiting(post=post, by=moderator, at=NOW)
    assert counts(post.thread) == (1, 1, 2)
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.verb, entry.subject) == (moderator, "published", f"post:{post.pk}")


def test_a_moderator_turns_down_by_a_rule_and_the_author_sends_again() -> None:
    post, moderator = make_waiting(), make_moderator()
    with pytest.raises(actions.RuleMissing):
        actions.reject(post=post, by=moderator, rule="", at=NOW)
    actions.reject(post=post, by=moderator, rule="spam", note="An offer", at=NOW)
    actions.reject(post=post, by=moderator, rule="spam", at=NOW)
    post.refresh_from_db()
    assert (post.state, post.rule, post.rule_note) == (State.REJECTED, "spam", "An offer")
    assert AuditEntry.objects.count() == 1

    actions.edit_post(post=post, editor=post.author, source="Mended words, no offer", at=LATER)
    post.refresh_from_db()
    assert (post.state, post.rule, post.release_at) == (State.WAITING, "", None)
    actions.publish_waiting(post=post, by=moderator, at=LATER)
    assert counts(post.thread) == (1, 1, 2)


def test_what_was_turned_down_is_not_published_in_passing() -> None:
    post, moderator = make_waiting(), make_moderator()
    actions.reject(post=post, by=moderator, rule="spam", at=NOW)
    with pytest.raises(actions.NotInThatState):
        actions.publish_waiting(post=post, by=moderator, at=NOW)
    assert actions.release_waiting(post=post, at=NOW) is False
    assert states() == [State.REJECTED]


def test_what_is_published_cannot_be_turned_down() -> None:
    post = make_post(make_thread())
    with pytest.raises(actions.NotInThatState):
        actions.reject(post=post, by=make_moderator(), rule="spam", at=NOW)


def test_only_moderators_of_the_board_decide() -> None:
    post = make_waiting()
    elsewhere = make_moderator(f"board:{BoardFactory.create().pk}")
    for fan in (make_fan(), elsewhere, post.author):
        with pytest.raises(actions.NotAllowed):
            actions.publish_waiting(post=post, by=fan, at=NOW)
    here = make_moderator(f"board:{post.thread.board_id}")
    assert actions.publish_waiting(post=post, by=here, at=NOW).state == State.PUBLISHED


def test_no_moderator_publishes_their_own_post() -> None:
    moderator = make_moderator()
    post = make_waiting(author=moderator)
    with pytest.raises(actions.NotAllowed):
        actions.publish_waiting(post=post, by=moderator, at=NOW)


def test_a_waiting_post_that_is_mended_appears_as_new_words_deserve() -> None:
    newcomer = make_fan()
    post = reply(make_thread(), newcomer, source="See https://example.com/offer")
    assert post.release_at is None
    actions.edit_post(post=post, editor=newcomer, source=WORDS, at=NOW)
    post.refresh_from_db()
    assert (post.state, post.release_at) == (State.WAITING, LATER)
    assert post.revision_count == 0


def test_a_regular_who_mends_a_watched_word_need_not_wait_for_a_moderator() -> None:
    fan = make_regular()
    post = make_waiting(author=fan, release_at=None)
    actions.edit_post(post=post, editor=fan, source=WORDS, at=NOW)
    assert actions.release_waiting(post=post, at=NOW)
