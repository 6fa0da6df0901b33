"""The rows whose rules are checked, held until the transaction ends.

A wish and what is merged into it share one tally, kept on the wish they are shown as. Votes,
answers and merges queue up behind that row; merges hold every row of both sides, by number.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce

from community.feature_requests.actions.refusals import MayNotWrite, NotInThatState
from community.feature_requests.models import FeatureRequest, FeatureRequestQuerySet
from fans.accounts.models import Fan

ATTEMPTS = 5


class _Moved(Exception):
    """While we waited for the row, the wish was merged or taken out again."""


def lock_request(feature_request: FeatureRequest) -> FeatureRequest:
    """This very wish, merged or not."""
    return _rows().get(pk=feature_request.pk)


def lock_shown(feature_request: FeatureRequest) -> FeatureRequest:
    """The wish in whose name votes are counted now: itself, or where its merges lead (F4)."""
    for _ in range(ATTEMPTS):
        shown = _shown_as(feature_request.pk)
        try:
            with transaction.atomic():  # letting go of a row that is no longer the one
                locked = _rows().get(pk=shown)
                if shown != _shown_as(feature_request.pk):
                    raise _Moved
            return locked
        except _Moved:
            continue
    raise NotInThatState(feature_request)


def lock_clusters(*feature_requests: FeatureRequest) -> dict[int, FeatureRequest]:
    """Every row that is shown together with one of these, by number (F4)."""
    for _ in range(ATTEMPTS):
        wanted = _cluster_pks(feature_requests)
        try:
            with transaction.atomic():
                locked = {row.pk: row for row in _rows().filter(pk__in=wanted).order_by("pk")}
                if set(locked) != _cluster_pks(feature_requests):
                    raise _Moved
            return locked
        except _Moved:
            continue
    raise NotInThatState


def lock_fan(fan: Fan, at: datetime) -> Fan:
    """Taken last: a mute or an office that came first is seen."""
    locked = (
        Fan.objects.get_queryset()
        .select_related("place")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=fan.pk)
    )
    if reason := locked.writing_refusal(at):
        raise MayNotWrite(reason)
    return locked


def _rows() -> FeatureRequestQuerySet:
    return FeatureRequest.objects.select_related("thread").select_for_update(
        of=("self",), no_key=True
    )


def _shown_as(pk: int) -> int:
    shown: int = FeatureRequest.objects.values_list(Coalesce("shown_as", "pk"), flat=True).get(
        pk=pk
    )
    return shown


def _cluster_pks(feature_requests: Iterable[FeatureRequest]) -> set[int]:
    shown = [_shown_as(each.pk) for each in feature_requests]
    rows = FeatureRequest.objects.filter(Q(pk__in=shown) | Q(shown_as__in=shown))
    return set(rows.values_list("pk", flat=True))
