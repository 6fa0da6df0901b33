"""What the week contributes to the four measures (spec §10): plain figures with their parts.

`None` where nobody said anything, and where fewer than 5 did.
"""

from datetime import datetime
from typing import Any

from community.fridays.aggregates import recommend_of
from community.fridays.models import Report


def recommendation(since: datetime, until: datetime) -> dict[str, Any] | None:
    """Promoters less detractors among the answers to the 0–10 question, in counted reports first
    sent in that time.
    """
    answered = Report.objects.filter(
        cycle__frozen_at__isnull=False,
        first_sent_at__gte=since,
        first_sent_at__lt=until,
        would_recommend__isnull=False,
    )
    return recommend_of(
        [rating for (rating,) in answered.values_list("would_recommend") if rating is not None]
    )
