"""Monday's vote board through one lens, beside everyone's, with what was promised before."""

from dataclasses import dataclass, field
from datetime import datetime

from community.feature_requests.models import FeatureRequest, Lens, Status
from community.feature_requests.promises import promise_of
from community.fridays.actions.planning import rows_of
from community.fridays.models import Cycle, Pick, SnapshotRow
from fans.accounts.models import Reader

WISHES_SHOWN = 60
# What a written answer makes planned, with a look at it on the way.
PLANNABLE = {Status.SUBMITTED, Status.REOPENED, Status.UNDER_REVIEW}


@dataclass
class BoardRow:
    """Where a wish stands: its rank for everyone, and through the lens."""

    wish: FeatureRequest
    count: int | None
    rank: int | None
    everyone: int | None
    pick: Pick | None
    promise: str
    is_answer_late: bool
    chosen_before: list[str] = field(default_factory=list)  # weeks; it is not out yet

    @property
    def is_plannable(self) -> bool:
        return self.pick is not None and self.wish.status in PLANNABLE

    @property
    def has_moved(self) -> bool:
        return self.rank != self.everyone


def board_of(cycle: Cycle, lens: Lens, reader: Reader, at: datetime) -> list[BoardRow]:
    """As it was kept; before that, as it stands. What was chosen is on it in any case.

    Six queries for any number of wishes.
    """
    everyone, through = _ranks(cycle, Lens.EVERYONE), _ranks(cycle, lens)
    picks = {pick.feature_request_id: pick for pick in cycle.picks.order_by("pk")}
    shown = [*list(through)[:WISHES_SHOWN], *(pk for pk in picks if pk not in through)]
    wishes = FeatureRequest.objects.visible_to(reader).select_related("team").in_bulk(shown)
    before = _chosen_before(cycle, list(wishes))
    return [
        _row(wishes[pk], everyone, through, picks.get(pk), before.get(pk, []), at)
        for pk in shown
        if pk in wishes
    ]


def _ranks(cycle: Cycle, lens: Lens) -> dict[int, SnapshotRow]:
    rows = cycle.snapshot.filter(lens=lens).order_by("-count", "feature_request")
    kept = list(rows) if cycle.snapshot_at else rows_of(cycle, lens)
    return {row.feature_request_id: row for row in kept}


def _chosen_before(cycle: Cycle, wishes: list[int]) -> dict[int, list[str]]:
    """Weeks that chose a wish which is not out yet."""
    earlier = Pick.objects.filter(feature_request__in=wishes, cycle__friday__lt=cycle.friday)
    open_ones = earlier.exclude(feature_request__status=Status.SHIPPED)
    found: dict[int, list[str]] = {}
    weeks = open_ones.order_by("cycle__friday", "pk").values_list("feature_request", "cycle__week")
    for wish, week in weeks:
        found.setdefault(wish, []).append(week)
    return found


def _row(
    wish: FeatureRequest,
    everyone: dict[int, SnapshotRow],
    through: dict[int, SnapshotRow],
    pick: Pick | None,
    before: list[str],
    at: datetime,
) -> BoardRow:
    here, there = through.get(wish.pk), everyone.get(wish.pk)
    is_owed = wish.takes_votes and wish.answered_at is None and wish.answer_due_at is not None
    return BoardRow(
        wish=wish,
        count=here.count if here else None,
        rank=here.rank if here else None,
        everyone=there.rank if there else None,
        pick=pick,
        promise=promise_of(wish, at),
        is_answer_late=is_owed and wish.answer_due_at < at,  # type: ignore[operator]
        chosen_before=before,
    )
