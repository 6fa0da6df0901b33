"""Stories and notices: what else becomes true when a wish moves, in the same transaction."""

from datetime import datetime
from typing import Any

from community.feature_requests.models import (
    FeatureRequest,
    ProgressNote,
    Status,
    StatusChange,
    StoryStep,
)
from community.threads.models import Thread
from fans.notifications.actions import tell


def record_step(
    *,
    feature_request: FeatureRequest,
    kind: str,
    key: str,
    at: datetime,
    url: str = "",
    facts: dict[str, Any] | None = None,
    thread: Thread | None = None,
) -> StoryStep:
    """Write one step of the story of a wish down; the same step again mends what it says.

    With the `thread` of what it tells of, whoever may not see that is not told of it (R2).
    """
    told = {"url": url, "facts": facts or {}, "thread": thread}
    step, _ = StoryStep.objects.update_or_create(
        feature_request=feature_request,
        kind=kind,
        key=key,
        defaults=told,
        create_defaults={**told, "happened_at": at},
    )
    return step


def take_back_steps(*, kind: str, key: str) -> None:
    """What was told so in any story is so no longer."""
    StoryStep.objects.filter(kind=kind, key=key).delete()


def tell_of_status(wish: FeatureRequest, change: StatusChange) -> None:
    """Its author now; the others who asked for it, voted or follow by the sweep, each once."""
    tell(
        kind=_KINDS.get(Status(change.became), "request_status"),
        subject=wish.subject,
        key=f"status_change:{change.pk}",
        at=change.changed_at,
        actor=change.actor,
        to=[(wish.author_id, "author")],
        facts={
            **facts_of(wish),
            "was": change.was,
            "became": change.became,
            "promised_for": change.promised_for,
        },
    )


_KINDS = {Status.SHIPPED: "request_shipped", Status.NEEDS_INFO: "request_question"}


def tell_of_note(wish: FeatureRequest, note: ProgressNote) -> None:
    """How it goes: once a note, for whoever did not switch that off."""
    tell(
        kind="request_progress",
        subject=wish.subject,
        key=f"progress_note:{note.pk}",
        at=note.written_at,
        actor=note.author,
        to=[(wish.author_id, "author")],
        facts=facts_of(wish),
    )


def facts_of(wish: FeatureRequest) -> dict[str, Any]:
    """What the words of a notice need, as it is now; `requests` are all it speaks for."""
    rows = FeatureRequest.objects.shown_with(wish.pk).order_by("pk")
    return {
        "title": wish.title,
        "url": wish.get_absolute_url(),
        "requests": list(rows.values_list("pk", flat=True)),
    }
