"""Kinds of notices as a room would write them, for the tests of the inbox and the letters."""

from typing import Any

from fans.accounts.models import Fan
from fans.notifications.kinds import NoticeKind
from fans.notifications.models import Event


class Spoken(NoticeKind):
    """Reaches whom it names."""

    kind = "spoken"
    label = "Somebody spoke to me"

    def words(self, facts: dict[str, Any]) -> str:
        return f"{facts.get('who', 'Somebody')} spoke to you"

    def url(self, facts: dict[str, Any]) -> str:
        return str(facts.get("url", "/about/"))

    def why(self, why: str) -> str:
        return f"because you are the {why}"


class Sung(Spoken):
    """Reaches everybody but those whose number is in `deaf`, who may not see it."""

    kind = "sung"
    label = "Somebody sang"

    def words(self, facts: dict[str, Any]) -> str:
        return f"A song was sung: {facts.get('song', 'Oranges')}"

    def recipients(self, event: Event, after: int, limit: int) -> list[tuple[int, str]]:
        found = Fan.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)
        return [(pk, "listener") for pk in found[:limit]]

    def visible_to(self, event: Event, fan: Fan) -> bool:
        return fan.pk not in event.facts.get("deaf", [])
