"""Voting on the pages: in place with script, by a page of its own without."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from community.feature_requests.budget import voice_of
from community.feature_requests.models import FeatureRequest, Status, Vote, VotingRight
from community.threads import actions as threads
from fans import clock
from fans.accounts.models import Fan
from tests.community.feature_requests import count, make_request, merge, ship, vote, walk
from tests.factories import NOW, make_fan, make_moderator

pytestmark = pytest.mark.django_db
IN_PLACE = {"X-Requested-With": "fetch"}


def signed_in(client: Client, fan: Fan | None = None) -> Fan:
    fan = fan or make_fan()
    client.force_login(fan)
    return fan


def with_one_vote_left(client: Client, *, used: int = 0) -> tuple[Fan, list[FeatureRequest]]:
    fan = signed_in(client)
    spent = [make_request(title=f"The one that was voted for, {n}") for n in range(used)]
    for wish in spent:
        vote(wish, fan)
    VotingRight.objects.update_or_create(fan=fan, defaults={"limit": max(used, 1)})
    return fan, spent


def press(client: Client, wish: FeatureRequest, **fields: Any) -> Any:
    return client.post(f"/requests/{wish.pk}/vote/", fields, headers=IN_PLACE)


# --- Without script --------------------------------------------------------------------------


def test_voting_leads_back_and_offers_to_undo(client: Client) -> None:
    wish = make_request()
    signed_in(client)
    answer = client.post(f"/requests/{wish.pk}/vote/", {"next": "/requests/?show=newest"})
    assert answer["Location"] == "/requests/?show=newest"
    undo = f"/requests/{wish.pk}/vote/withdrawal/?next=%2Frequests%2F%3Fshow%3Dnewest"
    assert f'action="{undo}"' in client.get(answer["Location"]).text
    assert count(wish) == 1
    assert client.post(undo)["Location"] == "/requests/?show=newest"
    assert count(wish) == 0


def test_a_strangers_address_is_not_gone_to(client: Client) -> None:
    wish = make_request()
    signed_in(client)
    for page in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        for given in ({"next": page}, {}):
            address = f"/requests/{wish.pk}/vote/" + ("" if given else f"?next={page}")
            assert client.post(address, given)["Location"] == wish.get_absolute_url()


def test_over_budget_lists_what_could_be_taken_back(client: Client) -> None:
    _, [spent] = with_one_vote_left(client, used=1)
    wish = make_request()
    answer = client.post(f"/requests/{wish.pk}/vote/", {"next": "/requests/?show=newest"})
    assert answer.status_code == 422
    assert [row.pk for row in answer.context["rows"]] == [spent.pk]
    assert '<input type="hidden" name="next" value="/requests/?show=newest">' in answer.text
    assert f'formaction="/requests/{wish.pk}/vote/"' in answer.text
    assert count(wish) == 0


def test_one_press_takes_a_vote_back_and_gives_it_to_another(client: Client) -> None:
    _, [spent] = with_one_vote_left(client, used=1)
    wish = make_request()
    answer = client.post(
        f"/requests/{wish.pk}/vote/", {"instead": spent.pk, "next": "/requests/?show=newest"}
    )
    assert answer["Location"] == "/requests/?show=newest"
    assert (count(spent), count(wish)) == (0, 1)
    undo = f"/requests/{spent.pk}/vote/?instead={wish.pk}"
    assert undo in client.get("/requests/").text
    client.post(undo)
    assert (count(spent), count(wish)) == (1, 0)


@pytest.mark.parametrize("instead", ["x", "-1", "9" * 30, "987654"])
def test_what_is_not_there_cannot_be_swapped(instead: str, client: Client) -> None:
    _, [spent] = with_one_vote_left(client, used=1)
    wish = make_request()
    answer = client.post(f"/requests/{wish.pk}/vote/", {"instead": instead})
    assert answer.status_code == (404 if instead == "987654" else 422)
    assert (count(spent), count(wish)) == (1, 0)


def test_a_guest_signs_in_and_comes_back_to_the_page(client: Client) -> None:
    wish = make_request()
    answer = client.post(
        f"/requests/{wish.pk}/vote/", headers={"Referer": "http://testserver/requests/"}
    )
    assert answer["Location"] == "/accounts/login/?next=/requests/"


# --- In place --------------------------------------------------------------------------------


def test_in_place_only_what_changed_comes_back(client: Client) -> None:
    wish = make_request(votes=1)
    signed_in(client)
    text = press(client, wish, next="/requests/").text
    assert "<html" not in text
    assert f'id="vote-{wish.pk}"' in text
    assert 'aria-pressed="true"' in text
    assert "<b>2</b>" in text
    assert "1 of 10 votes in use" in text
    assert "You voted for" in text
    again = client.post(f"/requests/{wish.pk}/vote/withdrawal/", headers=IN_PLACE).text
    assert 'aria-pressed="false"' in again
    assert "<b>1</b>" in again
    assert "0 of 10 votes in use" in again


def test_a_second_press_and_a_second_tab_change_nothing(client: Client) -> None:
    wish = make_request()
    signed_in(client)
    for _ in range(2):
        assert "<b>1</b>" in press(client, wish).text
    for _ in range(2):
        address = f"/requests/{wish.pk}/vote/withdrawal/"
        assert "<b>0</b>" in client.post(address, headers=IN_PLACE).text


def test_over_budget_in_place_is_a_dialog_with_the_open_votes(client: Client) -> None:
    _, spent = with_one_vote_left(client, used=3)
    wish = make_request()
    answer = press(client, wish)
    assert count(wish) == 0
    assert answer.text.lstrip().startswith("<dialog")
    for one in spent:
        assert one.title in answer.text
    swapped = press(client, wish, instead=spent[0].pk).text
    assert f'id="vote-{wish.pk}"' in swapped
    assert f'id="vote-{spent[0].pk}"' in swapped
    assert "3 of 3 votes in use: take one back to vote again" in swapped


def test_a_refusal_in_place_says_why_and_shows_how_it_is(client: Client) -> None:
    wish = walk(make_request(votes=1), Status.DECLINED)
    signed_in(client)
    text = press(client, wish).text
    assert "Voting has closed here" in text
    assert "is-closed" in text


# --- What a button looks like ----------------------------------------------------------------


def test_a_closed_wish_says_that_one_voted(client: Client) -> None:
    wish = make_request()
    vote(wish, signed_in(client))
    walk(wish, Status.DECLINED)
    assert "you voted" in client.get("/requests/?status=declined").text
    assert "you voted" in client.get("/me/votes/").text


def test_a_young_account_votes_as_everybody_and_is_told_from_when_it_counts(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish, fan = make_request(), make_fan(joined_at=NOW - timedelta(days=2))
    monkeypatch.setattr(clock, "now", lambda: NOW)
    signed_in(client, fan)
    assert 'aria-pressed="true"' in press(client, wish).text
    assert count(wish) == 0
    page = client.get("/me/votes/").text
    assert "counted from the 7th day" in page
    assert "1 of 10 votes in use" in page


def test_ones_own_wish_says_so_and_takes_votes(client: Client) -> None:
    wish = make_request()
    signed_in(client, wish.author)
    page = client.get("/requests/").text
    assert "yours" in page
    assert f'formaction="/requests/{wish.pk}/vote/"' in page


def test_what_is_in_use_is_what_the_limit_counts() -> None:
    """Through merges, endings and what a moderator took away (F2, F4)."""
    fan = make_fan()
    wishes = [make_request() for _ in range(6)]
    for wish in wishes:
        vote(wish, fan)
    merge(wishes[0], wishes[1])
    merge(wishes[2], wishes[3])
    walk(wishes[3], Status.DECLINED)
    threads.hide(post=wishes[4].thread.posts.get(), by=make_moderator(), at=NOW)
    voice = voice_of(fan, [wish.pk for wish in wishes])
    assert voice.used == Vote.objects.open_wishes_of(fan).count() == 2
    assert voice.mine == {wishes[number].pk for number in (1, 3, 4, 5)}


def test_a_vote_that_came_back_through_a_merge_is_no_open_one(client: Client) -> None:
    fan, double, wish = make_fan(), make_request(), make_request()
    vote(double, fan)
    merge(double, wish)
    ship(walk(wish, Status.PLANNED))
    client.force_login(fan)
    page = client.get("/me/votes/")
    assert [row.pk for row in page.context["rows"]] == []
    assert [row.pk for row in page.context["past"]] == [wish.pk]
