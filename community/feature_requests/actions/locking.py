"""The rows whose rules are checked, held until the transaction ends.

A wish and what is merged into it share one tally, kept on the wish they are shown as. Votes,
answers and merges queue up behind that row; merges hold every row of both sides.

Nobody waits in a circle, for everybody takes locks in one order: wishes, several of them by
number; then the fan's voting right; then the fan. Which wish is the one is known only when its row
is held: whoever holds another by then lets go of all of them (`until_settled`: the transaction, or
the part of it that took them) and begins again, instead of reaching back. Whoever learns of further
wishes once the fan is held does the same.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models.functions import Coalesce

from community.feature_requests.actions.refusals import MayNotWrite, NotInThatState
from community.feature_requests.models import (
    FeatureRequest,
    FeatureRequestQuerySet,
    Vote,
    VotingRight,
)
from fans.accounts.models import Fan

ATTEMPTS = 5
T = TypeVar("T")


class Moved(Exception):
    """While we waited for the row, the wish was merged or taken out again."""


def until_settled(act: Callable[[], T]) -> T:
    """Do it all or nothing; again from the beginning when a wish moved before it was held."""
    for _ in range(ATTEMPTS):
        try:
            with transaction.atomic():
                return act()
        except Moved:
            continue
    raise NotInThatState


def hold_shown(*feature_requests: FeatureRequest) -> list[FeatureRequest]:
    """The wishes in whose name votes are counted now: themselves, or where their merges lead (F4).

    Only within `until_settled`. They are sought where the caller last saw them: one statement.
    """
    shown = [each.shown_as_id or each.pk for each in feature_requests]
    locked = {row.pk: row for row in _rows().filter(pk__in=shown).order_by("pk")}
    for each, sought in zip(feature_requests, shown, strict=True):
        each.shown_as_id = locked[sought].shown_as_id if sought == each.pk else _shown_as(each.pk)
    if shown != [each.shown_as_id or each.pk for each in feature_requests]:
        raise Moved
    return [locked[pk] for pk in shown]


def lock_request(feature_request: FeatureRequest) -> FeatureRequest:
    """This very wish, merged or not."""
    return _rows().get(pk=feature_request.pk)


def lock_shown(feature_request: FeatureRequest) -> FeatureRequest:
    """The one wish in whose name this one's votes are counted."""
    return until_settled(lambda: hold_shown(feature_request)[0])


def lock_clusters(*feature_requests: FeatureRequest) -> dict[int, FeatureRequest]:
    """Every row that is shown together with one of these, by number (F4)."""
    return _lock_all(lambda: _cluster_pks(feature_requests))


def lock_open_wishes(fan: Fan) -> list[FeatureRequest]:
    """The wishes this fan's open votes stand for. Before the fan's own row, wherever both are."""
    standing = Vote.objects.open_wishes_of(fan, listed_alone=False)
    return list(_lock_all(lambda: set(standing.all())).values())


def lock_marked_wishes(fan: Fan) -> list[FeatureRequest]:
    """The wishes whose votes say where this fan lives, ended ones too, and then the fan: until
    the transaction ends nobody votes in their name.
    """
    marked = Vote.objects.with_region().filter(fan=fan.pk)
    shown = marked.values_list(Coalesce("feature_request__shown_as", "feature_request"), flat=True)
    people = Fan.objects.get_queryset().select_for_update(no_key=True).filter(pk=fan.pk)
    return list(_lock_all(lambda: set(shown.all()), then=lambda: list(people.all())).values())


def lock_voter(fan: Fan, at: datetime) -> VotingRight:
    """The row a fan's votes queue up behind, and the fan: a mute or an office that came first is
    seen. Raises VotingRight.DoesNotExist, or MayNotWrite.
    """
    rows = VotingRight.objects.select_related("fan__place").select_for_update(
        of=("self", "fan"), no_key=True
    )
    right = rows.get(pk=fan.pk)
    _refuse_silent(right.fan, at)
    return right


def lock_fan(fan: Fan, at: datetime) -> Fan:
    """Taken last: a mute or an office that came first is seen."""
    locked = Fan.objects.get_queryset().select_for_update(no_key=True).get(pk=fan.pk)
    _refuse_silent(locked, at)
    return locked


def _refuse_silent(fan: Fan, at: datetime) -> None:
    if reason := fan.writing_refusal(at):
        raise MayNotWrite(reason)


def _lock_all(
    find: Callable[[], set[int]], then: Callable[[], object] = lambda: None
) -> dict[int, FeatureRequest]:
    def hold() -> dict[int, FeatureRequest]:
        wanted = find()
        locked = {row.pk: row for row in _rows().filter(pk__in=wanted).order_by("pk")}
        then()
        if find() != wanted:
            raise Moved
        return locked

    return until_settled(hold)


def _rows() -> FeatureRequestQuerySet:
    return FeatureRequest.objects.select_related("thread").select_for_update(
        of=("self",), no_key=True
    )


def _shown_as(pk: int) -> int | None:
    return FeatureRequest.objects.values_list("shown_as", flat=True).get(pk=pk)


def _cluster_pks(feature_requests: Iterable[FeatureRequest]) -> set[int]:
    shown = [_shown_as(each.pk) or each.pk for each in feature_requests]
    rows = FeatureRequest.objects.shown_with(*shown)
    return set(rows.values_list("pk", flat=True))
