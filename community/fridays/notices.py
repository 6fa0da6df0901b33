"""What the week tells people (settings.NOTICES)."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.fridays.models import Credit, CreditRole, Release, ReleaseState, Report
from fans.accounts.models import Fan
from fans.notifications.kinds import NoticeKind
from fans.notifications.models import Event


class ResultsPublished(NoticeKind):
    kind = "results_published"
    label = gettext_lazy("The results of a week I reported on")

    def words(self, facts: dict[str, Any]) -> str:
        return _("What everyone said about %(product)s in week %(week)s is out.") % {
            "product": facts["product"],
            "week": facts["week"],
        }

    def url(self, facts: dict[str, Any]) -> str:
        return str(facts["url"])

    def why(self, why: str) -> str:
        return _("because you reported")

    def recipients(self, event: Event, after: int, limit: int) -> list[tuple[int, str]]:
        reporters = Report.objects.filter(cycle=event.facts["cycle"], fan__gt=after)
        fans = reporters.order_by("fan").values_list("fan_id", flat=True)[:limit]
        return [(fan, "reporter") for fan in fans]


class ReleasePublished(NoticeKind):
    """For those it thanks. Whoever asked or voted for a wish hears of it by the wish (F6)."""

    kind = "release_published"
    label = gettext_lazy("A build I helped with is out")

    def words(self, facts: dict[str, Any]) -> str:
        return _("%(name)s is out, and your name is in it.") % {"name": facts["name"]}

    def url(self, facts: dict[str, Any]) -> str:
        return str(facts["url"])

    def why(self, why: str) -> str:
        return _("because you helped with it")

    def recipients(self, event: Event, after: int, limit: int) -> list[tuple[int, str]]:
        told_by_their_wish = [CreditRole.AUTHOR, CreditRole.CO_REQUESTER]
        thanked = Credit.objects.filter(release=event.facts["release"], fan__gt=after)
        others = thanked.exclude(role__in=told_by_their_wish).order_by("fan")
        return [
            (fan, "helper") for fan in others.values_list("fan_id", flat=True).distinct()[:limit]
        ]

    def visible_to(self, event: Event, fan: Fan) -> bool:
        return (
            Release.objects.visible_to(fan)
            .filter(pk=event.facts["release"], state=ReleaseState.PUBLISHED)
            .exists()
        )
