"""What those who told us of something are told in turn."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from community.feedback.models import FeedbackItem, ItemState, MeToo, OfflineBatch
from fans.accounts.models import Fan
from fans.notifications.kinds import NoticeKind
from fans.notifications.models import Event


def _number_of(event: Event) -> int:
    return int(event.subject.partition(":")[2])


class _AboutAnItem(NoticeKind):
    def url(self, facts: dict[str, Any]) -> str:
        return reverse("feedback_item", args=[facts["item"]])

    def why(self, why: str) -> str:
        if why == "me_too":
            return _("because you said you have this too")
        return _("because you told us of it")

    def visible_to(self, event: Event, fan: Fan) -> bool:
        pk = _number_of(event)
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


class FeedbackSharedEnded(_AboutAnItem):
    """For those who said «I have this too», and whose own report goes on in this one."""

    kind = "feedback_shared_ended"
    label = gettext_lazy("Something I have too is solved or declined")

    def words(self, facts: dict[str, Any]) -> str:
        state = ItemState(facts["became"]).label
        if not facts["title"]:
            return _("Something you told us of, and others too, is now: %(state)s.") % {
                "state": state
            }
        return _("“%(title)s”, which you have too, is now: %(state)s.") % {
            "title": facts["title"],
            "state": state,
        }

    def url(self, facts: dict[str, Any]) -> str:
        return super().url(facts) if facts["title"] else reverse("my_feedback")

    def recipients(self, event: Event, after: int, limit: int) -> list[tuple[int, str]]:
        item = _number_of(event)
        told = FeedbackItem.objects.filter(duplicate_of=item, reporter__gt=after)
        said = MeToo.objects.filter(item=item, fan__gt=after)
        own = told.order_by("reporter").values_list("reporter", flat=True).distinct()[:limit]
        too = said.order_by("fan").values_list("fan", flat=True)[:limit]
        reasons = {**dict.fromkeys(too, "me_too"), **dict.fromkeys(own, "author")}
        return [(int(fan or 0), why) for fan, why in sorted(reasons.items())][:limit]

    def visible_to(self, event: Event, fan: Fan) -> bool:
        """A private one is named to nobody: whoever told the same too reads no title."""
        told = FeedbackItem.objects.filter(duplicate_of=_number_of(event), reporter=fan.pk)
        if not event.facts["title"]:
            return told.exists()
        return super().visible_to(event, fan)


class FeedbackPublicationAsked(_AboutAnItem):
    kind = "feedback_publication_asked"
    label = gettext_lazy("I am asked to make something public that I told the company")

    def words(self, facts: dict[str, Any]) -> str:
        return _("May everybody read “%(title)s”? Then others can say that they have it too.") % (
            facts
        )


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
        pk = _number_of(event)
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
