"""Refusals in words for whoever asked."""

from typing import Any

from django.utils.translation import gettext_lazy

from events.meetups import actions

_PLAIN: dict[type[actions.Refusal], Any] = {
    actions.NotAllowed: gettext_lazy("That is not yours to do."),
    actions.NotInThatState: gettext_lazy("Something changed meanwhile. Look again."),
    actions.BadTimes: gettext_lazy("It must begin in the future and end after it begins."),
    actions.TooManySeats: gettext_lazy("The venue may not hold so many people."),
    actions.ReasonMissing: gettext_lazy("Say why."),
    actions.AlreadyBegun: gettext_lazy("It has begun or is over: it can no longer be stopped."),
}


def in_words(refusal: actions.Refusal) -> str:
    if isinstance(refusal, actions.MayNotWrite):
        return refusal.reason
    return str(_PLAIN[type(refusal)])
