"""What this room holds about a person (settings.PERSONAL_DATA)."""

from datetime import datetime
from typing import Any

from django.db import transaction

from community.feedback import actions
from community.feedback.models import FeedbackItem, MeToo, OfflineBatch
from fans.accounts.models import Fan
from fans.accounts.withdrawal import Because


def export(fan: Fan) -> dict[str, Any]:
    items = FeedbackItem.objects.filter(reporter=fan).order_by("pk").prefetch_related("steps")
    batches = OfflineBatch.objects.filter(recorder=fan).order_by("pk")
    return {
        "feedback": [
            {
                "title": item.title,
                "words": item.words,
                "build": item.build,
                "about": item.about,
                "in_public": item.is_public,
                "state": item.state,
                "log_file": item.log_name,
                "created_at": item.created_at.isoformat(),
                "answers": [step.answer for step in item.steps.all() if step.answer],
            }
            for item in items
        ],
        "me_too": list(MeToo.objects.filter(fan=fan).order_by("pk").values_list("item", flat=True)),
        "paper_batches": [
            {"gathered_on": batch.gathered_on.isoformat(), "week": batch.week} for batch in batches
        ],
    }


def hold(*, fan: Fan) -> None:
    """The items they have too, by number."""
    rows = FeedbackItem.objects.select_for_update(of=("self",), no_key=True)
    list(rows.filter(me_toos__fan=fan).order_by("pk").values_list("pk"))


def withdraw(*, fan: Fan, at: datetime, because: Because) -> None:
    """«I have this too» of somebody banned or leaving counts no longer; an office changes nothing."""
    if because == Because.STAFF:
        return
    for said in MeToo.objects.filter(fan=fan).select_related("item").order_by("item"):
        actions.take_back_me_too(item=said.item, fan=fan)


def erase(*, fan: Fan, at: datetime, with_words: bool) -> None:
    """Log files go in any case: nobody knows what is in them. Words go when they are to go."""
    withdraw(fan=fan, at=at, because=Because.LEAVING)
    for item in FeedbackItem.objects.filter(reporter=fan).exclude(log_file="").order_by("pk"):
        storage, path = item.log_file.storage, item.log_file.name
        FeedbackItem.objects.filter(pk=item.pk).update(log_file="", log_name="")
        transaction.on_commit(lambda storage=storage, path=path: storage.delete(path))  # type: ignore[misc]
    if with_words:
        for item in FeedbackItem.objects.filter(reporter=fan).order_by("pk"):
            item.pictures.clear()
        FeedbackItem.objects.filter(reporter=fan).update(title="–", words="", build="", about="")
