"""Meetups to test with: announced the way the site does it."""

from datetime import datetime, timedelta
from typing import Any

from events.meetups import actions
from events.meetups.actions import MeetupDetails
from events.meetups.local_time import at_venue
from events.meetups.models import Meetup
from events.rsvps import actions as rsvps
from events.rsvps.models import Rsvp, RsvpState
from fans.accounts.models import Fan, Hosting
from fans.places.models import Place, RegionLevel
from tests.factories import NOW, make_core_fan, make_fan, make_staff

STARTS = NOW + timedelta(days=8, minutes=-180)  # Saturday 28 November 2026, 14:00 in Shanghai


def make_place(code: str = "310000", **fields: Any) -> Place:
    names = {"name_en": "Shanghai", "name_zh_hans": "上海", "name_zh_hant": "上海"}
    place, _ = Place.objects.get_or_create(
        code=code,
        defaults={
            **names,
            "pinyin": "shanghai",
            "region_level": RegionLevel.MUNICIPALITY,
            "timezone": "Asia/Shanghai",
            **fields,
        },
    )
    return place


def details(**fields: Any) -> MeetupDetails:
    given: dict[str, Any] = {
        "title": "Cameras at the river",
        "place": fields.pop("place", None) or make_place(),
        "venue": "Riverside library",
        "address": "1 Long Road, third floor",
        "starts_local": "2026-11-28T14:00",
        "ends_local": "2026-11-28T17:00",
        "capacity": 20,
        "legal_capacity": 60,
        "reserve_share": 0,
        "description": f"We bring cameras and talk about wishes, number {Meetup.objects.count()}.",
        **fields,
    }
    return MeetupDetails(**given)


def at_local(starts: datetime, hours: float, zone: str = "Asia/Shanghai") -> dict[str, str]:
    there, ends = at_venue(starts, zone), at_venue(starts + timedelta(hours=hours), zone)
    return {"starts_local": f"{there:%Y-%m-%dT%H:%M}", "ends_local": f"{ends:%Y-%m-%dT%H:%M}"}


def make_draft(organiser: Fan | None = None, **fields: Any) -> Meetup:
    return actions.propose(
        organiser=organiser or make_core_fan(), details=details(**fields), at=NOW
    )


def make_meetup(organiser: Fan | None = None, at: datetime = NOW, **fields: Any) -> Meetup:
    """Announced, so that seats can be reserved."""
    meetup = make_draft(organiser, **fields)
    actions.submit(meetup=meetup, by=meetup.organiser, at=at)
    actions.approve(meetup=meetup, by=make_staff(), at=at)
    return actions.announce(meetup=meetup, by=meetup.organiser, at=at)


def make_host(place: Place | None = None, **fields: Any) -> Fan:
    host = make_fan(**fields)
    Hosting.objects.create(
        fan=host,
        place=place or make_place(),
        began_at=NOW - timedelta(days=30),
        ends_at=NOW + timedelta(days=335),
    )
    return host


def reserve(meetup: Meetup, fan: Fan | None = None, at: datetime = NOW, **fields: Any) -> Rsvp:
    return rsvps.reserve(meetup=meetup, fan=fan or make_fan(), at=at, **fields)


def states(meetup: Meetup) -> dict[str, int]:
    found: dict[str, int] = {}
    for state in meetup.rsvps.values_list("state", flat=True):
        found[str(RsvpState(state))] = found.get(str(RsvpState(state)), 0) + 1
    return found
