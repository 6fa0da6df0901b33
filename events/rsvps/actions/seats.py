"""The one place where seats are counted: a row and the tally of its meetup change together."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from events.meetups.models import Meetup, MeetupState
from events.rsvps.models import SEATED, Rsvp, RsvpState
from events.rsvps.seating import FreeSeats, free_seats
from fans.accounts.models import Fan

_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none looks like another
TAKES_TIME = [MeetupState.RSVP_OPEN, MeetupState.RSVP_CLOSED, MeetupState.IN_PROGRESS]
LATE = timedelta(hours=6)  # M7


def new_nonce() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(16))


def lock_fans(pks: Iterable[int]) -> dict[int, Fan]:
    """Fans by number, in its order: what they may and where they sit stays so until the end."""
    people = Fan.objects.get_queryset().select_for_update(of=("self",), no_key=True)
    return {fan.pk: fan for fan in people.filter(pk__in=set(pks)).order_by("pk")}


def move(rsvp: Rsvp, state: RsvpState, meetup: Meetup, at: datetime, **fields: object) -> None:
    """Bring an RSVP of a locked meetup into a state; the tally follows (M1, M3)."""
    before = rsvp.party_size if rsvp.state in SEATED and rsvp.pk else 0
    after = rsvp.party_size if state in SEATED else 0
    for name, value in {**fields, "state": state, "state_at": at}.items():
        setattr(rsvp, name, value)
    if after > before:  # the tally first: the database refuses a seat that is not there
        count(meetup, after - before)
    if rsvp.pk:
        rsvp.save(update_fields=[*fields, "state", "state_at"])
    else:
        rsvp.save(force_insert=True)
    if after < before:
        count(meetup, after - before)


def count(meetup: Meetup, change: int) -> None:
    """So many more seats are taken; what is over capacity melts with every one given back."""
    meetup.seats_taken += change
    over = max(0, meetup.seats_taken - meetup.capacity)
    meetup.over_capacity = min(over, meetup.over_capacity)
    meetup.save(update_fields=["seats_taken", "over_capacity"])


def seats_of(meetup: Meetup) -> FreeSeats:
    keeps = meetup.reserve_share and meetup.reserve_released_at is None
    return free_seats(meetup, meetup.rsvps.seated() if keeps else [])


def overlapping(meetup: Meetup) -> Q:
    """RSVPs of other meetups at the same time, while those stand."""
    return Q(
        meetup__starts_at__lt=meetup.ends_at,
        meetup__ends_at__gt=meetup.starts_at,
        meetup__state__in=TAKES_TIME,
    ) & ~Q(meetup=meetup.pk)


def seats_elsewhere(meetup: Meetup, fans: Iterable[int]) -> dict[int, Rsvp]:
    """Confirmed seats of these fans at other meetups at that time (M4)."""
    taken = Rsvp.objects.filter(
        overlapping(meetup),
        fan__in=list(fans),
        state__in=[RsvpState.CONFIRMED, RsvpState.ATTENDED],
    )
    return {rsvp.fan_id: rsvp for rsvp in taken.select_related("meetup").order_by("-pk")}
