"""Refusals in words for whoever asked."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.rsvps import actions

_PLAIN: dict[type[actions.Refusal], Any] = {
    actions.RepliesClosed: gettext_lazy("This meetup takes no replies now."),
    actions.TooManyGuests: gettext_lazy("You cannot bring so many guests here."),
    actions.NoOffer: gettext_lazy("This offer has run out. You are on the waiting list."),
    actions.Full: gettext_lazy("No seat is free for that now."),
    actions.TooManySeats: gettext_lazy("The venue may not hold so many people."),
}


def in_words(refusal: actions.Refusal) -> str:
    if isinstance(refusal, actions.MayNotReserve):
        return refusal.reason
    if isinstance(refusal, actions.Overlaps):
        return _("You have a seat at “%(title)s” at that time. Give it back first.") % {
            "title": refusal.other
        }
    return str(_PLAIN[type(refusal)])
