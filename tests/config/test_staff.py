"""The desk says what is due (ux §7 E)."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from community.threads.models import State, ThreadKind
from fans import clock
from tests.factories import make_admin, make_fan, make_moderator, make_post, make_staff, make_thread

pytestmark = pytest.mark.django_db


def test_the_desk_counts_what_waits(client: Client) -> None:
    long_ago = clock.now() - timedelta(hours=25)
    for _ in range(2):
        make_thread(kind=ThreadKind.QUESTION, created_at=long_ago)
    make_thread(kind=ThreadKind.QUESTION, created_at=clock.now())
    make_post(make_thread(), state=State.WAITING)
    client.force_login(make_staff())
    duties = client.get("/staff/").context["duties"]
    assert [duty.count for duty in duties] == [2, 1, 0, 0]


def test_what_waits_is_counted_to_a_hundred(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.staff.COUNTED_TO", 1)
    thread = make_thread()
    for _ in range(3):
        make_post(thread, state=State.WAITING)
    client.force_login(make_staff())
    assert "<strong>1+</strong>" in client.get("/staff/").content.decode()


def test_one_count_that_fails_leaves_the_others(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("community.moderation.models.CaseQuerySet.open", lambda rows: 1 / 0)
    client.force_login(make_staff())
    page = client.get("/staff/").content.decode()
    assert page.count("not known just now") == 1


@pytest.mark.parametrize("make", [make_fan, make_moderator])
def test_the_desk_is_for_staff(client: Client, make: object) -> None:
    client.force_login(make())  # type: ignore[operator]
    assert client.get("/staff/").status_code == 404


def test_the_desk_costs_few_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(make_admin())
    client.get("/staff/")
    with django_assert_num_queries(5):  # the reader, four counts
        client.get("/staff/")
