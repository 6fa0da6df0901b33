"""Refusals in words for whoever stands at the door."""

from typing import Any

from django.utils.translation import gettext_lazy

from events.check_ins import actions

_PLAIN: dict[type[actions.Refusal], Any] = {
    actions.NotAllowed: gettext_lazy("That is not yours to do."),
    actions.DoorClosed: gettext_lazy(
        "The door is closed: it opens 60 minutes before, and lists are typed in within 48 hours."
    ),
    actions.ByOneself: gettext_lazy("Somebody else lets you in."),
    actions.NoSeatLeft: gettext_lazy("They have no seat, and none is free for a walk-in."),
    actions.NotThere: gettext_lazy("Only those who were there are asked."),
}


def in_words(refusal: actions.Refusal) -> str:
    return str(_PLAIN[type(refusal)])
