"""Where a wish stands for everyone, and where through a lens (spec §5): «#3 → #11».

Both ranks are within the same filters. Equal values share a rank. What stands behind the first
thousand has no number, so the question stays small however long the list is.
"""

from collections.abc import Sequence

from django.db.models import QuerySet, Value

from community.feature_requests.models import FeatureRequest, FeatureRequestQuerySet
from community.feature_requests.rows import Row, Seen

RANKED = 1_000
FEWEST = 5  # a voice among fewer is nobody's to see

_EVERYONE, _LENS, _COUNT = range(3)


def through_lens(
    rows: Sequence[Row],
    wishes: FeatureRequestQuerySet,
    *,
    plain: str,
    column: str,
    count: str,
) -> list[Row]:
    """The rows with what the lens sees of them. One query.

    `wishes` are all of the list; `plain` and `column` are what it is ordered by for everyone and
    through the lens, `count` is where the lens counts voices.
    """
    on_page = FeatureRequest.objects.filter(pk__in=[row.pk for row in rows])
    first = _first(wishes, plain, _EVERYONE)
    told = first.union(
        _first(wishes, column, _LENS),
        on_page.values_list(Value(_COUNT), "pk", count),
        all=True,
    )
    values: tuple[dict[int, float], ...] = ({}, {}, {})
    for kind, pk, value in told:
        values[kind][pk] = value
    for_everyone, through = _ranks(values[_EVERYONE]), _ranks(values[_LENS])
    return [
        row._replace(
            seen=Seen(
                voices=_told(values[_COUNT].get(row.pk, 0)),
                rank=through.get(row.pk) if values[_COUNT].get(row.pk, 0) >= FEWEST else None,
                rank_for_everyone=for_everyone.get(row.pk) if row.vote_count >= FEWEST else None,
            )
        )
        for row in rows
    ]


def _told(count: float) -> int | None:
    return int(count) if count >= FEWEST else None


def _first(
    wishes: FeatureRequestQuerySet, column: str, kind: int
) -> QuerySet[FeatureRequest, tuple[int, int, float]]:
    best = wishes.order_by(f"-{column}", "-pk").values("pk")[:RANKED]
    return FeatureRequest.objects.filter(pk__in=best).values_list(Value(kind), "pk", column)


def _ranks(values: dict[int, float]) -> dict[int, int]:
    """1 + how many are more."""
    ranks: dict[float, int] = {}
    for place, value in enumerate(sorted(values.values(), reverse=True), start=1):
        ranks.setdefault(value, place)
    return {pk: ranks[value] for pk, value in values.items()}
