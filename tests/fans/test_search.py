"""The index: tokens of both scripts, the same answers on both engines."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from fans.search import fulltext
from fans.search.actions import Text, forget, index
from fans.search.finding import find, like
from fans.search.models import SearchEntry
from fans.search.tokens import runs_of, stem_of, tokens_of


def text(key: int, title: str, words: str = "", **fields: Any) -> Text:
    wanted = {"kind": "thing", "url": f"/things/{key}/", "language": "en", "audience": "everyone"}
    return Text(**{**wanted, "key": key, "title": title, "words": words, **fields})


def found(query: str, **scope: Any) -> list[int]:
    return find(query, **{"kind": "thing", "audiences": ["everyone"], "limit": 10, **scope})


def likes(words: str) -> list[int]:
    return [each.key for each in like(words, kind="thing", audiences=["everyone"], limit=10)]


@pytest.mark.parametrize(
    ("words", "tokens"),
    [
        ("Café ALARM", ["cafe", "alarm"]),
        ("复合主键", ["复合", "合主", "主键", "键"]),
        ("測試", ["测试", "试"]),
        ("資料庫", ["资料", "料库", "库", "数据", "据库", "库"]),
        ("异步django任务", ["异步", "步", "django", "任务", "务"]),
        ("don’t", ["dont"]),
        ("ＡＢＣ１２", ["abc12"]),
        ("हिन्दी", ["हिन्दी"]),
        ("がぎ", ["がぎ", "ぎ"]),
        ("한국어", ["한국", "국어", "어"]),
        ("*\"' -- \0 <->", []),
    ],
)
def test_text_is_cut_into_words_and_overlapping_pairs(words: str, tokens: list[str]) -> None:
    assert tokens_of(words) == tokens


@pytest.mark.parametrize(
    ("several", "stem"),
    [
        (["alarm", "alarms"], "alarm"),
        (["charge", "charged", "charging", "charges"], "charg"),
        (["battery", "batteries"], "battery"),
        (["stop", "stopped", "stopping"], "stop"),
        (["vibrate", "vibration", "vibrating"], "vibrat"),
        (["note", "notes"], "note"),
        (["status"], "status"),
        (["ring"], "ring"),
    ],
)
def test_an_english_word_is_known_by_its_stem(several: list[str], stem: str) -> None:
    assert {stem_of(word) for word in several} == {stem}


@given(st.text())
def test_cutting_twice_is_the_same_as_cutting_once(words: str) -> None:
    once = runs_of(words)
    assert runs_of(" ".join(once)) == once


class WhateverIsWrittenIsFound(TestCase):
    """Index and query agree, whatever people write, on the engine that is asked."""

    @settings(max_examples=60, deadline=None)
    @given(st.text(min_size=1, max_size=40))
    def test_by_its_own_words(self, words: str) -> None:
        index([text(1, "Something else", "altogether"), text(2, "-", words)])
        for query in [words, *runs_of(words)[:3]]:
            assert (2 in found(query)) == bool(runs_of(query))


@pytest.mark.django_db
def test_what_holds_all_words_is_found_its_title_first() -> None:
    index(
        [
            text(1, "Louder alarm at night"),
            text(2, "Night sounds", "The alarm is too quiet."),
            text(3, "A louder ring"),
        ]
    )

    assert found("night alarm") == [1, 2]
    assert found("alarm louder morning") == []


@pytest.mark.django_db
def test_the_last_word_may_be_half_typed() -> None:
    index([text(1, "Export my readings"), text(2, "Expect rain")])

    assert found("expo") == [1]
    assert found("expo readings") == []
    assert found("readings exp") == [1]


@pytest.mark.django_db
def test_words_of_two_characters_and_single_ones_are_found() -> None:
    index([text(1, "复合主键怎么建"), text(2, "异步任务"), text(3, "主要的键")])

    assert found("主键") == [1]
    assert found("键") == [3, 1]
    assert found("键怎") == [1]
    assert found("复合主键") == [1]
    assert found("合复") == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("测试", "測試"),
        ("測試", "测试"),
        ("数据库", "資料庫"),
        ("資料庫", "数据库"),
        ("軟體", "软件"),
    ],
)
def test_both_chinese_scripts_find_each_other(written: str, asked: str) -> None:
    index([text(1, f"我要{written}更快"), text(2, "别的事情")])

    assert found(asked) == [1]
    assert likes(asked) == [1]


@pytest.mark.django_db
def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    index([text(key, f"Please make the app number {key} better") for key in range(1, 9)])
    index([text(9, "Please keep the duvet warm"), text(10, "A heavy duvet")])

    assert likes("please a duvet for the winter") == [9, 10]


@pytest.mark.django_db
def test_what_shares_too_little_is_not_like_it() -> None:
    index([text(1, "The strap is too short for me"), text(2, "The alarm is too quiet for me")])

    assert likes("The camera takes blurred pictures of birds in the garden") == []


@pytest.mark.django_db
def test_only_its_kind_and_audience_is_found() -> None:
    index(
        [
            text(1, "An alarm for everyone"),
            text(2, "An alarm for the core", audience="core"),
            text(1, "An alarm of another kind", kind="other"),
        ]
    )

    assert found("alarm") == [1]
    assert found("alarm", audiences=["everyone", "core"]) == [2, 1]
    assert found("alarm", audiences=[]) == []
    assert likes("alarm for everyone") == [1]


@pytest.mark.django_db
def test_indexing_again_replaces_and_forgetting_removes() -> None:
    index([text(1, "An alarm")])
    index([text(1, "A bell")])
    assert (found("alarm"), found("bell")) == ([], [1])

    forget(kind="thing", keys=[1])
    assert (found("bell"), SearchEntry.objects.count()) == ([], 0)


@pytest.mark.django_db
def test_the_index_follows_whatever_writes_to_an_entry() -> None:
    """The database keeps it: queryset updates, deletions and what is rolled back."""
    index([text(1, "An alarm"), text(2, "A bell")])

    SearchEntry.objects.filter(key=1).update(title_tokens="a whistle")
    assert (found("alarm"), found("whistle")) == ([], [1])

    with transaction.atomic():
        SearchEntry.objects.all().delete()
        index([text(3, "A drum")])
        assert (found("bell"), found("drum")) == ([], [3])
        transaction.set_rollback(True)
    assert (found("bell"), found("drum")) == ([2], [])


@pytest.mark.django_db
def test_what_people_type_is_never_grammar() -> None:
    index([text(1, "An alarm")])

    for typed in ('"', "alarm AND", "alarm)", "NEAR(", "a:b*", "' & !x", "title_tokens:alarm", "-"):
        found(typed)
        likes(typed)
    assert found("alarm*") == [1]


@pytest.mark.django_db
def test_putting_the_index_up_twice_is_the_same_as_once() -> None:
    index([text(1, "An alarm")])

    fulltext.put_up()

    assert found("alarm") == [1]
    index([text(1, "A bell")])
    assert (found("alarm"), found("bell")) == ([], [1])


@pytest.mark.slow  # an upgrade that has been out for a while
@pytest.mark.django_db(transaction=True)
def test_the_index_goes_and_comes_with_its_migration() -> None:
    call_command("migrate", "fans", "0002", verbosity=0)
    call_command("migrate", verbosity=0)  # with all that came after it

    index([text(1, "An alarm")])
    assert found("alarm") == [1]
