"""Who the active fans are (spec §10): how many stand in each segment of four dimensions."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Case, CharField, Count, F, QuerySet, Value, When
from django.db.models.functions import Coalesce

from fans.accounts.models import Fan
from fans.ledger.metrics import active_fans
from fans.places.models import RegionLevel
from fans.tiers.models import Tier

NEWCOMER = timedelta(days=90)
FIRST_YEAR = timedelta(days=365)
DIMENSIONS = ("tier", "region_level", "join_channel", "tenure")
CASUAL = Value(Tier.CASUAL.value)


def fans_by_segment(at: datetime) -> Mapping[str, Counter[str]]:
    """{dimension: {segment: how many active fans}}."""
    people = with_segments(active_fans(at), at)
    names = [f"in_{dimension}" for dimension in DIMENSIONS]
    found: dict[str, Counter[str]] = {dimension: Counter() for dimension in DIMENSIONS}
    for *segments, count in people.order_by().values_list(*names).annotate(count=Count("pk")):
        for dimension, segment in zip(DIMENSIONS, segments, strict=True):
            found[dimension][segment] += count
    return found


def with_segments(people: QuerySet[Fan], at: datetime) -> QuerySet[Fan]:
    """Annotate `in_tier` and its like; where they live with their consent alone."""
    return people.annotate(
        in_tier=Coalesce("standing__tier", CASUAL, output_field=CharField()),
        in_region_level=Case(
            When(consents_to_region=True, place__isnull=False, then=F("place__region_level")),
            default=Value(RegionLevel.UNKNOWN.value),
            output_field=CharField(),
        ),
        in_join_channel=F("join_channel"),
        in_tenure=Case(
            When(joined_at__gt=at - NEWCOMER, then=Value("newcomer")),
            When(joined_at__gt=at - FIRST_YEAR, then=Value("first_year")),
            default=Value("longer"),
            output_field=CharField(),
        ),
    )
