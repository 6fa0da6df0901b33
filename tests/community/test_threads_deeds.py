"""Deleting, hiding, removing, reacting, accepting, steering, reading: and counts that follow."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from community.threads import actions
from community.threads.models import Post, Reaction, ReactionKind, ReadPosition, State, Thread
from fans.audit.models import AuditEntry
from tests.community.feature_requests import fresh, make_request
from tests.community.threads import counts, make_regular, reply
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

LATER = NOW + timedelta(hours=1)
LIKE, HELPFUL = ReactionKind.LIKE, ReactionKind.HELPFUL


# --- Deleting one's own ----------------------------------------------------------------------


def test_deleting_and_undoing_leaves_everything_as_it_was() -> None:
    thread = make_thread(replies=1)
    post = reply(thread, at=LATER)
    before = Thread.objects.values().get(pk=thread.pk)
    actions.delete_post(post=post, author=post.author, at=LATER)
    actions.delete_post(post=post, author=post.author, at=LATER)
    assert counts(thread) == (1, 0, 3)
    assert thread.last_post_at == NOW
    actions.restore_post(post=post, author=post.author, at=LATER)
    actions.restore_post(post=post, author=post.author, at=LATER)
    after = Thread.objects.values().get(pk=thread.pk)
    assert {**after, "change_count": 0} == {**before, "change_count": 0}


def test_a_deletion_can_be_undone_for_a_day() -> None:
    post = reply(make_thread())
    actions.delete_post(post=post, author=post.author, at=NOW)
    with pytest.raises(actions.TooLate):
        actions.restore_post(post=post, author=post.author, at=NOW + timedelta(hours=24, seconds=1))
    post.refresh_from_db()
    assert post.state == State.DELETED


def test_only_the_author_deletes_and_restores() -> None:
    post = reply(make_thread())
    for act in (actions.delete_post, actions.restore_post):
        with pytest.raises(actions.NotAllowed):
            act(post=post, author=make_staff(), at=NOW)


def test_the_opening_words_of_a_wish_are_not_deleted_from_under_its_votes(client: Client) -> None:
    """A wish is taken back by its own rule, a meetup called off: neither vanishes by a click."""
    wish = make_request(votes=2)
    opening = wish.thread.posts.get(floor=1)
    with pytest.raises(actions.OthersStandBehindIt):
        actions.delete_post(post=opening, author=wish.author, at=LATER)
    client.force_login(wish.author)
    said = client.post(f"/posts/{opening.pk}/deletion/", follow=True).content.decode()
    assert "Others stand behind this by now." in said
    assert f"/posts/{opening.pk}/deletion/" not in said
    assert fresh(wish).thread.state == State.PUBLISHED


def test_a_reply_to_a_wish_is_deleted_like_any_other() -> None:
    post = reply(make_request().thread)
    actions.delete_post(post=post, author=post.author, at=LATER)
    post.refresh_from_db()
    assert post.state == State.DELETED


@pytest.mark.parametrize("state", [State.HIDDEN, State.REMOVED, State.WAITING])
def test_what_is_not_published_is_not_deleted(state: State) -> None:
    post = make_post(make_thread(), state=state, rule="spam")
    with pytest.raises(actions.NotInThatState):
        actions.delete_post(post=post, author=post.author, at=NOW)
    with pytest.raises(actions.NotInThatState):
        actions.restore_post(post=post, author=post.author, at=NOW)


def test_deleting_the_opening_of_an_answered_thread_leaves_it_listed() -> None:
    thread = make_thread()
    reply(thread)
    actions.delete_post(post=thread.posts.get(floor=1), author=thread.author, at=NOW)
    assert Thread.objects.visible_to(make_fan()).listed().filter(pk=thread.pk).exists()
    assert not Post.objects.visible_to(thread.author).filter(thread=thread, floor=1).exists()


def test_deleting_the_opening_nobody_answered_takes_the_thread_along() -> None:
    thread = make_thread(replies=1)
    opening = thread.posts.get(floor=1)
    actions.delete_post(post=opening, author=thread.author, at=NOW)
    assert not Thread.objects.visible_to(thread.author).exists()
    actions.restore_post(post=opening, author=thread.author, at=NOW)
    assert Thread.objects.visible_to(make_fan()).get() == thread


# --- Moderators on posts ---------------------------------------------------------------------

Act = Callable[[Post, object], Post]


def hide(post: Post, by: object) -> Post:
    return actions.hide(post=post, by=by, at=LATER)  # type: ignore[arg-type]


def restore(post: Post, by: object) -> Post:
    return actions.restore(post=post, by=by, at=LATER)  # type: ignore[arg-type]


def remove(post: Post, by: object) -> Post:
    return actions.remove(post=post, by=by, rule="spam", at=LATER)  # type: ignore[arg-type]


def reinstate(post: Post, by: object) -> Post:
    return actions.reinstate(post=post, by=by, at=LATER)  # type: ignore[arg-type]


@pytest.mark.parametrize(("there", "back"), [(hide, restore), (remove, reinstate)])
def test_counts_follow_there_and_back(there: Act, back: Act) -> None:
    thread = make_thread(replies=1)
    post = reply(thread, at=LATER)
    before = Thread.objects.values().get(pk=thread.pk)
    moderator = make_moderator()
    there(post, moderator)
    there(post, moderator)
    assert counts(thread) == (1, 0, 3)
    back(post, moderator)
    back(post, moderator)
    after = Thread.objects.values().get(pk=thread.pk)
    assert {**after, "change_count": 0} == {**before, "change_count": 0}
    assert AuditEntry.objects.count() == 2


@pytest.mark.parametrize(("there", "back"), [(hide, restore), (remove, reinstate)])
def test_a_thread_stands_where_its_opening_does(there: Act, back: Act) -> None:
    thread, moderator = make_thread(), make_moderator()
    opening = thread.posts.get()
    there(opening, moderator)
    assert not Thread.objects.visible_to(make_fan()).exists()
    back(opening, moderator)
    assert Thread.objects.visible_to(make_fan()).get() == thread


def test_removing_names_a_rule_and_reinstating_takes_it_off() -> None:
    post, moderator = reply(make_thread()), make_moderator()
    with pytest.raises(actions.RuleMissing):
        actions.remove(post=post, by=moderator, rule="", at=NOW)
    actions.remove(post=post, by=moderator, rule="abuse", note="An insult", at=NOW)
    post.refresh_from_db()
    assert (post.state, post.rule, post.rule_note) == (State.REMOVED, "abuse", "An insult")
    reinstate(post, moderator)
    post.refresh_from_db()
    assert (post.state, post.rule, post.rule_note) == (State.PUBLISHED, "", "")


def test_what_is_hidden_can_be_removed() -> None:
    post, moderator = reply(make_thread()), make_moderator()
    hide(post, moderator)
    assert remove(post, moderator).state == State.REMOVED


@pytest.mark.parametrize(
    ("act", "state"),
    [
        (hide, State.REMOVED),
        (hide, State.WAITING),
        (restore, State.REMOVED),
        (restore, State.DELETED),
        (remove, State.WAITING),
        (reinstate, State.HIDDEN),
        (reinstate, State.REJECTED),
    ],
)
def test_a_way_that_is_not_open_is_refused(act: Act, state: State) -> None:
    post = make_post(make_thread(), state=state, rule="spam")
    with pytest.raises(actions.NotInThatState):
        act(post, make_moderator())
    post.refresh_from_db()
    assert post.state == state


@pytest.mark.parametrize("act", [hide, restore, remove, reinstate])
def test_moderators_act_in_their_scope_and_never_on_their_own(act: Act) -> None:
    moderator, thread = make_moderator(), make_thread()
    own, foreign = make_post(thread, author=moderator), make_post(thread)
    elsewhere = make_moderator(f"board:{BoardFactory.create().pk}")
    for post, by in ((own, moderator), (foreign, elsewhere), (foreign, make_regular())):
        with pytest.raises(actions.NotAllowed):
            act(post, by)
    assert not AuditEntry.objects.exists()


def test_moderators_do_not_judge_the_early_board() -> None:
    board = BoardFactory.create(readable_by="honorary_dev")
    post = make_post(make_thread(board=board, author=make_honorary_dev()))
    with pytest.raises(actions.NotAllowed):
        hide(post, make_moderator())
    assert hide(post, make_staff()).state == State.HIDDEN


def test_the_site_itself_may_hide() -> None:
    assert hide(reply(make_thread()), None).state == State.HIDDEN
    assert AuditEntry.objects.get().actor is None


def test_an_answer_out_of_sight_solves_nothing_until_it_is_back() -> None:
    thread = make_thread(kind="question")
    post, moderator = reply(thread), make_moderator()
    actions.accept_answer(post=post, fan=thread.author, at=NOW)
    hide(post, moderator)
    thread.refresh_from_db()
    assert (thread.accepted_answer, thread.accepted_at) == (post, None)
    restore(post, moderator)
    thread.refresh_from_db()
    assert (thread.accepted_answer, thread.accepted_at) == (post, LATER)


# --- Answers -----------------------------------------------------------------------------------


def test_the_asker_accepts_one_answer_and_may_choose_another() -> None:
    thread = make_thread(kind="question", replies=2)
    for floor in (2, 3, 3):
        actions.accept_answer(post=thread.posts.get(floor=floor), fan=thread.author, at=NOW)
    thread.refresh_from_db()
    assert (thread.accepted_answer.floor, thread.accepted_at) == (3, NOW)  # type: ignore[union-attr]
    actions.withdraw_answer(thread=thread, fan=thread.author, at=LATER)
    actions.withdraw_answer(thread=thread, fan=thread.author, at=LATER)
    thread.refresh_from_db()
    assert (thread.accepted_answer, thread.accepted_at) == (None, None)


def test_nobody_else_accepts() -> None:
    thread = make_thread(kind="question", replies=1)
    post = thread.posts.get(floor=2)
    for fan in (make_fan(), make_moderator(), make_staff()):
        with pytest.raises(actions.NotAllowed):
            actions.accept_answer(post=post, fan=fan, at=NOW)
        with pytest.raises(actions.NotAllowed):
            actions.withdraw_answer(thread=thread, fan=fan, at=LATER)


def test_a_discussion_has_no_answer() -> None:
    thread = make_thread(replies=1)
    with pytest.raises(actions.NotAllowed):
        actions.accept_answer(post=thread.posts.get(floor=2), fan=thread.author, at=NOW)


def test_neither_the_question_nor_a_hidden_reply_is_an_answer() -> None:
    thread = make_thread(kind="question")
    hidden = make_post(thread, state=State.HIDDEN)
    for post in (thread.posts.get(floor=1), hidden):
        with pytest.raises(actions.NotAnAnswer):
            actions.accept_answer(post=post, fan=thread.author, at=NOW)


# --- Reactions -----------------------------------------------------------------------------------


def test_reacting_twice_is_the_same_as_once() -> None:
    post, fan = reply(make_thread()), make_fan()
    for kind in (LIKE, LIKE, HELPFUL):
        actions.react(post=post, fan=fan, kind=kind, at=NOW)
    post.refresh_from_db()
    assert (post.like_count, post.helpful_count, Reaction.objects.count()) == (1, 1, 2)
    for kind in (LIKE, LIKE):
        actions.unreact(post=post, fan=fan, kind=kind, at=LATER)
    post.refresh_from_db()
    assert (post.like_count, post.helpful_count, Reaction.objects.count()) == (0, 1, 1)


def test_nobody_reacts_to_their_own_post() -> None:
    post = reply(make_thread())
    with pytest.raises(actions.NotAllowed):
        actions.react(post=post, fan=post.author, kind=LIKE, at=NOW)


def test_nobody_reacts_to_what_they_may_not_see() -> None:
    thread = make_thread(board=BoardFactory.create(readable_by="core"))
    post, hidden = make_post(thread), make_post(make_thread(), state=State.HIDDEN)
    for unseen in (post, hidden):
        with pytest.raises(actions.NotAllowed):
            actions.react(post=unseen, fan=make_fan(), kind=LIKE, at=NOW)
    actions.react(post=post, fan=make_core_fan(), kind=LIKE, at=NOW)
    assert Reaction.objects.get().post == post


def test_a_reaction_can_be_taken_back_from_what_was_hidden() -> None:
    post, fan = reply(make_thread()), make_fan()
    actions.react(post=post, fan=fan, kind=LIKE, at=NOW)
    hide(post, None)
    actions.unreact(post=post, fan=fan, kind=LIKE, at=LATER)
    post.refresh_from_db()
    assert post.like_count == 0


# --- Steering ------------------------------------------------------------------------------------

SWITCHES = [
    (actions.feature, actions.unfeature, "featured_at", "featured"),
    (actions.pin, actions.unpin, "pinned_at", "pinned"),
    (actions.lock, actions.unlock, "locked_at", "locked"),
]


@pytest.mark.parametrize(("on", "off", "field", "verb"), SWITCHES)
def test_switches_are_idempotent_and_written_down(
    on: Callable[..., None], off: Callable[..., None], field: str, verb: str
) -> None:
    thread, moderator = make_thread(), make_moderator()
    on(thread=thread, by=moderator, at=NOW)
    on(thread=thread, by=moderator, at=LATER)
    thread.refresh_from_db()
    assert getattr(thread, field) == NOW
    off(thread=thread, by=moderator, at=LATER)
    off(thread=thread, by=moderator, at=LATER)
    thread.refresh_from_db()
    assert getattr(thread, field) is None
    verbs = AuditEntry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == [verb, f"un{verb}"]


@pytest.mark.parametrize(("on", "off", "field", "verb"), SWITCHES)
def test_who_may_not_switch(
    on: Callable[..., None], off: Callable[..., None], field: str, verb: str
) -> None:
    moderator = make_moderator()
    own = make_thread(author=moderator)
    elsewhere = make_moderator(f"board:{BoardFactory.create().pk}")
    for thread, by in ((own, moderator), (own, make_regular()), (own, elsewhere)):
        for switch in (on, off):
            with pytest.raises(actions.NotAllowed):
                switch(thread=thread, by=by, at=NOW)


def test_staff_pin_what_they_announce_but_do_not_feature_it() -> None:
    staff = make_staff()
    thread = make_thread(author=staff)
    actions.pin(thread=thread, by=staff, at=NOW)
    with pytest.raises(actions.NotAllowed):
        actions.feature(thread=thread, by=staff, at=NOW)


def test_moving_needs_rights_on_both_boards() -> None:
    here, there = BoardFactory.create(), BoardFactory.create()
    thread = make_thread(board=here)
    for moderator in (make_moderator(f"board:{here.pk}"), make_moderator(f"board:{there.pk}")):
        with pytest.raises(actions.NotAllowed):
            actions.move(thread=thread, board=there, by=moderator, at=NOW)
    both = make_moderator()
    actions.move(thread=thread, board=there, by=both, at=NOW, reason="About the watch")
    actions.move(thread=thread, board=there, by=both, at=NOW)
    thread.refresh_from_db()
    assert thread.board == there
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.reason) == ("moved", "About the watch")


def test_nothing_is_moved_to_an_archived_board() -> None:
    with pytest.raises(actions.BoardClosed):
        actions.move(
            thread=make_thread(),
            board=BoardFactory.create(archived_at=NOW),
            by=make_moderator(),
            at=NOW,
        )


# --- Reading ---------------------------------------------------------------------------------------


def test_a_read_position_never_goes_back() -> None:
    fan, thread = make_fan(), make_thread(replies=5)
    for floor in (3, 5, 2, 5):
        actions.mark_read(fan=fan, thread=thread, floor=floor, at=NOW)
    assert ReadPosition.objects.get().floor == 5


def test_moving_a_read_position_takes_one_statement(
    django_assert_num_queries: Callable[..., object],
) -> None:
    fan, thread = make_fan(), make_thread(replies=5)
    actions.mark_read(fan=fan, thread=thread, floor=1, at=NOW)
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        actions.mark_read(fan=fan, thread=thread, floor=2, at=NOW)


def test_marking_all_as_read_can_be_undone() -> None:
    fan = make_fan()
    opened, unopened, since = (make_thread(replies=3) for _ in range(3))
    actions.mark_read(fan=fan, thread=opened, floor=2, at=NOW)
    before = actions.mark_all_read(fan=fan, threads=Thread.objects.listed(), at=LATER)
    assert before == {opened.pk: 2, unopened.pk: 0, since.pk: 0}
    assert set(ReadPosition.objects.values_list("floor", flat=True)) == {4}
    make_post(since)
    actions.mark_read(fan=fan, thread=since, floor=5, at=LATER + timedelta(minutes=1))
    actions.undo_mark_all_read(fan=fan, before=before, at=LATER)
    left = ReadPosition.objects.order_by("thread").values_list("thread", "floor")
    assert list(left) == [(opened.pk, 2), (since.pk, 5)]


def test_marking_all_as_read_leaves_none_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("community.threads.actions.reading.READ_AT_ONCE", 2)
    fan, threads = make_fan(), [make_thread() for _ in range(5)]
    actions.mark_read(fan=fan, thread=threads[0], floor=1, at=NOW)
    Thread.objects.filter(pk=threads[0].pk).update(last_floor=2)
    before = actions.mark_all_read(fan=fan, threads=Thread.objects.listed(), at=LATER)
    assert ReadPosition.objects.filter(fan=fan, read_at=LATER).count() == len(before) == 5
    actions.undo_mark_all_read(fan=fan, before={threads[0].pk: 1}, at=LATER)
    assert list(ReadPosition.objects.values_list("thread", "floor")) == [(threads[0].pk, 1)]


# --- Counts ----------------------------------------------------------------------------------------


def recount(*options: str) -> list[str]:
    out = StringIO()
    call_command("recount_threads", *options, stdout=out, stderr=StringIO())
    return out.getvalue().splitlines()


def test_after_everything_that_can_happen_a_recount_finds_nothing() -> None:
    thread, moderator = make_thread(kind="question"), make_moderator()
    posts = [
        reply(thread, source=f"Words of reply {n}", at=NOW + timedelta(minutes=n)) for n in range(6)
    ]
    waiting = [reply(thread, make_fan(), source=f"First words {n}", at=LATER) for n in range(3)]
    actions.react(post=posts[0], fan=make_fan(), kind=LIKE, at=NOW)
    actions.react(post=posts[0], fan=make_fan(), kind=HELPFUL, at=NOW)
    hide(posts[1], moderator)
    remove(posts[2], moderator)
    actions.delete_post(post=posts[5], author=posts[5].author, at=LATER)
    restore(posts[1], moderator)
    actions.release_waiting(post=waiting[1], at=LATER + timedelta(minutes=10))
    actions.reject(post=waiting[2], by=moderator, rule="spam", at=LATER)
    reply(thread, at=LATER + timedelta(minutes=20))
    actions.edit_post(post=posts[3], editor=posts[3].author, source="Other words now", at=LATER)
    thread_count = Thread.objects.count()
    assert recount() == [f"{thread_count} threads looked at, 0 counts mended"]


def test_a_recount_says_what_differs_and_mends_it() -> None:
    thread = make_thread()
    post = reply(thread)
    Thread.objects.filter(pk=thread.pk).update(reply_count=7, last_author=thread.author)
    Post.objects.filter(pk=post.pk).update(like_count=3)
    expected = [
        f"thread:{thread.pk} reply_count: 7 is 1",
        f"thread:{thread.pk} last_author_id: {thread.author_id} is {post.author_id}",
        f"post:{post.pk} like_count: 3 is 0",
    ]
    assert recount("--dry-run")[:-1] == expected
    assert recount()[:-1] == expected
    assert recount()[:-1] == []
    assert counts(thread) == (1, 1, 2)
