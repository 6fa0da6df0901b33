"""The repair of the tallies kept on wishes: they equal a count of the rows, or are made to."""

from dataclasses import dataclass

from django.db import transaction

from community.feature_requests.actions.counting import counted_fans
from community.feature_requests.actions.locking import lock_clusters
from community.feature_requests.models import FeatureRequest


@dataclass(frozen=True)
class Wrong:
    feature_request: int
    name: str
    cached: int | None
    counted: int | None


@transaction.atomic
def recount_request(*, feature_request: FeatureRequest, repairs: bool) -> list[Wrong]:
    """Compare a wish that stands by itself with its votes, and what is merged into it with the
    chain of merges.
    """
    rows = lock_clusters(feature_request)
    wish = rows[feature_request.pk]
    found = _wrong_ends(rows)
    if wish.merged_into_id is None:
        shown = {pk for pk, row in rows.items() if wish.pk in {pk, row.shown_as_id}}
        count = counted_fans(shown)
        if count != wish.vote_count:
            found.append(Wrong(wish.pk, "vote_count", wish.vote_count, count))
    if repairs:
        for wrong in found:
            FeatureRequest.objects.filter(pk=wrong.feature_request).update(
                **{wrong.name: wrong.counted}
            )
    return found


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
