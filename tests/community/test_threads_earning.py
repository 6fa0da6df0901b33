"""What words earn (spec §2): recorded with the act, reversed when the act no longer stands."""

from datetime import timedelta

import pytest

from community.moderation import actions as moderation
from community.moderation.models import SanctionKind
from community.threads import actions, tasks
from community.threads.models import Post, ReactionKind, ThreadKind
from fans import clock
from fans.accounts.models import Fan
from fans.ledger.models import ActiveDay
from fans.ledger.scores import score
from tests.factories import NOW, make_fan, make_moderator, make_post, make_staff, make_thread

DAY = timedelta(days=1)
LATER = NOW + DAY
LONG_ENOUGH = "Twenty letters or more, all told."
pytestmark = pytest.mark.django_db


def rows_of(fan: Fan) -> list[tuple[str, int, str]]:
    return list(fan.contributions.order_by("pk").values_list("kind", "points", "reason"))


def points_of(fan: Fan) -> int:
    return score(fan, NOW + 60 * DAY, 90)


# --- post.basic ----------------------------------------------------------------------------------


def sweep(monkeypatch: pytest.MonkeyPatch, at: object = LATER) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)
    tasks.count_posts_that_were_answered()


def test_a_post_that_was_answered_and_stood_a_day_earns_a_point(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    thread = make_thread(words=LONG_ENOUGH)
    make_post(thread, source="Me too.")
    for _ in range(2):  # delivered twice
        sweep(monkeypatch)
    assert rows_of(thread.author) == [("post.basic", 1, "")]
    assert thread.author.contributions.get().effective_at == NOW


def test_a_reply_is_answered_by_a_reply_to_it_or_by_a_mark(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    thread = make_thread()
    answered, marked, left = (make_post(thread, source=LONG_ENOUGH) for _ in range(3))
    make_post(thread, source="Yes.", reply_to=answered)
    actions.react(post=marked, fan=make_fan(), kind=ReactionKind.LIKE, at=NOW)
    sweep(monkeypatch)
    assert [points_of(post.author) for post in (answered, marked, left)] == [1, 1, 0]


@pytest.mark.parametrize(
    ("words", "points"),
    [
        ("x" * 19, 0),
        ("x" * 20, 1),
        ("橙" * 7, 0),  # 17.5
        ("橙" * 8, 1),  # 20
    ],
)
def test_a_han_character_weighs_two_and_a_half(
    monkeypatch: pytest.MonkeyPatch, words: str, points: int
) -> None:
    thread = make_thread(words=words)
    make_post(thread)
    sweep(monkeypatch)
    assert points_of(thread.author) == points


def test_not_within_the_first_day(monkeypatch: pytest.MonkeyPatch) -> None:
    thread = make_thread(words=LONG_ENOUGH)
    make_post(thread)
    sweep(monkeypatch, LATER - timedelta(seconds=1))
    assert rows_of(thread.author) == []


def test_an_answer_after_two_weeks_comes_too_late(monkeypatch: pytest.MonkeyPatch) -> None:
    thread = make_thread(words=LONG_ENOUGH)
    make_post(thread, created_at=NOW + 14 * DAY + timedelta(seconds=1))
    sweep(monkeypatch, NOW + 15 * DAY)
    assert rows_of(thread.author) == []


def test_answering_oneself_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    thread = make_thread(words=LONG_ENOUGH, replies=2)
    sweep(monkeypatch)
    assert rows_of(thread.author) == []


def test_what_was_imported_earns_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    thread = make_thread(words=LONG_ENOUGH)
    make_post(thread)
    Post.objects.filter(thread=thread, floor=1).update(imported_as="discourse:1")
    sweep(monkeypatch)
    assert rows_of(thread.author) == []


# --- thread.featured -----------------------------------------------------------------------------


def test_a_featured_thread_earns_while_it_is_featured() -> None:
    thread, moderator = make_thread(), make_moderator()
    for _ in range(2):
        actions.feature(thread=thread, by=moderator, at=NOW)
    assert points_of(thread.author) == 10
    actions.unfeature(thread=thread, by=moderator, at=LATER)
    assert points_of(thread.author) == 0
    actions.feature(thread=thread, by=moderator, at=LATER)
    assert [points for _, points, _ in rows_of(thread.author)] == [10, -10, 10]


# --- reply.helpful -------------------------------------------------------------------------------


def mark(post: Post, *fans: Fan) -> None:
    for fan in fans:
        actions.react(post=post, fan=fan, kind=ReactionKind.HELPFUL, at=NOW)


def test_the_third_fan_who_finds_it_helpful_makes_it_count() -> None:
    post = make_post(make_thread())
    one, two, three, four = (make_fan() for _ in range(4))
    mark(post, one, two)
    assert rows_of(post.author) == []
    mark(post, three, three, four)
    assert rows_of(post.author) == [("reply.helpful", 2, "")]
    assert set(post.author.contributions.get().givings.values_list("giver", flat=True)) == {
        *(one.pk, two.pk, three.pk)
    }


def test_below_three_it_no_longer_counts() -> None:
    post = make_post(make_thread())
    fans = [make_fan() for _ in range(3)]
    mark(post, *fans)
    actions.unreact(post=post, fan=fans[0], kind=ReactionKind.HELPFUL, at=LATER)
    assert points_of(post.author) == 0
    mark(post, fans[0])
    assert points_of(post.author) == 2
    assert len(rows_of(post.author)) == 3


def test_the_first_post_of_a_thread_is_no_reply() -> None:
    thread = make_thread()
    mark(thread.posts.get(), *(make_fan() for _ in range(3)))
    assert rows_of(thread.author) == []


# --- answer.accepted -------------------------------------------------------------------------------


def make_answer(**asker: object) -> Post:
    thread = make_thread(kind=ThreadKind.QUESTION, author=make_fan(**asker))
    return make_post(thread)


def accept(post: Post) -> None:
    actions.accept_answer(post=post, fan=post.thread.author, at=NOW)


def test_an_accepted_answer_earns_until_another_takes_its_place() -> None:
    first = make_answer()
    second = make_post(first.thread)
    accept(first)
    accept(first)
    assert rows_of(first.author) == [("answer.accepted", 8, "")]
    accept(second)
    assert (points_of(first.author), points_of(second.author)) == (0, 8)
    actions.withdraw_answer(thread=first.thread, fan=first.thread.author, at=LATER)
    assert points_of(second.author) == 0
    accept(first)
    assert points_of(first.author) == 8
    assert len(rows_of(first.author)) == 3


def test_the_asker_must_be_two_weeks_old() -> None:
    young = make_answer(joined_at=NOW - 14 * DAY + timedelta(seconds=1))
    old = make_answer(joined_at=NOW - 14 * DAY)
    accept(young)
    accept(old)
    assert (points_of(young.author), points_of(old.author)) == (0, 8)


def test_who_was_invited_by_the_author_cannot_give() -> None:
    author = make_fan()
    thread = make_thread(kind=ThreadKind.QUESTION, author=make_fan(invited_by=author))
    accept(make_post(thread, author=author))
    assert rows_of(author) == []


def test_an_answer_of_ones_own_earns_nothing() -> None:
    thread = make_thread(kind=ThreadKind.QUESTION, replies=1)
    accept(thread.posts.get(floor=2))
    assert rows_of(thread.author) == []


# --- out of sight, and sanctions ---------------------------------------------------------------------


def test_a_removed_post_loses_what_it_earned_and_gets_it_back_on_appeal() -> None:
    post, moderator = make_answer(), make_moderator()
    accept(post)
    actions.remove(post=post, by=moderator, rule="spam", at=LATER)
    assert rows_of(post.author) == [
        ("answer.accepted", 8, ""),
        ("answer.accepted", -8, "out of sight"),
        ("sanction.removed", -10, ""),
    ]
    actions.reinstate(post=post, by=moderator, at=LATER)
    assert points_of(post.author) == 8


def test_what_was_taken_back_before_stays_so_when_the_post_comes_back() -> None:
    post, moderator = make_answer(), make_moderator()
    accept(post)
    actions.withdraw_answer(thread=post.thread, fan=post.thread.author, at=LATER)
    actions.hide(post=post, by=moderator, at=LATER)
    actions.restore(post=post, by=moderator, at=LATER)
    assert points_of(post.author) == 0


def test_deleting_a_featured_thread_takes_its_points_and_undo_brings_them_back() -> None:
    thread = make_thread()
    actions.feature(thread=thread, by=make_moderator(), at=NOW)
    first = thread.posts.get()
    actions.delete_post(post=first, author=thread.author, at=LATER)
    assert points_of(thread.author) == 0
    actions.restore_post(post=first, author=thread.author, at=LATER)
    assert points_of(thread.author) == 10


@pytest.mark.parametrize(
    ("kind", "days", "points"), [(SanctionKind.WARN, None, -5), (SanctionKind.MUTE, 3, -20)]
)
def test_a_sanction_costs_points_until_it_is_taken_back(
    kind: SanctionKind, days: int | None, points: int
) -> None:
    fan, moderator = make_fan(), make_moderator()
    made = moderation.sanction(
        fan=fan, kind=kind, rule="abuse", reason="An insult", by=moderator, at=NOW, days=days
    )
    assert points_of(fan) == points
    moderation.lift_sanction(sanction=made, by=make_staff(), at=LATER)
    assert points_of(fan) == 0


# --- who was active -----------------------------------------------------------------------------


def test_posting_makes_its_author_active_that_day() -> None:
    thread, fan = make_thread(), make_fan()
    for number in range(2):
        actions.reply(
            thread=thread,
            author=fan,
            source=f"{LONG_ENOUGH} {number}",
            submission_key=f"key-{number}",
            at=NOW + timedelta(minutes=number),
        )
    assert list(ActiveDay.objects.values_list("fan", "act_count")) == [(fan.pk, 2)]
