"""Questions that are put together once for many readers, each with answers of their own."""

import pytest
from django.test import Client

from community.threads import prepared
from community.threads.models import State
from fans.accounts.models import Fan
from tests.community.feature_requests import make_request, vote
from tests.factories import make_fan, make_thread

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "_kept", {})


def as_fan(fan: Fan) -> Client:
    client = Client()
    client.force_login(fan)
    return client


def test_what_waits_is_shown_to_its_author_alone() -> None:
    """R1: the first who asks puts the question together; the second is somebody else."""
    first, second = make_fan(), make_fan()
    threads = {fan: make_thread(author=fan, state=State.WAITING).pk for fan in (first, second)}
    wishes = {fan: make_request(author=fan, waiting=True).pk for fan in (first, second)}
    for fan in (first, second, first):
        rows = as_fan(fan).get("/threads/").context["rows"]
        assert {row.pk for row in rows} & {*threads.values()} == {threads[fan]}
        mine = as_fan(fan).get("/requests/?show=mine").context["rows"]
        assert [row.pk for row in mine] == [wishes[fan]]


def test_everyone_sees_their_own_votes() -> None:
    """F2."""
    first, second, third = make_fan(), make_fan(), make_fan()
    loud, soft = make_request(), make_request()
    vote(loud, first, second)
    vote(soft, second)
    for fan, voted in ((first, {loud.pk}), (second, {loud.pk, soft.pk}), (third, set())):
        page = as_fan(fan).get("/requests/")
        assert {row.pk for row in page.context["rows"] if row.has_my_vote} == voted
        assert page.context["voice"].used == len(voted)


def test_no_more_is_kept_than_fits(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    monkeypatch.setattr(prepared, "KEPT_AT_MOST", 3)
    wish = make_request()
    for number in range(5):
        client.get(f"/requests/?tag=tag-{number}")
        assert len(prepared._kept) <= 3
    assert [row.pk for row in client.get("/requests/").context["rows"]] == [wish.pk]
