"""The road ahead, as columns; and what is late on it (F1)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count

from community.feature_requests.models import (
    ON_THE_WAY,
    FeatureRequest,
    FeatureRequestQuerySet,
    Status,
)
from fans.accounts.models import Reader

SHIPPED_WITHIN = timedelta(weeks=6)
SILENT_AFTER = timedelta(days=28)  # without a progress note (F1)
WISHES_AT_MOST = 20
BOARD = [Status.UNDER_REVIEW, *ON_THE_WAY, Status.SHIPPED]


@dataclass(frozen=True)
class Column:
    status: Status
    wishes: list[FeatureRequest]
    has_more: bool


def columns(reader: Reader, at: datetime) -> list[Column]:
    return [_column(status, reader, at) for status in BOARD]


def _column(status: Status, reader: Reader, at: datetime) -> Column:
    wishes = FeatureRequest.objects.visible_to(reader).listed().filter(status=status)
    if status == Status.SHIPPED:
        wishes = wishes.filter(status_at__gt=at - SHIPPED_WITHIN).order_by("-status_at", "-pk")
    else:
        wishes = wishes.order_by("-vote_count", "-pk")
    found = list(wishes.select_related("product", "team")[: WISHES_AT_MOST + 1])
    return Column(status, found[:WISHES_AT_MOST], len(found) > WISHES_AT_MOST)


def overdue_by_team(at: datetime) -> list[dict[str, Any]]:
    """How many first answers each team owes; never whose (F1)."""
    rows = FeatureRequest.objects.overdue(at).order_by().values("team__name")
    return [dict(row) for row in rows.annotate(count=Count("pk")).order_by("-count", "team__name")]


def silent_plans(reader: Reader, at: datetime) -> FeatureRequestQuerySet:
    """Planned, and nothing said of it for 28 days (F1)."""
    planned = FeatureRequest.objects.visible_to(reader).listed().filter(status=Status.PLANNED)
    silent = planned.filter(progress_at__lte=at - SILENT_AFTER)
    return silent.select_related("team").order_by("progress_at", "pk")[:WISHES_AT_MOST]
