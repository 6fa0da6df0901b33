"""What the week contributes to the four measures (spec §10): plain figures with their parts.

`None` where nobody said anything, and where fewer than 5 did.
"""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from community.fridays.aggregates import SMALLEST_CROWD, recommend_of, satisfaction_of
from community.fridays.models import Report, WeeklyReport


def satisfaction(since: datetime, until: datetime) -> dict[str, Any] | None:
    """Share of ratings ≥ 4 among counted reports first sent in that time, with its interval."""
    ratings = list(_counted(since, until).values_list("overall", flat=True))
    return satisfaction_of(ratings) if len(ratings) >= SMALLEST_CROWD else None


def recommendation(since: datetime, until: datetime) -> dict[str, Any] | None:
    """Promoters less detractors among the answers to the 0–10 question."""
    answered = _counted(since, until).filter(would_recommend__isnull=False)
    return recommend_of(
        [rating for (rating,) in answered.values_list("would_recommend") if rating is not None]
    )


def reporters(since: datetime, until: datetime) -> int:
    """Distinct fans with a counted report first sent in that time."""
    return _counted(since, until).values("fan").distinct().count()


def newest_figures(until: datetime) -> WeeklyReport | None:
    """The newest counted week; its response rate and voice table say who spoke."""
    counted = WeeklyReport.objects.filter(made_at__lte=until).select_related("cycle__product")
    return counted.order_by("-cycle__friday", "-cycle__product__is_main", "-version").first()


def _counted(since: datetime, until: datetime) -> QuerySet[Report]:
    return Report.objects.filter(
        cycle__frozen_at__isnull=False, first_sent_at__gte=since, first_sent_at__lt=until
    )
