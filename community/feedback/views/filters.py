"""What the address of the desk, and of the public list, asks for."""

from datetime import datetime

from django.db.models import Q
from django.http import HttpRequest

from community.feedback.models import (
    OPEN_STATES,
    Category,
    Channel,
    FeedbackItemQuerySet,
    Frequency,
    ItemState,
    Priority,
    Severity,
)

_CHOICES = {
    "state": set(ItemState.values),
    "priority": set(Priority.values),
    "severity": set(Severity.values),
    "frequency": set(Frequency.values),
    "category": set(Category.values),
    "channel": set(Channel.values),
    "show": {"overdue", "waiting", "all"},
}
_NUMBERS = {"team": "department", "product": "product"}
_WORDS = {"q": 120, "about": 200}


def is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def chosen_of(request: HttpRequest) -> dict[str, str]:
    """What is asked for, where it is something one can ask for."""
    asked = {name: request.GET.get(name, "") for name in [*_CHOICES, *_NUMBERS, *_WORDS]}
    for name, values in _CHOICES.items():
        asked[name] = asked[name] if asked[name] in values else ""
    for name in _NUMBERS:
        asked[name] = asked[name] if is_number(asked[name]) else ""
    for name, most in _WORDS.items():
        asked[name] = asked[name].replace("\0", "").strip()[:most]
    return {name: value for name, value in asked.items() if value}


def filtered(
    items: FeedbackItemQuerySet, chosen: dict[str, str], at: datetime
) -> FeedbackItemQuerySet:
    """Open ones, unless a state is named or everything is asked for."""
    for name, value in chosen.items():
        if name in _CHOICES and name != "show":
            items = items.filter(**{name: value})
        elif name in _NUMBERS:
            items = items.filter(**{_NUMBERS[name]: int(value)})
    if about := chosen.get("about"):
        items = items.filter(about__icontains=about)
    if words := chosen.get("q"):
        items = items.filter(_says(words))
    show = chosen.get("show")
    if show == "overdue":
        return items.overdue(at)
    if show == "waiting":
        return items.waiting()
    return items if show == "all" or "state" in chosen else items.filter(state__in=OPEN_STATES)


def _says(words: str) -> Q:
    says = Q(title__icontains=words) | Q(words__icontains=words) | Q(about__icontains=words)
    number = words.removeprefix("#")
    return says | Q(pk=int(number)) if is_number(number) else says
