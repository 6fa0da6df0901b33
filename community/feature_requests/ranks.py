"""Where a wish stands for everyone, and where through a lens (spec §5): «#3 → #11».

Both ranks are within the same filters. Equal values share a rank. What stands behind the first
three hundred has no number, so the question stays small however long the list is.
"""

from collections.abc import Sequence

from community.feature_requests.crowd import SMALLEST_GROUP, unless_few
from community.feature_requests.models import FeatureRequest, FeatureRequestQuerySet
from community.feature_requests.rows import Row, Seen

RANKED = 300


def through_lens(
    rows: Sequence[Row],
    wishes: FeatureRequestQuerySet,
    *,
    plain: str,
    column: str,
    count: str,
) -> list[Row]:
    """The rows with what the lens sees of them. Three queries, whatever the length of the list.

    `wishes` are all of the list; `plain` and `column` are what it is ordered by for everyone and
    through the lens, `count` is where the lens counts voices.
    """
    on_page = FeatureRequest.objects.filter(pk__in=[row.pk for row in rows])
    voices = dict(on_page.values_list("pk", count))
    for_everyone, through = _ranks(wishes, plain), _ranks(wishes, column)
    return [
        row._replace(
            seen=Seen(
                voices=_told(voices.get(row.pk, 0), row, count),
                is_few=voices.get(row.pk, 0) < SMALLEST_GROUP,
                rank=through.get(row.pk) if voices.get(row.pk, 0) >= SMALLEST_GROUP else None,
                rank_for_everyone=(
                    for_everyone.get(row.pk) if row.vote_count >= SMALLEST_GROUP else None
                ),
            )
        )
        for row in rows
    ]


def _told(voices: int, row: Row, count: str) -> int | None:
    """Beside all votes it would tell of those the lens does not see; offline voices are others."""
    return unless_few(voices, voices if count == "offline_count" else row.vote_count)


def _ranks(wishes: FeatureRequestQuerySet, column: str) -> dict[int, int]:
    """Of the first by number: 1 + how many are more."""
    first = wishes.order_by(f"-{column}", "-pk").values_list("pk", column)[:RANKED]
    ranks: dict[float, int] = {}
    return {pk: ranks.setdefault(value, place) for place, (pk, value) in enumerate(first, start=1)}
