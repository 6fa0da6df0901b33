"""What the wishes contribute to the staff home and the measures (spec §10)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Case, CharField, Count, F, Min, Q, Value, When
from django.db.models.functions import Coalesce

from community.feature_requests.models import FeatureRequest, Status, StatusChange, Vote
from fans.tiers.metrics import CASUAL, FIRST_YEAR


@dataclass(frozen=True, slots=True)
class Voices:
    """Counted votes of one segment, and of how many people they are."""

    votes: int
    people: int


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


def planned_to_shipped(since: datetime, until: datetime) -> list[timedelta]:
    """From the first plan to the build, of each wish that shipped in that time; shortest first."""
    planned = StatusChange.objects.filter(
        became=Status.PLANNED,
        feature_request__status=Status.SHIPPED,
        feature_request__status_at__gte=since,
        feature_request__status_at__lt=until,
    )
    first = planned.order_by().values("feature_request").annotate(planned_at=Min("changed_at"))
    return sorted(
        shipped_at - planned_at
        for shipped_at, planned_at in first.values_list("feature_request__status_at", "planned_at")
    )


def median_days(lasted: list[timedelta]) -> int:
    """The middle one, in whole days; of two in the middle their mean."""
    return round(median(each / timedelta(days=1) for each in lasted))


def votes_by_segment(
    since: datetime, until: datetime
) -> Mapping[int, Mapping[str, Mapping[str, Voices]]]:
    """{product: {dimension: {segment: voices}}} of the counted votes cast in that time.

    Where its fan lived and whether they were new is what a vote carries; the tier and the way in
    are the fan's own. Staff have no votes.
    """
    votes = (
        Vote.objects.counted()
        .filter(cast_at__gte=since, cast_at__lt=until)
        .annotate(
            tier=Coalesce("fan__standing__tier", CASUAL, output_field=CharField()),
            join_channel=F("fan__join_channel"),
            tenure=Case(
                When(is_newcomer=True, then=Value("newcomer")),
                When(fan__joined_at__gt=F("cast_at") - FIRST_YEAR, then=Value("first_year")),
                default=Value("longer"),
                output_field=CharField(),
            ),
        )
        .order_by()
    )
    parts = [
        votes.values_list("feature_request__product", Value(dimension), dimension).annotate(
            votes=Count("pk"), people=Count("fan", distinct=True)
        )
        for dimension in ("tier", "region_level", "join_channel", "tenure")
    ]
    found: dict[int, dict[str, dict[str, Voices]]] = {}
    for product, dimension, segment, count, people in parts[0].union(*parts[1:], all=True):
        found.setdefault(product, {}).setdefault(dimension, {})[segment] = Voices(count, people)
    return found
