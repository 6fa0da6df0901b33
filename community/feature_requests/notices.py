"""What is told of wishes (settings.NOTICES): to who asked, voted or follows, but for who muted it."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from community.feature_requests.following import silenced
from community.feature_requests.models import FeatureRequest, Follow, Status, Vote
from fans.accounts.models import Fan, Reader
from fans.notifications.kinds import NoticeKind
from fans.notifications.models import Event
from fans.templatetags.display import week_words

_BECAME = {
    Status.SUBMITTED: gettext_lazy("“%(title)s”: the question is answered, it is the team's turn."),
    Status.REOPENED: gettext_lazy("“%(title)s” is open again, and votes for it stand."),
    Status.UNDER_REVIEW: gettext_lazy("“%(title)s” is under review."),
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
    "follower": gettext_lazy("because you follow it"),
}


class _AboutARequest(NoticeKind):
    def url(self, facts: dict[str, Any]) -> str:
        return str(facts["url"])

    def why(self, why: str) -> str:
        return str(_WHY[why])

    def mute_url(self, event: Event) -> str:
        return reverse("feature_request_mute", args=[_number(event)])

    def recipients(self, event: Event, after: int, limit: int) -> list[tuple[int, str]]:
        """Voters and followers at that moment, and everybody whose wish it is; each for the
        nearest reason.
        """
        rows, until = event.facts["requests"], event.occurred_at
        follows = Follow.objects.filter(muted_at=None, changed_at__lte=until)
        reasons: dict[int, str] = {}
        for why, ties in (
            ("follower", follows),
            ("voter", Vote.objects.filter(cast_at__lte=until)),
        ):
            fans = ties.filter(feature_request__in=rows, fan__gt=after).order_by("fan")
            reasons |= dict.fromkeys(fans.values_list("fan", flat=True).distinct()[:limit], why)
        authors = FeatureRequest.objects.filter(pk__in=rows, author__gt=after)
        for author, pk in authors.order_by("author", "pk").values_list("author", "pk"):
            if reasons.get(author) != "author":
                reasons[author] = "author" if pk == _number(event) else "co_requester"
        return sorted(reasons.items())[:limit]

    def visible_to(self, event: Event, fan: Fan) -> bool:
        return _is_visible(event, fan)

    def fans_who_see(self, event: Event, fans: Iterable[Fan]) -> list[Fan]:
        asked = list(fans)
        silent = silenced(event.facts["requests"], [fan.pk for fan in asked])
        told = [fan for fan in asked if fan.pk not in silent]
        if _is_visible(event, AnonymousUser()):
            return told
        return [fan for fan in told if _is_visible(event, fan)]

    def events_seen_by(self, fan: Fan, events: Iterable[Event]) -> list[Event]:
        found = list(events)
        named = {pk for event in found for pk in _named(event)}
        shown = FeatureRequest.objects.visible_to(fan).filter(pk__in=named)
        seen = set(shown.values_list("pk", flat=True))
        return [event for event in found if _named(event) <= seen]


class RequestStatus(_AboutARequest):
    kind = "request_status"
    label = gettext_lazy("A wish I asked for, voted for or follow moves on")

    def words(self, facts: dict[str, Any]) -> str:
        week = facts.get("promised_for")
        if week and facts["became"] == facts["was"]:
            return _("“%(title)s” is promised for %(week)s.") % {
                **facts,
                "week": week_words(week, get_language() or "en"),
            }
        if facts.get("was") == Status.MERGED:
            return _("“%(title)s” stands by itself again.") % facts
        return str(_BECAME[Status(facts["became"])] % facts)


class RequestShipped(_AboutARequest):
    kind = "request_shipped"
    label = gettext_lazy("A wish I asked for, voted for or follow ships")

    def words(self, facts: dict[str, Any]) -> str:
        return _("“%(title)s” has shipped.") % facts


class RequestMerged(_AboutARequest):
    kind = "request_merged"
    label = gettext_lazy("A wish I asked for, voted for or follow is merged with another")

    def words(self, facts: dict[str, Any]) -> str:
        return _("“%(title)s” now counts together with “%(into)s”.") % facts


class RequestQuestion(_AboutARequest):
    kind = "request_question"
    label = gettext_lazy("The team has a question about a wish I asked for, voted for or follow")

    def words(self, facts: dict[str, Any]) -> str:
        return str(_BECAME[Status.NEEDS_INFO] % facts)


class RequestProgress(_AboutARequest):
    kind = "request_progress"
    label = gettext_lazy("A progress note on a wish I asked for, voted for or follow")

    def words(self, facts: dict[str, Any]) -> str:
        return _("There is news of “%(title)s”.") % facts


def _number(event: Event) -> int:
    return int(event.subject.removeprefix("request:"))


def _named(event: Event) -> set[int]:
    """The wishes it names: itself, and the one it was merged into."""
    return {_number(event), event.facts.get("target", _number(event))}


def _is_visible(event: Event, reader: Reader) -> bool:
    named = _named(event)
    return FeatureRequest.objects.visible_to(reader).filter(pk__in=named).count() == len(named)
