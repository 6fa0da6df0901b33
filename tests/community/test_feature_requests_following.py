"""Who hears of a wish (F2): voters, followers and those who asked; and who wants to hear no more."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from community.feature_requests import actions, personal_data
from community.feature_requests.following import silenced
from community.feature_requests.models import FeatureRequest, Follow, Status
from community.threads import actions as threads
from fans.accounts.models import Fan
from fans.notifications.models import Event, MutedKind, Notice
from fans.notifications.tasks import spread_events
from tests.community.feature_requests import (
    author_replies,
    make_request,
    merge,
    move,
    ship,
    undo,
    vote,
    walk,
)
from tests.factories import NOW, make_fan, make_moderator, make_staff

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def follow(wish: FeatureRequest, fan: Fan) -> None:
    actions.follow(feature_request=wish, fan=fan, at=NOW)


def mute(wish: FeatureRequest, fan: Fan) -> None:
    actions.mute(feature_request=wish, fan=fan, at=NOW)


def unmute(wish: FeatureRequest, fan: Fan) -> None:
    actions.unmute(feature_request=wish, fan=fan, at=NOW)


def told() -> dict[int, str]:
    """Who was told of the newest event, and why; nobody twice."""
    spread_events()
    event = Event.objects.order_by("-pk")[0]
    rows = list(Notice.objects.filter(event=event).values_list("fan", "why"))
    assert len(rows) == len(dict(rows))
    return dict(rows)


EVERY_STEP = [
    (Status.SUBMITTED, Status.NEEDS_INFO),
    (Status.SUBMITTED, Status.UNDER_REVIEW),
    (Status.SUBMITTED, Status.DECLINED),
    (Status.UNDER_REVIEW, Status.PLANNED),
    (Status.PLANNED, Status.IN_DEVELOPMENT),
    (Status.IN_DEVELOPMENT, Status.IN_TESTING),
    (Status.PLANNED, Status.UNDER_REVIEW),
    (Status.DECLINED, Status.REOPENED),
]


@pytest.mark.parametrize(("was", "became"), EVERY_STEP)
def test_every_step_is_told_to_all_it_concerns_and_not_to_who_took_it(
    was: Status, became: Status
) -> None:
    wish, voter, follower, staff = make_request(status=was), make_fan(), make_fan(), make_staff()
    follow(wish, follower)
    follow(wish, staff)
    if wish.takes_votes:
        vote(wish, voter)
    else:
        follow(wish, voter)
    move(wish, became, actor=staff)
    why = "voter" if wish.takes_votes else "follower"
    assert told() == {wish.author_id: "author", voter.pk: why, follower.pk: "follower"}


def test_an_answered_question_a_stale_one_and_a_shipping_are_told_too() -> None:
    wish, voter = make_request(status=Status.NEEDS_INFO), make_fan()
    vote(wish, voter)
    author_replies(wish)
    actions.note_answer(feature_request=wish, at=NOW + DAY)
    assert told() == {wish.author_id: "author", voter.pk: "voter"}
    move(wish, Status.NEEDS_INFO, at=NOW + DAY)
    actions.close_stale(feature_request=wish, at=NOW + 40 * DAY)
    assert told() == {wish.author_id: "author", voter.pk: "voter"}
    shipped = make_request(status=Status.PLANNED)
    vote(shipped, voter)
    ship(shipped)
    assert told() == {shipped.author_id: "author", voter.pk: "voter"}


def test_a_note_tells_once_and_its_kind_can_be_switched_off() -> None:
    wish, voter, quiet = make_request(), make_fan(), make_fan()
    vote(wish, voter, quiet)
    MutedKind.objects.create(fan=quiet, kind="request_progress")
    staff = make_staff()
    for _ in range(2):
        actions.write_note(feature_request=wish, words="Half way.", actor=staff, at=NOW)
    assert Event.objects.filter(kind="request_progress").count() == 1
    assert told() == {wish.author_id: "author", voter.pk: "voter"}


def test_who_muted_is_told_nothing_the_author_among_them() -> None:
    wish, voter, muted = make_request(), make_fan(), make_fan()
    vote(wish, voter, muted)
    mute(wish, muted)
    mute(wish, wish.author)
    move(wish, Status.UNDER_REVIEW)
    assert told() == {voter.pk: "voter"}
    unmute(wish, muted)
    move(wish, Status.DECLINED)
    assert told() == {voter.pk: "voter", muted.pk: "voter"}


def test_a_mute_after_the_step_and_before_the_sweep_is_seen() -> None:
    wish, voter = make_request(), make_fan()
    vote(wish, voter)
    move(wish, Status.UNDER_REVIEW)
    mute(wish, voter)
    assert told() == {wish.author_id: "author"}


def test_who_comes_after_the_step_is_not_told_of_it() -> None:
    wish, late = make_request(), make_fan()
    move(wish, Status.UNDER_REVIEW)
    actions.follow(feature_request=wish, fan=late, at=NOW + DAY)
    assert told() == {wish.author_id: "author"}


def test_each_verb_twice_is_once_and_has_its_opposite() -> None:
    wish, fan = make_request(), make_fan()
    for _ in range(2):
        follow(wish, fan)
    assert [row.muted_at for row in Follow.objects.all()] == [None]
    for _ in range(2):
        mute(wish, fan)
    assert [row.muted_at for row in Follow.objects.all()] == [NOW]
    actions.unfollow(feature_request=wish, fan=fan, at=NOW)  # silence stays
    assert Follow.objects.count() == 1
    for _ in range(2):
        unmute(wish, fan)
    assert [row.muted_at for row in Follow.objects.all()] == [None]
    for _ in range(2):
        actions.unfollow(feature_request=wish, fan=fan, at=NOW)
    assert Follow.objects.count() == 0
    unmute(wish, fan)
    assert Follow.objects.count() == 0


# --- Through merges (F4) -----------------------------------------------------------------------


def test_following_goes_through_a_merge_and_silence_of_the_shown_silences_all() -> None:
    wish, double, follower, muted = make_request(), make_request(), make_fan(), make_fan()
    follow(double, follower)
    vote(double, muted)
    merge(double, wish)
    mute(wish, muted)
    move(wish, Status.UNDER_REVIEW)
    assert told() == {
        wish.author_id: "author",
        double.author_id: "co_requester",
        follower.pk: "follower",
    }


def test_undoing_the_merge_restores_who_hears_of_what() -> None:
    wish, double, muted = make_request(), make_request(), make_fan()
    vote(double, muted)
    merge(double, wish)
    actions.mute(feature_request=FeatureRequest.objects.get(pk=double.pk), fan=muted, at=NOW)
    assert Follow.objects.get().feature_request_id == wish.pk  # said of what was shown
    undo(double)
    move(double, Status.UNDER_REVIEW)
    assert told() == {double.author_id: "author", muted.pk: "voter"}


def test_silence_said_before_a_merge_holds_for_that_wish_alone() -> None:
    wish, double, one_tie, two_ties = make_request(), make_request(), make_fan(), make_fan()
    vote(double, one_tie, two_ties)
    vote(wish, two_ties)
    mute(double, one_tie)
    mute(double, two_ties)
    merge(double, wish)
    move(wish, Status.UNDER_REVIEW)
    assert set(told()) == {wish.author_id, double.author_id, two_ties.pk}


def test_silence_in_the_middle_of_a_chain_holds_below_it() -> None:
    bottom, middle, top, fan = make_request(), make_request(), make_request(), make_fan()
    vote(bottom, fan)
    merge(bottom, middle)
    mute(middle, fan)
    merge(middle, top)
    rows = [bottom.pk, middle.pk, top.pk]
    assert silenced(rows, [fan.pk, make_fan().pk]) == {fan.pk}
    follow(top, fan)
    assert silenced(rows, [fan.pk]) == set()


# --- On the page -------------------------------------------------------------------------------


def state(client: Client, wish: FeatureRequest) -> Any:
    return client.get(wish.get_absolute_url()).context["follow"]


def test_the_page_offers_the_next_step_and_its_undo(client: Client) -> None:
    wish, fan = make_request(), make_fan()
    address = f"/requests/{wish.pk}"
    assert state(client, wish) == ""
    client.force_login(fan)
    assert state(client, wish) == ""
    answer = client.post(f"{address}/follow/", follow=True)
    assert f'action="{address}/follow/withdrawal/"' in answer.text
    assert state(client, wish) == "following"
    client.post(f"{address}/follow/withdrawal/")
    vote(wish, fan)
    assert state(client, wish) == "by_themselves"
    answer = client.post(f"{address}/mute/", {"next": "/me/inbox/"}, follow=True)
    assert answer.redirect_chain == [("/me/inbox/", 302)]
    assert state(client, wish) == "muted"
    client.post(f"{address}/mute/withdrawal/")
    assert state(client, wish) == "by_themselves"


def test_one_press_in_the_inbox_silences_a_wish(client: Client) -> None:
    wish = make_request()
    move(wish, Status.UNDER_REVIEW)
    client.force_login(wish.author)
    assert f'action="/requests/{wish.pk}/mute/"' in client.get("/me/inbox/").text


def test_guests_and_strangers_to_a_hidden_wish_cannot(client: Client) -> None:
    waiting = make_request(waiting=True)
    assert client.post(f"/requests/{waiting.pk}/follow/").status_code == 302
    client.force_login(make_fan())
    for noun in ("follow", "follow/withdrawal", "mute", "mute/withdrawal"):
        assert client.post(f"/requests/{waiting.pk}/{noun}/").status_code == 404
        assert client.get(f"/requests/{waiting.pk}/{noun}/").status_code == 405
    assert Follow.objects.count() == 0


def test_a_wish_hidden_meanwhile_is_told_to_nobody_it_is_hidden_from() -> None:
    wish, voter = make_request(), make_fan()
    vote(wish, voter)
    walk(wish, Status.UNDER_REVIEW)
    threads.hide(post=wish.thread.posts.get(), by=make_moderator(), at=NOW)
    assert voter.pk not in told()


def test_what_one_follows_is_ones_own_to_take_along_and_goes_with_the_account() -> None:
    """A5."""
    fan, wish = make_fan(), make_request()
    actions.mute(feature_request=wish, fan=fan, at=NOW)
    told = {"feature_request": wish.title, "changed_at": NOW.isoformat(), "is_muted": True}
    assert personal_data.export(fan)["follows"] == [told]
    personal_data.erase(fan=fan, at=NOW, with_words=False)
    assert not Follow.objects.exists()
