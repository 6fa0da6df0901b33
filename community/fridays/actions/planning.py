"""Monday: what the vote board said, and what the company takes from it for the week."""

from datetime import datetime

from django.db import transaction

from community.feature_requests.actions import change_status
from community.feature_requests.lenses import COLUMNS
from community.feature_requests.models import FeatureRequest, Lens, Status
from community.fridays.actions.cycles import ReasonMissing, lock_cycle
from community.fridays.models import Cycle, Pick, SnapshotRow
from fans.accounts.models import Fan
from fans.audit.actions import record

MOST_PICKS = 5
LEAST_TO_RANK = 5
ROWS_A_LENS = 100


class NoSnapshotYet(Exception):
    """The choice is made from Monday's board."""


class NotToBePicked(Exception):
    """Not an open wish of this product."""


class SixthNeedsReason(ReasonMissing):
    """Five a product and week; more only for a reason everybody can read."""


def take_snapshot(cycle: Cycle, at: datetime) -> None:
    """Keep the board as it stands, one row a wish and lens. Called under the cycle's lock."""
    rows = [row for lens in Lens for row in rows_of(cycle, lens)]
    SnapshotRow.objects.bulk_create(rows, ignore_conflicts=True)
    cycle.snapshot_at = at
    cycle.save(update_fields=["snapshot_at"])


def rows_of(cycle: Cycle, lens: Lens) -> list[SnapshotRow]:
    """The board as it stands, not stored. Equal counts share a rank; under five there is none."""
    counts = _counts(cycle, lens)
    ranks: dict[int, int] = {}
    for place, (_, count) in enumerate(counts, 1):
        ranks.setdefault(count, place)
    return [
        SnapshotRow(
            cycle=cycle,
            feature_request_id=wish,
            lens=lens,
            count=count,
            rank=ranks[count] if count >= LEAST_TO_RANK else None,
        )
        for wish, count in counts
    ]


def _counts(cycle: Cycle, lens: Lens) -> list[tuple[int, int]]:
    """Wish and voices, most first; what is merged into a wish counts with it (F4)."""
    column = COLUMNS[lens][0]
    wishes = FeatureRequest.objects.listed().open().filter(product=cycle.product_id)
    heard = wishes.filter(**{f"{column}__gt": 0}).order_by(f"-{column}", "pk")
    return list(heard.values_list("pk", column)[:ROWS_A_LENS])


@transaction.atomic
def pick(
    *, cycle: Cycle, feature_request: FeatureRequest, actor: Fan, at: datetime, reason: str = ""
) -> Pick:
    """Take a wish into the week: five a product, the sixth with a reason. Again is the same."""
    locked = lock_cycle(cycle.pk)
    if locked.snapshot_at is None:
        raise NoSnapshotYet
    if known := locked.picks.filter(feature_request=feature_request).first():
        return known
    if feature_request.product_id != locked.product_id or not feature_request.takes_votes:
        raise NotToBePicked
    if locked.picks.count() >= MOST_PICKS and not reason.strip():
        raise SixthNeedsReason
    made = Pick.objects.create(
        cycle=locked,
        feature_request=feature_request,
        picked_by=actor,
        picked_at=at,
        reason=reason.strip(),
    )
    record(
        actor=actor, verb="wish picked", subject=locked.subject, at=at, reason=made.reason,
        request=feature_request.pk,
    )  # fmt: skip
    return made


@transaction.atomic
def withdraw_pick(
    *, cycle: Cycle, feature_request: FeatureRequest, actor: Fan, at: datetime
) -> bool:
    """Not this week after all; False when it was not picked."""
    locked = lock_cycle(cycle.pk)
    removed, _ = locked.picks.filter(feature_request=feature_request).delete()
    if removed:
        record(
            actor=actor, verb="pick withdrawn", subject=locked.subject, at=at,
            request=feature_request.pk,
        )  # fmt: skip
    return bool(removed)


@transaction.atomic
def plan(*, feature_request: FeatureRequest, response: str, actor: Fan, at: datetime) -> bool:
    """Say in writing that it is planned (F1), and first that it is looked at, where nobody has.

    False when it is planned already. Refuses as `change_status` does.
    """
    if feature_request.status in {Status.SUBMITTED, Status.REOPENED}:
        change_status(
            feature_request=feature_request, became=Status.UNDER_REVIEW, actor=actor, at=at
        )
    planned = change_status(
        feature_request=feature_request,
        became=Status.PLANNED,
        response=response,
        actor=actor,
        at=at,
    )
    return planned is not None
