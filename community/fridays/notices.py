"""What the week tells people (settings.NOTICES)."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.fridays.models import (
    Credit,
    CreditRole,
    Cycle,
    Pin,
    Quotation,
    Release,
    ReleaseState,
    Report,
)
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
        thanked = Credit.objects.filter(
            release=event.facts["release"], fan__gt=after, credited_at__lte=event.occurred_at
        )
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


class Quoted(NoticeKind):
    """For whoever wrote a sentence that everyone reads now; they may take it back there (O7)."""

    kind = "quoted"
    label = gettext_lazy("A sentence of mine stands in the results of a week")

    def words(self, facts: dict[str, Any]) -> str:
        return _(
            "A sentence of yours stands in the results of %(product)s, week %(week)s. "
            "You can take it back there."
        ) % {"product": facts["product"], "week": facts["week"]}

    def url(self, facts: dict[str, Any]) -> str:
        return reverse("results", args=[facts["slug"], facts["week"]]) + "#quotations"

    def why(self, why: str) -> str:
        return _("because you wrote it in your report")

    def visible_to(self, event: Event, fan: Fan) -> bool:
        return Quotation.objects.standing().filter(pk=event.facts["quotation"]).exists()


class NeedBecameRequest(NoticeKind):
    kind = "need_became_request"
    label = gettext_lazy("A wish was made of a need in my report")

    def words(self, facts: dict[str, Any]) -> str:
        return _("“%(title)s” is a wish now, in your name. Others can vote for it.") % {
            "title": facts["title"]
        }

    def url(self, facts: dict[str, Any]) -> str:
        return str(facts["url"])

    def why(self, why: str) -> str:
        return _("because you wrote it in your report")


class NeedWanted(NoticeKind):
    kind = "need_wanted"
    label = gettext_lazy("The team would like a need of mine as a wish")

    def words(self, facts: dict[str, Any]) -> str:
        return _(
            "The team read the need in your report on %(product)s, week %(week)s, and would like "
            "others to vote for it. One press makes it a wish, in your name."
        ) % {"product": facts["product"], "week": facts["week"]}

    def url(self, facts: dict[str, Any]) -> str:
        return reverse("report", args=[facts["slug"], facts["week"]])

    def why(self, why: str) -> str:
        return _("because you wrote it in your report")


class ReportOpens(NoticeKind):
    """For those who report now and then, and for those who noted something this week."""

    kind = "report_opens"
    label = gettext_lazy("The report of a week is open")
    weeks = 4  # held ones, before this

    def words(self, facts: dict[str, Any]) -> str:
        return _(
            "The report on %(product)s, week %(week)s, is open: four fields, three minutes."
        ) % {
            "product": facts["product"],
            "week": facts["week"],
        }

    def url(self, facts: dict[str, Any]) -> str:
        return str(facts["url"])

    def why(self, why: str) -> str:
        if why == "pinned":
            return _("because you noted something for it")
        return _("because you reported in the last weeks")

    def recipients(self, event: Event, after: int, limit: int) -> list[tuple[int, str]]:
        cycle = Cycle.objects.get(pk=event.facts["cycle"])
        if cycle.frozen_at is not None or cycle.withdrawn_at is not None:
            return []  # told too late to be of use
        before = Cycle.objects.filter(
            product=cycle.product_id, held_at__isnull=False, friday__lt=cycle.friday
        )
        held = list(before.newest_first().values_list("pk", flat=True)[: self.weeks])
        found = {
            fan: why
            for why, rows in (
                ("reported", Report.objects.filter(cycle__in=held)),
                ("pinned", Pin.objects.filter(cycle=cycle)),
            )
            for fan in rows.filter(fan__gt=after)
            .order_by("fan")
            .values_list("fan", flat=True)
            .distinct()[:limit]
        }
        return sorted(found.items())[:limit]

    def fans_who_see(self, event: Event, fans: Iterable[Fan]) -> list[Fan]:
        """Whoever works here meanwhile reads what comes of it."""
        return [fan for fan in fans if not fan.is_staff]


class CreditGiven(NoticeKind):
    """Thanked once the build was out; whoever was thanked before hears of it with the build."""

    kind = "credit_given"
    label = gettext_lazy("A build thanks me for helping with it")

    def words(self, facts: dict[str, Any]) -> str:
        return _("%(name)s thanks you. Whether your name shows is yours to say.") % facts

    def url(self, facts: dict[str, Any]) -> str:
        return reverse("credits")

    def why(self, why: str) -> str:
        return _("because you helped with it")

    def visible_to(self, event: Event, fan: Fan) -> bool:
        credits = Credit.objects.visible_to(fan)
        return credits.filter(release=event.facts["release"], fan=fan).exists()
