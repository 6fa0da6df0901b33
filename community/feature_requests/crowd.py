"""Who stands behind a wish, by kinds of place and never by name (A4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.core.cache import cache
from django.db.models import Case, Count, Max, Min, Q, Value, When

from community.feature_requests.lenses import SMALL_PLACES
from community.feature_requests.models import FeatureRequest, Lens, Vote
from fans.places.models import RegionLevel

SMALLEST_GROUP = 5
LARGE_CROWD, KEPT_SECONDS = 1000, 600
_SMALL, _PREFECTURE, _MUNICIPALITY, _UNKNOWN = range(4)
Key = TypeVar("Key")


@dataclass(frozen=True)
class Crowd:
    """Groups are those that may be named, by what the votes said of their fans when cast."""

    first_at: datetime
    last_at: datetime
    groups: dict[str, int]  # by RegionLevel and Lens


def crowd_of(wish: FeatureRequest) -> Crowd | None:
    """Each fan once, through everything merged into it (F4). One query, for a large crowd one in
    ten minutes: it takes half a second for a hundred thousand.
    """
    sums: dict[str, Any] | None
    if wish.vote_count < LARGE_CROWD:
        sums = _sums(wish)
    else:
        sums = cache.get_or_set(f"crowd:{wish.pk}", lambda: _sums(wish), KEPT_SECONDS)
    if sums is None or sums["first_at"] is None:
        return None
    places = {
        str(Lens.COUNTY): sums["small"],
        str(RegionLevel.PREFECTURE): sums["prefecture"],
        str(RegionLevel.MUNICIPALITY): sums["municipality"],
    }
    new = {str(Lens.NEWCOMERS): sums["newcomers"]}
    groups = named_groups(places, wish.vote_count) | named_groups(new, wish.vote_count)
    return Crowd(sums["first_at"], sums["last_at"], groups)


def _sums(wish: FeatureRequest) -> dict[str, Any]:
    here = FeatureRequest.objects.shown_with(wish.pk).values("pk")
    fans = Vote.objects.counted().filter(feature_request__in=here).order_by().values("fan")
    each = fans.annotate(
        kind=Min(
            Case(
                When(region_level__in=SMALL_PLACES, then=_SMALL),
                When(region_level=RegionLevel.PREFECTURE, then=_PREFECTURE),
                When(region_level=RegionLevel.MUNICIPALITY, then=_MUNICIPALITY),
                default=Value(_UNKNOWN),
            )
        ),
        is_new=Max(Case(When(is_newcomer=True, then=1), default=0)),
        since=Min("cast_at"),
        until=Max("cast_at"),
    )
    return each.aggregate(
        small=Count("fan", filter=Q(kind=_SMALL)),
        prefecture=Count("fan", filter=Q(kind=_PREFECTURE)),
        municipality=Count("fan", filter=Q(kind=_MUNICIPALITY)),
        newcomers=Count("fan", filter=Q(is_new=1)),
        first_at=Min("since"),
        last_at=Max("until"),
    )


def unless_few(count: int, of: int) -> int | None:
    """How many of so many, unless it or what is left of them might be somebody (O4)."""
    few = range(1, SMALLEST_GROUP)
    return None if count < SMALLEST_GROUP or of - count in few else count


def named_groups(groups: Mapping[Key, int], total: int) -> dict[Key, int]:
    """The groups of 5 and more; nobody is left over, or 5 at least: nothing smaller is found by
    subtraction either.
    """
    named = {key: count for key, count in groups.items() if count >= SMALLEST_GROUP}
    while named and 0 < total - sum(named.values()) < SMALLEST_GROUP:
        named.pop(min(named, key=lambda key: named[key]))
    return named
