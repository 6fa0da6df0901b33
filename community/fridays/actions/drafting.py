"""Keeping what is typed until it is sent (O2)."""

from datetime import datetime

from django.db import transaction

from community.fridays.actions.reporting import MayNotWrite
from community.fridays.models import Cycle, ReportDraft
from fans.accounts.models import Fan

Content = dict[str, list[str]]


class KeptElsewhere(Exception):
    """Another tab or device kept other words since this one read them: `draft` holds those."""

    def __init__(self, draft: ReportDraft) -> None:
        super().__init__(draft)
        self.draft = draft


@transaction.atomic
def keep_draft(*, cycle: Cycle, fan: Fan, content: Content, seen: str, at: datetime) -> ReportDraft:
    """Keep what is typed so far, for this fan alone.

    `seen` is the stamp of what the writer had before them; words they have never seen are not
    overwritten without a word (raises KeptElsewhere). Who is muted keeps theirs for later; who is
    leaving keeps nothing new (A5; raises MayNotWrite).
    """
    people = Fan.objects.get_queryset().select_for_update(of=("self",), no_key=True)
    writer = people.get(pk=fan.pk)
    if writer.leaving_at is not None:
        raise MayNotWrite(writer.silence(at))
    draft, is_new = ReportDraft.objects.select_for_update().get_or_create(
        cycle=cycle, fan=writer, defaults={"content": content, "saved_at": at}
    )
    if is_new or draft.content == content:
        return draft
    if draft.stamp != seen:
        raise KeptElsewhere(draft)
    draft.content, draft.saved_at = content, at
    draft.save(update_fields=["content", "saved_at"])
    return draft


def drop_draft(*, cycle: Cycle, fan: Fan) -> None:
    """Go back to what was sent, or to an empty form."""
    ReportDraft.objects.filter(cycle=cycle, fan=fan).delete()
