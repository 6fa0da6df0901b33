"""Wishes like the one that is typed (F5), and those a search finds (U-T3). Nothing leaks."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from community.feature_requests import tasks
from community.feature_requests.models import FeatureRequest, Status
from community.feature_requests.personal_data import erase
from community.feature_requests.similar import found, similar_to
from community.products.models import Tag
from community.threads import actions as threads
from community.threads.models import Audience, Board, State
from fans.accounts.models import Fan
from fans.search.finding import find
from fans.search.models import SearchEntry
from tests.community.feature_requests import make_request, merge, ship, undo, vote
from tests.community.threads import make_regular
from tests.community.wishes_to_find import PHRASINGS, WISHES
from tests.factories import (
    NOW,
    ProductFactory,
    make_core_fan,
    make_fan,
    make_moderator,
    make_staff,
)

pytestmark = pytest.mark.django_db


def similar(title: str, reader: Any = None, at: Any = NOW) -> list[int]:
    return [row.pk for row in similar_to(title, reader or make_fan(), at)]


def test_people_find_what_they_half_remember() -> None:
    """U-T3: of these phrasings nine in ten lead to their wish within the first three."""
    author, product = make_regular(), ProductFactory.create()
    wishes = {
        name: make_request(author=author, product=product, title=title, problem=problem).pk
        for name, (title, problem) in WISHES.items()
    }
    reader = make_fan()
    missed = {"typed": [], "searched": []}
    for words, name in PHRASINGS:
        if wishes[name] not in similar(words, reader)[:3]:
            missed["typed"].append((words, name))
        if wishes[name] not in found(words, reader)[:3]:
            missed["searched"].append((words, name))
    assert len(WISHES) >= 60
    assert len(PHRASINGS) >= 50
    for misses in missed.values():
        assert len(misses) <= len(PHRASINGS) / 10, misses


# --- What is like it, and in which order ------------------------------------------------------


def test_both_scripts_and_short_words_find_each_other() -> None:
    wish = make_request(
        title="閙鐘的聲音太小", problem="早上聽不見，上班經常遲到，用的是資料庫手錶。"
    )

    assert similar("声音") == [wish.pk]
    assert similar("闹钟声音") == [wish.pk]
    assert found("数据库", make_fan()) == [wish.pk]


def test_a_merged_wish_leads_to_the_one_it_is_shown_through() -> None:
    """F4."""
    target = make_request(title="A heavier duvet for winter")
    source = make_request(title="Louder morning bell please")
    chained = make_request(title="The morning bell is not loud")
    merge(source, target)
    merge(chained, source)

    assert similar("a louder morning bell") == [target.pk]
    assert found("bell morning", make_fan()) == [target.pk]

    undo(chained)
    assert similar("a loud morning bell")[0] == chained.pk


def test_open_wishes_come_first_then_what_ended_lately_and_is_much_like_it() -> None:
    shipped = make_request(title="A blue strap with a buckle", status=Status.IN_TESTING)
    ship(shipped)
    declined = make_request(title="A blue strap", status=Status.DECLINED)
    still_open = make_request(title="A strap for children, too")
    unlike = make_request(title="Blue letters on the screen", status=Status.DECLINED)

    assert similar("A blue strap") == [still_open.pk, declined.pk, shipped.pk]
    assert similar("A blue strap", at=NOW + timedelta(days=181)) == [still_open.pk]
    assert unlike.pk in found("blue letters", make_fan())


def test_at_most_five_open_ones_are_shown_the_most_wanted_first_among_equals() -> None:
    wishes = [make_request(title="A louder alarm clock") for _ in range(6)]
    vote(wishes[2], make_fan())

    assert similar("louder alarm clock") == [
        wishes[2].pk,
        *(wishes[at].pk for at in (5, 4, 3, 1)),
    ]


def test_each_comes_with_the_readers_vote() -> None:
    wish, reader = make_request(title="A louder alarm clock"), make_fan()
    assert [row.has_my_vote for row in similar_to("louder alarm", reader, NOW)] == [False]
    vote(wish, reader)
    assert [row.has_my_vote for row in similar_to("louder alarm", reader, NOW)] == [True]


def test_a_number_or_an_address_finds_its_wish() -> None:
    wish, reader = make_request(title="A louder alarm clock"), make_fan()
    make_request(title=f"Count to {wish.pk} slowly please")

    assert found(f"#{wish.pk}", reader)[0] == wish.pk
    assert found(wish.get_absolute_url(), reader)[0] == wish.pk
    assert found("#999999999999999999", reader) == []


def test_where_nothing_holds_all_words_the_most_alike_is_found() -> None:
    wish = make_request(title="A louder alarm clock")
    make_request(title="Bicycle tyres that last")

    assert found("alarm clock with a rooster", make_fan()) == [wish.pk]


# --- Nothing leaks (R1, R2) ------------------------------------------------------------------


def who_finds(words: str, readers: dict[str, Fan]) -> set[str]:
    by_words = {name for name, reader in readers.items() if similar(words, reader)}
    by_search = {name for name, reader in readers.items() if found(words, reader)}
    by_number = {
        name
        for name, reader in readers.items()
        if found(f"#{FeatureRequest.objects.latest('pk').pk}", reader)
    }
    assert by_words <= by_search == by_number
    return by_search


@pytest.fixture
def readers() -> dict[str, Fan]:
    return {
        "author": make_regular(),
        "fan": make_fan(),
        "core": make_core_fan(),
        "moderator": make_moderator(),
        "staff": make_staff(),
    }


@pytest.mark.parametrize(
    ("state", "finders"),
    [
        (State.PUBLISHED, {"author", "fan", "core", "moderator", "staff"}),
        (State.WAITING, {"author", "moderator", "staff"}),
        (State.HIDDEN, {"author", "moderator", "staff"}),
        (State.REMOVED, {"author", "moderator", "staff"}),
        (State.DELETED, {"moderator", "staff"}),
    ],
)
def test_only_who_may_see_a_wish_finds_it(
    state: State, finders: set[str], readers: dict[str, Fan]
) -> None:
    wish = make_request(author=readers["author"], title="The unicorn ringtone")
    wish.thread.posts.update(state=state, rule="spam")
    type(wish.thread).objects.filter(pk=wish.thread_id).update(state=state)

    assert who_finds("unicorn", readers) == finders
    tasks.index_wishes()
    assert who_finds("unicorn", readers) == finders


def test_a_wish_on_a_restricted_board_is_found_by_its_readers_alone(
    readers: dict[str, Fan],
) -> None:
    make_request(author=readers["staff"], title="The unicorn ringtone")
    Board.objects.filter(kept_for="requests").update(readable_by=Audience.CORE)
    inside = {"core", "moderator", "staff"}

    assert who_finds("unicorn", readers) == inside  # at once
    tasks.index_wishes()
    assert SearchEntry.objects.get().audience == Audience.CORE
    assert who_finds("unicorn", readers) == inside

    Board.objects.filter(kept_for="requests").update(readable_by=Audience.EVERYONE)
    tasks.index_wishes()
    assert who_finds("unicorn", readers) == set(readers)


def test_words_that_wait_find_nothing_though_the_title_stays(readers: dict[str, Fan]) -> None:
    """An edit that waits under replies by others: the wish is listed, its words are not seen."""
    author, fan = readers["author"], readers["fan"]
    wish = make_request(author=author, title="A ringtone", problem="It must be a unicorn, always.")
    assert found("unicorn", fan) == [wish.pk]

    wish.thread.posts.update(state=State.WAITING)
    type(wish.thread).objects.update(change_count=9)
    assert found("unicorn", fan) == []  # before the sweep
    tasks.index_wishes()
    assert found("unicorn", fan) == []
    assert found("ringtone", fan) == [wish.pk]


# --- The index keeps up ----------------------------------------------------------------------


def test_a_wish_is_indexed_with_its_filing_and_an_edit_by_the_sweep() -> None:
    wish, reader = make_request(title="The unicorn ringtone"), make_fan()
    post = wish.thread.posts.get(floor=1)
    assert found("unicorn", reader) == [wish.pk]

    threads.edit_post(
        post=post,
        editor=wish.author,
        source="Now about a griffin, every day.",
        title="The griffin ringtone",
        at=NOW,
    )
    tasks.index_wishes()

    assert found("griffin", reader) == [wish.pk]
    assert find_exactly("unicorn") == []


def find_exactly(words: str) -> list[int]:
    return find(words, kind="request", audiences=["everyone"], limit=9)


def test_the_sweep_writes_what_is_missing_and_then_rests(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    wish = make_request(title="The unicorn ringtone")
    SearchEntry.objects.all().delete()
    assert found("unicorn", make_fan()) == []

    tasks.index_wishes()

    assert found("unicorn", make_fan()) == [wish.pk]
    with django_assert_num_queries(1):
        tasks.index_wishes()


def test_one_wish_that_cannot_be_indexed_does_not_stop_the_rest() -> None:
    broken, wish = make_request(title="No words at all"), make_request(title="The unicorn")
    broken.thread.posts.all().delete()
    SearchEntry.objects.all().delete()

    tasks.index_wishes()

    assert find_exactly("unicorn") == [wish.pk]


def test_everything_can_be_rebuilt(capsys: pytest.CaptureFixture[str]) -> None:
    wish = make_request(title="The unicorn ringtone")
    SearchEntry.objects.update(title_tokens="nonsense", word_tokens="")
    SearchEntry.objects.create(kind="request", key=10**9, title_tokens="unicorn")

    call_command("rebuild_search")

    assert capsys.readouterr().out == "1 wishes can be found, 1 entries were old\n"
    assert find_exactly("unicorn") == [wish.pk]


def test_erased_words_leave_the_index_in_the_same_act() -> None:
    """A5."""
    wish = make_request(title="The unicorn ringtone")
    erase(fan=wish.author, at=NOW, with_words=True)
    assert find_exactly("unicorn") == []


# --- The page --------------------------------------------------------------------------------


@pytest.mark.parametrize("several", [1, 3])
def test_similar_wishes_are_shown_while_a_title_is_typed(
    several: int, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """F5, P14: the same queries for one and for three."""
    wishes = [make_request(title=f"A louder alarm clock {'!' * n}") for n in range(several)]
    client.force_login(make_fan())
    client.get("/requests/similar/?title=warm")

    # PostgreSQL is asked for its statistics, too.
    with django_assert_num_queries(9 if connection.vendor == "sqlite" else 10):
        page = client.get("/requests/similar/?title=louder+alarms")

    assert [row.pk for row in page.context["similar"]] == [wish.pk for wish in wishes[::-1]]
    assert page.text.count('form="votes"') == several


def test_the_partial_says_when_nothing_is_like_it(client: Client) -> None:
    client.force_login(make_fan())
    assert "Nothing like it" in client.get("/requests/similar/?title=A+whole+new+idea").text
    assert "For example" in client.get("/requests/similar/?title=A").text
    assert "For example" in client.get("/requests/similar/").text


def test_voting_without_script_comes_back_to_what_was_typed(client: Client) -> None:
    wish = make_request(title="A louder alarm clock")
    client.force_login(make_fan())
    typed = {"title": "louder alarm 闹钟", "problem": "Late & tired.", "preview": "1"}
    page = client.post("/requests/new/", typed)

    answer = client.post(f"/requests/{wish.pk}/vote/", {"next": page.context["next"]})

    assert answer.status_code == 302
    form = client.get(answer["Location"]).context["form"]
    assert (form["title"].value(), form["problem"].value()) == (
        "louder alarm 闹钟",
        "Late & tired.",
    )


def filled_in(**fields: Any) -> dict[str, Any]:
    product = ProductFactory.create()
    return {
        "title": "A louder alarm clock",
        "problem": "Nobody hears it in the morning, and then I am late.",
        "product": product.pk,
        "stage": "build",
        **fields,
    }


def test_a_wish_takes_up_to_three_subjects(client: Client) -> None:
    tags = [Tag.objects.create(name=f"Tag {n}", slug=f"tag-{n}") for n in range(4)]
    client.force_login(make_regular())

    refused = client.post("/requests/new/", filled_in(tags=[tag.pk for tag in tags]))
    assert (refused.status_code, FeatureRequest.objects.count()) == (422, 0)
    assert "Choose three at most." in refused.text

    client.post("/requests/new/", filled_in(tags=[tag.pk for tag in tags[:3]]))
    wish = FeatureRequest.objects.get()
    assert (wish.stage, list(wish.tags.order_by("pk"))) == ("build", tags[:3])


def test_a_retired_subject_is_not_offered(client: Client) -> None:
    Tag.objects.create(name="Old", slug="old", retired_at=NOW)
    client.force_login(make_staff())
    assert "tags" not in client.get("/requests/new/").context["form"].fields


def test_what_is_typed_is_kept_on_the_device(client: Client) -> None:
    client.force_login(make_fan())
    assert client.get("/requests/new/").text.count('data-draft="wish"') == 3
