"""The repair of the tallies kept on wishes: they equal a count of the rows, or are made to."""

from dataclasses import dataclass
from math import isclose

from django.db import transaction

from community.feature_requests.actions.counting import tally_of
from community.feature_requests.actions.locking import lock_clusters
from community.feature_requests.models import FeatureRequest

PRECISION = 1e-9  # of a heat, relative: sums of doubles depend on their order


@dataclass(frozen=True)
class Wrong:
    feature_request: int
    name: str
    cached: float | None
    counted: float | None


@transaction.atomic
def recount_request(*, feature_request: FeatureRequest, repairs: bool) -> list[Wrong]:
    """Compare a wish that stands by itself with its votes and the voices heard away from the
    site, and what is merged into it with the chain of merges.
    """
    rows = lock_clusters(feature_request)
    wish = rows[feature_request.pk]
    found = _wrong_ends(rows)
    if wish.merged_into_id is None:
        shown = {pk for pk, row in rows.items() if wish.pk in {pk, row.shown_as_id}}
        found += [
            Wrong(wish.pk, column, getattr(wish, column), counted)
            for column, counted in tally_of(shown).items()
            if _differs(wish, getattr(wish, column), counted)
        ]
    if repairs:
        for wrong in found:
            FeatureRequest.objects.filter(pk=wrong.feature_request).update(
                **{wrong.name: wrong.counted}
            )
    return found


def _differs(wish: FeatureRequest, cached: float, counted: float) -> bool:
    if not wish.takes_votes and counted < cached:
        return False  # what has ended keeps the voices of those who were erased since (A5)
    return not isclose(cached, counted, rel_tol=PRECISION)


def _wrong_ends(rows: dict[int, FeatureRequest]) -> list[Wrong]:
    found = []
    for row in rows.values():
        end = row
        while end.merged_into_id is not None and end.merged_into_id in rows:
            end = rows[end.merged_into_id]
        expected = end.pk if row.merged_into_id is not None else None
        if row.shown_as_id != expected:
            found.append(Wrong(row.pk, "shown_as_id", row.shown_as_id, expected))
    return found
