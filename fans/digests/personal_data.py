"""What this room holds about people (settings.PERSONAL_DATA)."""

from datetime import datetime
from typing import Any

from fans.accounts.models import Fan
from fans.accounts.withdrawal import Because
from fans.digests.models import Delivery
from fans.mail.models import QueuedMail


def export(fan: Fan) -> dict[str, Any]:
    letters = Delivery.objects.filter(fan=fan).select_related("issue").order_by("due_at", "pk")
    return {
        "wants_weekly": fan.wants_weekly,
        "letters": [
            {
                "week": letter.issue.week,
                "state": letter.state,
                "done_at": letter.done_at.isoformat() if letter.done_at else None,
            }
            for letter in letters
        ],
    }


def withdraw(*, fan: Fan, at: datetime, because: Because) -> None:
    """Whoever is not active when their hour comes gets no letter."""


def erase(*, fan: Fan, at: datetime, with_words: bool) -> None:
    """Their address is in each letter, so the letters go with the rows."""
    QueuedMail.objects.filter(delivery__fan=fan).delete()
    Delivery.objects.filter(fan=fan).delete()
