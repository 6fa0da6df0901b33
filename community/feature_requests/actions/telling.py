"""Stories and notices: what else becomes true when a wish moves, in the same transaction."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from community.feature_requests.models import FeatureRequest, Status, StoryStep
from community.threads.models import Thread
from fans.accounts.models import Fan
from fans.notifications.actions import tell

# Its author alone is concerned; everybody else learns of it when something comes of it.
FOR_ITS_AUTHOR = {Status.NEEDS_INFO, Status.CLOSED_STALE}


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


def tell_of_status(wish: FeatureRequest, *, key: str, actor: Fan | None, at: datetime) -> None:
    """Its author now, the others who asked for it or voted by the sweep (F6: each once)."""
    shipped = wish.status == Status.SHIPPED
    to_all = wish.status not in FOR_ITS_AUTHOR
    kind = "request_shipped" if shipped else "request_status" if to_all else "request_question"
    tell(
        kind=kind,
        subject=wish.subject,
        key=key,
        at=at,
        actor=actor,
        to=[(wish.author_id, "author")],
        facts={**facts_of(wish), "became": wish.status},
    )


def facts_of(wish: FeatureRequest) -> dict[str, Any]:
    """What the words of a notice need, as it is now; `requests` are all it speaks for."""
    rows = FeatureRequest.objects.filter(Q(pk=wish.pk) | Q(shown_as=wish.pk)).order_by("pk")
    return {
        "title": wish.title,
        "url": wish.get_absolute_url(),
        "requests": list(rows.values_list("pk", flat=True)),
    }
