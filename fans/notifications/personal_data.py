"""What this room holds about people (settings.PERSONAL_DATA)."""

from datetime import datetime
from typing import Any

from fans.accounts.models import Fan
from fans.accounts.withdrawal import Because
from fans.notifications.models import MutedKind, Notice


def export(fan: Fan) -> dict[str, Any]:
    notices = Notice.objects.visible_to(fan).select_related("event").order_by("created_at", "pk")
    return {
        "notices": [
            {
                "kind": notice.event.kind,
                "subject": notice.event.subject,
                "why": notice.why,
                "created_at": notice.created_at.isoformat(),
                "read_at": notice.read_at.isoformat() if notice.read_at else None,
            }
            for notice in notices
        ],
        "muted_kinds": sorted(MutedKind.objects.filter(fan=fan).values_list("kind", flat=True)),
    }


def withdraw(*, fan: Fan, at: datetime, because: Because) -> None:
    """Nothing here stands in anybody's name: whoever is not active is told nothing more."""


def erase(*, fan: Fan, at: datetime, with_words: bool) -> None:
    Notice.objects.filter(fan=fan).delete()
    MutedKind.objects.filter(fan=fan).delete()
