"""What the wishes contribute to the staff home and the measures (spec §10)."""

from datetime import datetime
from typing import Any

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Min, Q

from community.feature_requests.models import FeatureRequest, Status, StatusChange


def answers_in_time(since: datetime, until: datetime) -> dict[str, Any] | None:
    """First answers that fell due in that time: how many came by then (F1). None when none did.

    What was merged is answered where it is shown, and owes nothing of its own (F4).
    """
    due = FeatureRequest.objects.filter(
        merged_into=None, answer_due_at__gte=since, answer_due_at__lt=until
    )
    counted = due.aggregate(
        due=Count("pk"), kept=Count("pk", filter=Q(answered_at__lte=F("answer_due_at")))
    )
    if not counted["due"]:
        return None
    return {**counted, "share": counted["kept"] / counted["due"]}


def planned_to_shipped(since: datetime, until: datetime) -> dict[str, Any] | None:
    """Mean time from the first plan to the build, of what shipped in that time."""
    shipped = FeatureRequest.objects.filter(
        status=Status.SHIPPED, status_at__gte=since, status_at__lt=until
    )
    planned = StatusChange.objects.filter(
        feature_request__in=shipped.values("pk"), became=Status.PLANNED
    )
    first = (
        planned.order_by()
        .values("feature_request")
        .annotate(planned_at=Min("changed_at"), shipped_at=Min("feature_request__status_at"))
    )
    lasted = ExpressionWrapper(F("shipped_at") - F("planned_at"), DurationField())
    counted = first.aggregate(count=Count("feature_request"), mean=Avg(lasted))
    return counted if counted["count"] else None
