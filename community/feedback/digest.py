"""What came of what the reader told us, for their letter (spec §8)."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.feedback.models import FeedbackItem, ItemStep
from fans.accounts.models import Fan
from fans.digests.sections import Section

SHOWN = 5


def answers(reader: Fan, since: datetime, until: datetime) -> Section | None:
    """Items of theirs that were answered or brought to an end in this time."""
    moved = ItemStep.objects.filter(
        item__in=FeedbackItem.objects.visible_to(reader).filter(reporter=reader.pk),
        happened_at__gte=since,
        happened_at__lt=until,
    ).exclude(actor=reader.pk)
    found = FeedbackItem.objects.filter(pk__in=moved.values("item")).order_by("-state_at", "-pk")
    items = list(found[: SHOWN + 1])
    if not items:
        return None
    return Section(
        title=_("What you told us"),
        template="feedback/digest/answers.html",
        text_template="feedback/digest/answers.txt",
        context={"items": items[:SHOWN], "has_more": len(items) > SHOWN},
        headline=ngettext(
            "News of something you told us", "News of %(count)d things you told us", len(items)
        )
        % {"count": len(items)}
        if len(items) <= SHOWN
        else "",
    )
