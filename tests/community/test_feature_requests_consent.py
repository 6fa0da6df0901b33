"""Votes carry the kind of place only with consent, and none does when it is taken back (A4)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from community.feature_requests import actions, personal_data
from community.feature_requests.models import FeatureRequest, Status, Vote
from fans.accounts import home
from fans.accounts.models import Fan
from fans.places.models import Place, RegionLevel
from tests.community.feature_requests import fresh, make_request, merge, recount, vote, walk
from tests.factories import NOW, make_fan, make_place

pytestmark = pytest.mark.django_db
SETTINGS = "/me/settings/"


def make_county() -> Place:
    return Place.objects.create(
        code="X-9",
        name_en="Kumquat",
        plain_en="kumquat",
        region_level=RegionLevel.COUNTY,
        timezone="Asia/Shanghai",
    )


def make_villager(**fields: Any) -> Fan:
    return make_fan(**{"place": make_county(), "consents_to_region": True, **fields})


def seen(*wishes: FeatureRequest) -> list[tuple[int, int]]:
    return [(fresh(wish).vote_count, fresh(wish).county_count) for wish in wishes]


def test_taking_consent_back_takes_the_mark_off_every_vote_ended_or_not() -> None:
    """One act, and again changes nothing; the votes stay."""
    fan, other = make_villager(), make_fan()
    standing, ended, double = make_request(), make_request(), make_request()
    for wish in (standing, ended, double):
        vote(wish, fan, other)
    walk(ended, Status.DECLINED)
    merge(double, standing)
    for _ in range(2):
        home.withdraw_region_consent(fan=fan)
        assert seen(standing, ended) == [(2, 0), (2, 0)]
        assert [fresh(wish).county_heat for wish in (standing, ended)] == [0, 0]
        assert set(Vote.objects.values_list("region_level", flat=True)) == {"unknown"}
        assert recount() == []


def test_consenting_again_marks_new_votes_alone() -> None:
    fan, before, after = make_villager(), make_request(), make_request()
    vote(before, fan)
    home.withdraw_region_consent(fan=fan)
    home.consent_to_region(fan=fan)
    vote(after, fan)
    assert seen(before, after) == [(1, 0), (1, 1)]


def test_moving_house_leaves_votes_what_they_were() -> None:
    """A vote keeps what its fan was when it was cast; without a place there is no kind of it."""
    fan, wish, later = make_villager(), make_request(), make_request()
    vote(wish, fan)
    home.move_home(fan=fan, place=make_place(), at=NOW)
    vote(later, fan)
    assert seen(wish, later) == [(1, 1), (1, 0)]
    home.move_home(fan=fan, place=None, at=NOW)
    assert seen(wish, later) == [(1, 0), (1, 0)]
    assert recount() == []


def test_leaving_for_good_takes_the_mark_off_what_has_ended() -> None:
    fan, ended, standing = make_villager(), make_request(), make_request()
    vote(ended, fan)
    vote(standing, fan)
    walk(ended, Status.DECLINED)
    personal_data.erase(fan=fan, at=NOW, with_words=False)
    assert seen(ended, standing) == [(1, 0), (0, 0)]
    assert not Vote.objects.exists()


def test_a_suspended_vote_without_its_mark_comes_back_without_it() -> None:
    fan, wish = make_villager(), make_request()
    vote(wish, fan)
    actions.set_votes_aside(fan=fan)
    home.withdraw_region_consent(fan=fan)
    actions.count_young_vote(
        vote=Vote.objects.select_related("feature_request", "fan").get(), at=NOW
    )
    assert seen(wish) == [(1, 0)]
    assert recount() == []


def form(fan: Fan, **fields: str) -> dict[str, str]:
    words = {"display_name": fan.display_name, "handle": fan.handle, "bio": ""}
    return {**words, "place": fan.place.label if fan.place else "", **fields}


def test_the_box_in_the_settings_gives_and_takes_it(client: Client) -> None:
    fan, first, second = make_villager(consents_to_region=False), make_request(), make_request()
    client.force_login(fan)
    assert b'name="consents_to_region"' in client.get(SETTINGS).content
    assert client.post(SETTINGS, form(fan, consents_to_region="on")).status_code == 302
    vote(first, Fan.objects.get(pk=fan.pk))
    assert b'name="consents_to_region"' in client.get("/welcome/").content
    assert client.post(SETTINGS, form(fan)).status_code == 302
    vote(second, fan)
    assert seen(first, second) == [(1, 0), (1, 0)]
    assert not Fan.objects.get(pk=fan.pk).consents_to_region


def test_a_refused_change_takes_nothing_back(client: Client) -> None:
    """All of it or nothing: the handle is somebody's."""
    fan, wish = make_villager(), make_request()
    vote(wish, fan)
    client.force_login(fan)
    refused = client.post(SETTINGS, form(fan, handle=make_fan().handle))
    assert refused.status_code == 422
    assert seen(wish) == [(1, 1)]
    assert Fan.objects.get(pk=fan.pk).consents_to_region


def test_somebody_suspended_takes_consent_back_too(client: Client) -> None:
    fan, wish = make_villager(), make_request()
    vote(wish, fan)
    Fan.objects.filter(pk=fan.pk).update(suspended_until=NOW + timedelta(days=9_999))
    client.force_login(fan)
    assert client.post(SETTINGS, form(fan)).status_code == 422
    assert seen(wish) == [(1, 0)]
