"""A1: whose posts wait, and until when."""

from datetime import timedelta
from typing import Any

import pytest

from community.screening import rules
from community.screening.models import WatchedWord
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def judge(**facts: Any) -> rules.Verdict:
    usual: dict[str, Any] = {
        "approved_count": 3,
        "source": "Plain words about a phone.",
        "has_link": False,
        "has_picture": False,
        "every_post_waits": False,
        "release_minutes": 10,
        "at": NOW,
    }
    return rules.verdict(**usual | facts)


def watch(word: str) -> None:
    WatchedWord.objects.create(word=word, added_at=NOW)


def test_the_fourth_post_appears_at_once() -> None:
    assert judge(approved_count=3) == rules.Verdict(waits=False)


@pytest.mark.parametrize("approved_count", [0, 1, 2])
def test_each_of_the_first_three_posts_waits_ten_minutes(approved_count: int) -> None:
    assert judge(approved_count=approved_count) == rules.Verdict(
        waits=True, release_at=NOW + timedelta(minutes=10)
    )


def test_a_board_sets_its_own_minutes() -> None:
    assert judge(approved_count=0, release_minutes=45).release_at == NOW + timedelta(minutes=45)


def test_a_board_with_zero_minutes_releases_nothing_by_itself() -> None:
    assert judge(approved_count=0, release_minutes=0) == rules.Verdict(waits=True)


@pytest.mark.parametrize("fact", ["has_link", "has_picture"])
def test_a_first_post_with_a_link_or_a_picture_waits_for_a_moderator(fact: str) -> None:
    assert judge(approved_count=2, **{fact: True}) == rules.Verdict(waits=True)


@pytest.mark.parametrize("fact", ["has_link", "has_picture"])
def test_links_and_pictures_of_an_established_fan_do_not_wait(fact: str) -> None:
    assert judge(**{fact: True}) == rules.Verdict(waits=False)


def test_where_every_post_waits_a_moderator_decides_each() -> None:
    assert judge(every_post_waits=True) == rules.Verdict(waits=True)


def test_a_watched_word_makes_anybodys_post_wait_for_a_moderator() -> None:
    watch("casino")
    assert judge(source="Win at the Casino tonight.") == rules.Verdict(waits=True)


def test_a_first_post_with_a_watched_word_has_no_release_time() -> None:
    watch("casino")
    assert judge(approved_count=0, source="casino") == rules.Verdict(waits=True)


@pytest.mark.parametrize("facts", [{"approved_count": 0}, {"every_post_waits": True}, {}])
def test_posts_of_those_who_keep_order_never_wait(facts: dict[str, Any]) -> None:
    watch("phone")
    assert judge(keeps_order=True, **facts) == rules.Verdict(waits=False)


@pytest.mark.parametrize(
    "text", ["代购请加微信", "代\u200b购", "Ｃａｓｉｎｏ", "CASINO!", "cas\u00adino", "(casino)"]
)
def test_disguises_of_a_watched_word_are_seen_through(text: str) -> None:
    watch("代购")
    watch("Casino")
    assert rules.has_watched_word(text)


@pytest.mark.parametrize("text", ["casinos are many", "occasino", "代理购买", ""])
def test_a_watched_word_inside_another_word_is_not_found(text: str) -> None:
    watch("代购")
    watch("casino")
    assert not rules.has_watched_word(text)


def test_a_watched_word_made_of_nothing_visible_matches_nothing() -> None:
    watch("\u200b")
    assert not rules.has_watched_word("anything")


@pytest.mark.parametrize("word", ["a.b", "(", "[a-z]+", "a|b"])
def test_watched_words_are_words_and_not_patterns(word: str) -> None:
    watch(word)
    assert not rules.has_watched_word("axb ab zebra")
    assert rules.has_watched_word(f"so {word} it is")


@pytest.mark.parametrize(("waiting_count", "releases"), [(0, True), (20, True), (21, False)])
def test_more_than_twenty_waiting_at_once_stop_the_automatic_release(
    waiting_count: int, releases: bool
) -> None:
    assert rules.releases_by_themselves(waiting_count) is releases


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("abcdef", 6),
        ("a b\tc\n", 3),
        ("手机", 5),
        ("手机 ok", 7),
        ("\u200b\u200d\ufeff\u00ad\u2060", 0),
        ("\u3164\u2800\u115f", 0),
        ("e\u0301", 1),
        ("𠀀", 2.5),
        ("あ", 1),
        ("!?", 2),
    ],
)
def test_weight_counts_what_can_be_seen_and_han_more(text: str, expected: float) -> None:
    assert rules.weight(text) == expected
