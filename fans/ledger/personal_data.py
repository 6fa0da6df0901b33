"""What this room holds about people (settings.PERSONAL_DATA)."""

from datetime import datetime
from typing import Any

from fans.accounts.models import Fan
from fans.accounts.withdrawal import Because
from fans.ledger.models import ActiveDay, Contribution


def export(fan: Fan) -> dict[str, Any]:
    rows = Contribution.objects.filter(fan=fan).order_by("recorded_at", "pk")
    return {
        "contributions": [
            {
                "kind": row.kind,
                "points": row.points,
                "effective_at": row.effective_at.isoformat(),
                "recorded_at": row.recorded_at.isoformat(),
                "subject": row.subject,
                "reason": row.reason,
            }
            for row in rows
        ],
        "active_days": [
            day.isoformat()
            for day in ActiveDay.objects.filter(fan=fan)
            .order_by("day")
            .values_list("day", flat=True)
        ],
    }


def withdraw(*, fan: Fan, at: datetime, because: Because) -> None:
    """Deeds stay written down; nothing of the ledger stands open in anybody's name."""


def erase(*, fan: Fan, at: datetime, with_words: bool) -> None:
    """The ledger's rows stay as empty shells with a number (L1); days of activity go."""
    ActiveDay.objects.filter(fan=fan).delete()
