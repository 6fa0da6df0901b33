"""One class per kind of notice: what it says, where it leads, whom it reaches, who may see it.

The rooms write them in `<room>/notices.py`, named in settings.NOTICES; this room knows none.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from inspect import getmembers, isclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from fans.accounts.models import Fan

if TYPE_CHECKING:  # the label is translated when it is shown
    from django.utils.functional import _StrPromise

    from fans.notifications.models import Event


class NoticeKind(ABC):
    """A kind of notice. Subclasses say the words in the language that is active."""

    kind: ClassVar[str]
    label: ClassVar["str | _StrPromise"]  # among the settings: «A wish of mine is planned»

    @abstractmethod
    def words(self, facts: dict[str, Any]) -> str:
        """One sentence that says what happened."""

    @abstractmethod
    def url(self, facts: dict[str, Any]) -> str:
        """A path of this site."""

    @abstractmethod
    def why(self, why: str) -> str:
        """The reason it came, as «because you voted for it»."""

    def mute_url(self, event: "Event") -> str:
        """Where one press silences the thing it tells of; empty where nothing does."""
        return ""

    def recipients(self, event: "Event", after: int, limit: int) -> list[tuple[int, str]]:
        """Whom the fact does not name: (fan_id, why), fan_id > after, ascending, at most `limit`."""
        return []

    def visible_to(self, event: "Event", fan: Fan) -> bool:
        """Asked when the notice is made, when it is shown, and before a mail leaves."""
        return True

    def fans_who_see(self, event: "Event", fans: Iterable[Fan]) -> list[Fan]:
        """`visible_to` for a chunk of people; a kind that asks the database asks once here."""
        return [fan for fan in fans if self.visible_to(event, fan)]

    def events_seen_by(self, fan: Fan, events: Iterable["Event"]) -> list["Event"]:
        """`visible_to` for a page of an inbox; a kind that asks the database asks once here."""
        return [event for event in events if self.visible_to(event, fan)]

    @property
    def reaches_others(self) -> bool:
        return type(self).recipients is not NoticeKind.recipients


def kinds() -> dict[str, NoticeKind]:
    """Every kind by its name, in the order of the settings."""
    return _kinds_of(tuple(settings.NOTICES))


def kind_of(name: str) -> NoticeKind:
    """Raises KeyError: a kind no room of settings.NOTICES has."""
    return kinds()[name]


@cache
def _kinds_of(modules: tuple[str, ...]) -> dict[str, NoticeKind]:
    found: dict[str, NoticeKind] = {}
    for path in modules:
        for _, member in getmembers(import_module(path), isclass):
            if (
                issubclass(member, NoticeKind)
                and member.__module__ == path
                and member.__dict__.get("kind")
            ):
                if member.kind in found:
                    raise ImproperlyConfigured(f"Two kinds of notice are called {member.kind}.")
                found[member.kind] = member()
    return found
