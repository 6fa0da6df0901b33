"""What of threads stands on a fan's page, and what must not."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from community.threads.models import Post, Rule, State, Thread
from community.threads.profile import recent_replies, recent_threads
from fans.accounts.models import Fan
from tests.factories import BoardFactory, make_core_fan, make_fan, make_post, make_thread

pytestmark = pytest.mark.django_db
GUEST = AnonymousUser()


@pytest.fixture
def owner() -> Fan:
    return make_fan(handle="lin")


def test_who_wrote_nothing_has_no_section(owner: Fan) -> None:
    assert (recent_threads(owner, GUEST), recent_replies(owner, GUEST)) == (None, None)


def test_threads_stand_newest_first(owner: Fan, client: Client) -> None:
    make_thread(author=owner, title="The older one")
    make_thread(author=owner, title="The newer one")
    page = client.get("/fans/lin/").content.decode()
    assert 0 < page.index("The newer one") < page.index("The older one")


def test_a_reply_stands_with_its_beginning(owner: Fan, client: Client) -> None:
    make_post(make_thread(title="Where is it?"), author=owner, source="Under the settings.")
    page = client.get("/fans/lin/").content.decode()
    assert ("Where is it?" in page, "Under the settings." in page) == (True, True)


@pytest.mark.parametrize("state", [s for s in State if s != State.PUBLISHED])
def test_what_is_not_published_is_not_on_the_page(state: State, owner: Fan, client: Client) -> None:
    make_thread(author=owner, title="An unseen kumquat")
    unseen = make_post(make_thread(), author=owner, source="An unseen reply.")
    reply = make_post(make_thread(), author=owner, source="A reply in an unseen thread.")
    Post.objects.exclude(pk=reply.pk).update(state=state, rule=Rule.SPAM)
    Thread.objects.exclude(pk=unseen.thread_id).update(state=state)
    page = client.get("/fans/lin/").content.decode()
    assert [word for word in ("unseen", "kumquat") if word in page] == []


def test_words_from_the_core_board_are_for_core_fans(owner: Fan) -> None:
    board = BoardFactory.create(readable_by="core")
    make_post(make_thread(author=owner, board=board), author=owner)
    seen = [
        (recent_threads(owner, reader) is not None, recent_replies(owner, reader) is not None)
        for reader in (make_core_fan(), make_fan(), GUEST)
    ]
    assert seen == [(True, True), (False, False), (False, False)]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_fan_page_costs_the_same_however_much_they_wrote(
    rows: int, owner: Fan, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        make_post(make_thread(author=owner), author=owner)
    client.get("/fans/lin/")
    with django_assert_num_queries(6):  # two of them find neither wishes nor credits
        client.get("/fans/lin/")
