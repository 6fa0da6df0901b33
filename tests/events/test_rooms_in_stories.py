"""A meetup was the room in which the wishes of its agenda were argued (spec §5)."""

from datetime import timedelta

import pytest

from community.feature_requests.models import FeatureRequest
from community.feature_requests.story import Line, story
from community.threads.models import State, Thread
from events.meetups import actions
from events.meetups.models import Meetup
from fans.accounts.models import Reader
from tests.community.feature_requests import fresh, make_request, merge
from tests.events.meetups import make_meetup
from tests.factories import make_fan, make_staff

pytestmark = pytest.mark.django_db


def hold(meetup: Meetup) -> Meetup:
    actions.begin(meetup=meetup, at=meetup.starts_at)
    actions.end(meetup=meetup, at=meetup.ends_at)
    return meetup


def rooms(wish: FeatureRequest, meetup: Meetup, reader: Reader | None = None) -> list[Line]:
    told = story(fresh(wish), reader or make_fan(), meetup.ends_at + timedelta(days=1))
    return [line for line in told.lines if line.kind == "room"]


def test_every_wish_of_the_agenda_tells_of_the_room_once_it_was_held() -> None:
    wishes = make_request(), make_request()
    meetup = make_meetup(agenda=wishes)
    assert [rooms(wish, meetup) for wish in wishes] == [[], []]
    hold(meetup)
    hold(meetup)
    for wish in wishes:
        [line] = rooms(wish, meetup)
        assert (line.words, line.said, line.url, line.at) == (
            "It was talked over in Shanghai.",
            "Cameras at the river",
            meetup.get_absolute_url(),
            meetup.starts_at,
        )


def test_a_meetup_that_was_called_off_is_no_room() -> None:
    wish = make_request()
    meetup = make_meetup(agenda=(wish,))
    actions.call_off(meetup=meetup, by=meetup.organiser, reason="Flood.", at=meetup.starts_at)
    hold(meetup)
    assert rooms(wish, meetup) == []


def test_a_hidden_meetup_is_told_to_nobody_it_is_hidden_from() -> None:
    """R2"""
    wish = make_request()
    meetup = hold(make_meetup(agenda=(wish,)))
    assert len(rooms(wish, meetup)) == 1
    Thread.objects.filter(meetup=meetup).update(state=State.HIDDEN)
    assert rooms(wish, meetup) == []
    assert len(rooms(wish, meetup, make_staff())) == 1


def test_the_room_of_a_wish_that_was_merged_is_told_by_the_other() -> None:
    """F4"""
    wish, double = make_request(), make_request()
    meetup = hold(make_meetup(agenda=(double,)))
    merge(double, wish)
    assert len(rooms(wish, meetup)) == 1
