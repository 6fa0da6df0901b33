"""What this room holds about people (settings.PERSONAL_DATA)."""

from datetime import datetime
from typing import Any

from fans.accounts.models import Fan
from fans.accounts.withdrawal import Because
from fans.measures.models import PulseTurn


def export(fan: Fan) -> dict[str, Any]:
    """That the question of this week was answered; what was said is known of nobody."""
    turns = PulseTurn.objects.filter(fan=fan).order_by("week")
    return {"pulse_answered": list(turns.values_list("week", flat=True))}


def withdraw(*, fan: Fan, at: datetime, because: Because) -> None:
    """Nothing here stands open in anybody's name."""


def erase(*, fan: Fan, at: datetime, with_words: bool) -> None:
    PulseTurn.objects.filter(fan=fan).delete()
