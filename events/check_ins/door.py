"""Whom a code or a name at the door means."""

from dataclasses import dataclass

from django.db.models import Q

from events.check_ins.models import CheckIn, Way
from events.meetups.models import Meetup
from events.rsvps import tickets
from events.rsvps.models import Rsvp, RsvpState
from fans.accounts.models import Fan
from fans.accounts.naming import fold

FOUND_AT_ONCE = 20
NEWEST = 5
COMING = [RsvpState.CONFIRMED, RsvpState.OFFERED]


class Unreadable(Exception):
    """No ticket of this site says this."""


class AnotherMeetup(Exception):
    """A good ticket, for another evening."""


class NoLongerGood(Exception):
    """The seat was given back, or the ticket replaced by a newer one."""


@dataclass(frozen=True)
class Counter:
    inside: int
    expected: int  # fans with a seat, inside or not


def holder_of(words: str, meetup: Meetup) -> Fan:
    """Whose ticket this is. Raises Unreadable, AnotherMeetup or NoLongerGood."""
    if short := tickets.short_code_in(words):
        mine = meetup.rsvps.filter(ticket_nonce__startswith=short)
    else:
        ticket = tickets.read_code(words)
        if ticket is None:
            raise Unreadable
        if ticket.meetup != meetup.pk:
            raise AnotherMeetup
        mine = meetup.rsvps.filter(fan=ticket.fan, ticket_nonce=ticket.nonce)
    rsvp = mine.select_related("fan").first()
    if rsvp is None and short:
        raise Unreadable
    if rsvp is None or rsvp.state not in {*COMING, RsvpState.ATTENDED}:
        raise NoLongerGood
    return rsvp.fan


def found(meetup: Meetup, words: str) -> list[Rsvp]:
    """Who has a seat and is not in yet, by the beginning of their name or handle."""
    expected = meetup.rsvps.filter(state__in=COMING).select_related("fan__avatar")
    if words:
        words = words.removeprefix("@")
        expected = expected.filter(
            Q(fan__handle__istartswith=words)
            | Q(fan__display_name__istartswith=words)
            | Q(fan__folded_name__startswith=fold(words) or " ")
        )
    return list(expected.order_by("fan__folded_name", "pk")[:FOUND_AT_ONCE])


def walk_in_of(words: str) -> Fan | None:
    """Somebody without a seat, by their whole handle."""
    handle = words.strip().removeprefix("@")
    return Fan.objects.get_queryset().filter(handle__iexact=handle, erased_at=None).first()


def newest(meetup: Meetup) -> list[CheckIn]:
    entered = meetup.check_ins.filter(undone_at=None).select_related("fan__avatar", "checked_in_by")
    return list(entered.order_by("-checked_in_at", "-pk")[:NEWEST])


def counter_of(meetup: Meetup) -> Counter:
    inside = meetup.rsvps.filter(state=RsvpState.ATTENDED).count()
    return Counter(inside, inside + meetup.rsvps.filter(state__in=COMING).count())


def way_of(code: str) -> Way:
    return Way.TICKET if code else Way.LIST
