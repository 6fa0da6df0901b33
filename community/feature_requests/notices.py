"""What is told of wishes (settings.NOTICES): to who asked, who asked for the same, who voted."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.feature_requests.models import FeatureRequest, Status, Vote
from fans.accounts.models import Fan
from fans.notifications.kinds import NoticeKind
from fans.notifications.models import Event

_BECAME = {
    Status.SUBMITTED: gettext_lazy("“%(title)s” stands by itself again."),
    Status.UNDER_REVIEW: gettext_lazy("“%(title)s” is being looked at again."),
    Status.PLANNED: gettext_lazy("“%(title)s” is planned."),
    Status.IN_DEVELOPMENT: gettext_lazy("“%(title)s” is being built."),
    Status.IN_TESTING: gettext_lazy("“%(title)s” is being tested."),
    Status.DECLINED: gettext_lazy("“%(title)s” was declined, with a reason."),
    Status.WITHDRAWN: gettext_lazy("“%(title)s” was taken back by who asked for it."),
    Status.CLOSED_STALE: gettext_lazy("“%(title)s” was closed: the question stayed open."),
    Status.NEEDS_INFO: gettext_lazy("The team has a question about “%(title)s”."),
}
_WHY = {
    "author": gettext_lazy("because you asked for it"),
    "co_requester": gettext_lazy("because you asked for the same"),
    "voter": gettext_lazy("because you voted for it"),
}


class _AboutARequest(NoticeKind):
    def url(self, facts: dict[str, Any]) -> str:
        return str(facts["url"])

    def why(self, why: str) -> str:
        return str(_WHY[why])

    def visible_to(self, event: Event, fan: Fan) -> bool:
        return _visible(event, fan)

    def events_seen_by(self, fan: Fan, events: Iterable[Event]) -> list[Event]:
        found = list(events)
        numbers = {_number(event) for event in found}
        shown = FeatureRequest.objects.visible_to(fan).filter(pk__in=numbers)
        seen = set(shown.values_list("pk", flat=True))
        return [event for event in found if _number(event) in seen]


class _ToAll(_AboutARequest):
    def recipients(self, event: Event, after: int, limit: int) -> list[tuple[int, str]]:
        """Voters at that moment, and everybody whose wish it is; each for the nearest reason."""
        rows = event.facts["requests"]
        voters = Vote.objects.filter(
            feature_request__in=rows, cast_at__lte=event.occurred_at, fan__gt=after
        )
        fans = voters.order_by("fan").values_list("fan", flat=True).distinct()[:limit]
        reasons = dict.fromkeys(fans, "voter")
        authors = FeatureRequest.objects.filter(pk__in=rows, author__gt=after)
        for author, pk in authors.order_by("author", "pk").values_list("author", "pk"):
            if reasons.get(author) != "author":
                reasons[author] = "author" if pk == _number(event) else "co_requester"
        return sorted(reasons.items())[:limit]


class RequestStatus(_ToAll):
    kind = "request_status"
    label = gettext_lazy("A wish of mine, or one I voted for, moves on")

    def words(self, facts: dict[str, Any]) -> str:
        return str(_BECAME[Status(facts["became"])] % facts)


class RequestShipped(_ToAll):
    kind = "request_shipped"
    label = gettext_lazy("A wish of mine, or one I voted for, ships")

    def words(self, facts: dict[str, Any]) -> str:
        return _("“%(title)s” has shipped.") % facts


class RequestMerged(_ToAll):
    kind = "request_merged"
    label = gettext_lazy("A wish of mine, or one I voted for, is merged with another")

    def words(self, facts: dict[str, Any]) -> str:
        return _("“%(title)s” now counts together with “%(into)s”.") % facts


class RequestQuestion(_AboutARequest):
    kind = "request_question"
    label = gettext_lazy("The team has a question about a wish of mine")

    def words(self, facts: dict[str, Any]) -> str:
        return str(_BECAME[Status(facts["became"])] % facts)


def _number(event: Event) -> int:
    return int(event.subject.removeprefix("request:"))


def _visible(event: Event, fan: Fan) -> bool:
    return FeatureRequest.objects.visible_to(fan).filter(pk=_number(event)).exists()
