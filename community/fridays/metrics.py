"""What the weeks contribute to the measures (spec §10): plain figures with their parts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from community.feature_requests.models import FeatureRequest, Status
from community.fridays.models import Credit, Cycle, ReleaseState
from fans.clock.weeks import platform_date


@dataclass(frozen=True, slots=True)
class Week:
    """One week of one product, with what was counted of it as the newest version says.

    What fewer than five said is None, here as on the page of the week: so nothing that is summed
    from these shows it by subtraction.
    """

    cycle: int
    product: int
    week: str
    state: str
    is_rest: bool
    is_counted: bool
    satisfaction: Mapping[str, Any] | None
    recommend: Mapping[str, Any] | None


def weeks(at: datetime, count: int) -> list[Week]:
    """The weeks of all products that began by then, newest first; of one week in their order."""
    today = platform_date(at)
    cycles = Cycle.objects.filter(friday__lte=today, friday__gt=today - timedelta(weeks=count))
    rows = cycles.order_by(
        "-friday", "product__position", "product", "pk", "-weekly_reports__version"
    ).values_list(
        *("pk", "product", "week", "state", "is_rest", "frozen_at"),
        *("weekly_reports__figures__satisfaction", "weekly_reports__figures__recommend"),
    )
    found: dict[int, Week] = {}
    for pk, product, week, state, is_rest, frozen_at, satisfaction, recommend in rows:
        is_counted = frozen_at is not None and frozen_at <= at
        said = (satisfaction, recommend) if is_counted else (None, None)
        found.setdefault(pk, Week(pk, product, week, state, is_rest, is_counted, *said))
    return list(found.values())


def voices_of(cycles: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """{product: the voice tables of its week}, of these weeks, as their newest version says."""
    rows = Cycle.objects.filter(pk__in=list(cycles)).order_by("pk", "weekly_reports__version")
    voices = rows.values_list("product", "weekly_reports__figures__voice")
    return {product: voice or [] for product, voice in voices}


def shipped_with_credit(since: datetime, until: datetime) -> dict[str, int]:
    """Wishes that shipped in that time, and those whose build thanks a fan for them (O6)."""
    shipped = FeatureRequest.objects.filter(
        status=Status.SHIPPED, status_at__gte=since, status_at__lt=until
    )
    thanked = Credit.objects.filter(
        item__feature_request=OuterRef("pk"), release__state=ReleaseState.PUBLISHED
    )
    return shipped.annotate(is_credited=Exists(thanked)).aggregate(
        shipped=Count("pk"), credited=Count("pk", Q(is_credited=True))
    )
