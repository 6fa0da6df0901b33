"""What deeds add up to (L3)."""

from datetime import datetime

from django.db.models import Sum

from fans.accounts.models import Fan
from fans.ledger.models import Contribution


def score(fan: Fan, at: datetime, days: int, known_at: datetime | None = None) -> int:
    """Points of the deeds of so many days up to `at`, as the ledger knew them at `known_at`."""
    rows = Contribution.objects.filter(fan=fan.pk).counting(at, days, known_at or at)
    total: int | None = rows.aggregate(total=Sum("points"))["total"]
    return total or 0
