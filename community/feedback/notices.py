"""What those who told us of something are told in turn."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from community.feedback.models import FeedbackItem, ItemState, MeToo, OfflineBatch
from fans.accounts.models import Fan
from fans.notifications.kinds import NoticeKind
from fans.notifications.models import Event


class _AboutAnItem(NoticeKind):
    def url(self, facts: dict[str, Any]) -> str:
        return reverse("feedback_item", args=[facts["item"]])

    def why(self, why: str) -> str:
        if why == "me_too":
            return _("because you said you have this too")
        return _("because you told us of it")

    def visible_to(self, event: Event, fan: Fan) -> bool:
        pk = int(event.subject.partition(":")[2])
        return FeedbackItem.objects.visible_to(fan).filter(pk=pk).exists()


class FeedbackAnswered(_AboutAnItem):
    kind = "feedback_answered"
    label = gettext_lazy("Something I told the company is answered")

    def words(self, facts: dict[str, Any]) -> str:
        if facts["became"] == ItemState.DECLINED:
            return _("“%(title)s” was declined. We say why.") % facts
        return _("There is an answer to “%(title)s”.") % facts


class FeedbackMoved(_AboutAnItem):
    kind = "feedback_moved"
    label = gettext_lazy("Something I told the company moved on")

    def words(self, facts: dict[str, Any]) -> str:
        state = ItemState(facts["became"]).label
        return _("“%(title)s” is now: %(state)s.") % {"title": facts["title"], "state": state}


class FeedbackResolved(_AboutAnItem):
    kind = "feedback_resolved"
    label = gettext_lazy("Something I told the company is said to be solved")

    def words(self, facts: dict[str, Any]) -> str:
        return _("We think “%(title)s” is solved. Is it?") % facts

    def recipients(self, event: Event, after: int, limit: int) -> list[tuple[int, str]]:
        """Those who have it too, by the sweep."""
        said = MeToo.objects.filter(item=int(event.subject.partition(":")[2]), fan__gt=after)
        return [
            (fan, "me_too") for fan in said.order_by("fan").values_list("fan", flat=True)[:limit]
        ]


class FeedbackBecameRequest(_AboutAnItem):
    kind = "feedback_became_request"
    label = gettext_lazy("A wish was made of something I told the company")

    def words(self, facts: dict[str, Any]) -> str:
        return _("“%(title)s” is a wish now, in your name. Others can vote for it.") % facts

    def url(self, facts: dict[str, Any]) -> str:
        return str(facts["url"])


class _AboutABatch(NoticeKind):
    def url(self, facts: dict[str, Any]) -> str:
        return reverse("staff_intake_batch", args=[facts["batch"]])

    def why(self, why: str) -> str:
        return _("because you typed them in")

    def visible_to(self, event: Event, fan: Fan) -> bool:
        pk = int(event.subject.partition(":")[2])
        return OfflineBatch.objects.visible_to(fan).filter(pk=pk).exists()


class BatchAccepted(_AboutABatch):
    kind = "batch_accepted"
    label = gettext_lazy("Paper forms I typed in were accepted")

    def words(self, facts: dict[str, Any]) -> str:
        return (
            ngettext(
                "%(forms)d paper form you typed in was accepted.",
                "%(forms)d paper forms you typed in were accepted.",
                facts["forms"],
            )
            % facts
        )


class BatchRefused(_AboutABatch):
    kind = "batch_refused"
    label = gettext_lazy("Paper forms I typed in were refused")

    def words(self, facts: dict[str, Any]) -> str:
        return _("The paper forms you typed in were not accepted: %(reason)s") % facts
