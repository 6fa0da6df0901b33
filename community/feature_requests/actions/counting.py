"""The tallies of a wish, and the day by which it asks for an answer. Under the lock of the wish.

A cast or taken vote costs the same however many there are: only the votes of its one fan are
looked at, and all columns change in one UPDATE.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from math import sqrt

from django.db.models import Count, Max, Sum
from django.db.models.functions import Coalesce

from community.feature_requests.heat import Weight, weight
from community.feature_requests.lenses import COLUMNS, seen_by, sees
from community.feature_requests.models import FeatureRequest, OfflineSupport, Vote
from fans.ledger.size import active_count
from fans.site.working_time import working_days_after

FEWEST, MOST = 3, 200  # votes after which an answer is due (F1)
ANSWER_DAYS = 7  # working days
FEW = 64  # voices, weighed afresh whenever one is taken away
BLURRED = 2**-10  # so little left of a heat that the rounding of what was taken shows

# By column of the wish: what one fan adds to it, or all of them.
Voice = Mapping[str, float]
_KEPT = [(lens, count, heat) for lens, (count, heat) in COLUMNS.items() if heat is not None]
SILENCE: Voice = {column: 0 for _, count, heat in _KEPT for column in (count, heat)}


def voice_of(votes: Iterable[Vote]) -> Voice:
    """What one fan adds with all their votes on a wish and on what is merged into it: one voice
    a lens, as warm as the newest vote it sees (F4).
    """
    counted = [vote for vote in votes if vote.counted_at is not None]
    voice: dict[str, float] = {}
    for lens, count, heat in _KEPT:
        weights = [weight(vote.cast_at) for vote in counted if sees(lens, vote)]
        voice[count], voice[heat] = int(bool(weights)), max(weights, default=0.0)
    return voice


def change_voice(
    locked: FeatureRequest,
    *,
    was: Voice = SILENCE,
    now: Voice = SILENCE,
    at: datetime | None = None,
) -> None:
    """One fan's votes changed, and are written: so do the tallies. With `at` an answer may fall
    due.
    """
    changed = [column for column in SILENCE if was[column] != now[column]]
    if not changed:
        return
    values = {column: _changed(locked, column, was, now) for column in changed}
    if _blurs(locked, values):
        values = {column: tally_of(rows_shown_as(locked))[column] for column in changed}
    _save(locked, values, at)


def write_tally(locked: FeatureRequest, at: datetime | None = None) -> None:
    """Count all of them again, in the database: after a merge, an undo, or an end undone."""
    _save(locked, tally_of(rows_shown_as(locked)), at)


def tally_of(rows: Iterable[int]) -> dict[str, float]:
    """The columns of a wish that is shown for these (F3, F4): distinct fans with a counted vote
    each lens sees, the weight of the newest of each, and the voices heard away from the site.
    """
    pks = list(rows)
    votes = Vote.objects.counted().filter(feature_request__in=pks)
    newest = {lens: Max("cast_at", filter=seen_by(lens)) for lens, _, _ in _KEPT}
    sums = {count: Count(lens) for lens, count, _ in _KEPT}
    heats = {heat: Coalesce(Sum(Weight(lens)), 0.0) for lens, _, heat in _KEPT}
    of_fans = votes.order_by().values("fan").annotate(**newest)
    tally: dict[str, float] = of_fans.aggregate(**sums, **heats)
    offline = OfflineSupport.objects.filter(feature_request__in=pks, withdrawn_at=None)
    return tally | {"offline_count": offline.aggregate(voices=Sum("count"))["voices"] or 0}


def rows_shown_as(wish: FeatureRequest) -> list[int]:
    """A wish and all that is merged into it."""
    return list(FeatureRequest.objects.shown_with(wish.pk).values_list("pk", flat=True))


def votes_until_answer(active_fans: int) -> int:
    """F1: 30 active fans → 3, 400 → 10, 3 million → 200."""
    return max(FEWEST, min(MOST, int(sqrt(active_fans) / 2 + 0.5)))


def _changed(locked: FeatureRequest, column: str, was: Voice, now: Voice) -> float:
    kept: float = getattr(locked, column)
    return max(0, kept - was[column] + now[column])


def _blurs(locked: FeatureRequest, values: dict[str, float]) -> bool:
    """Whether a heat is better weighed afresh: taking a large number from a sum leaves rounding
    where small ones were. Of many voices none weighs so much, but for the first in a long time.
    """
    colder = [
        (values[heat], getattr(locked, heat))
        for _, _, heat in _KEPT
        if heat in values and values[heat] < getattr(locked, heat)
    ]
    return bool(colder) and (
        locked.vote_count <= FEW or any(left < before * BLURRED for left, before in colder)
    )


def _save(locked: FeatureRequest, values: Mapping[str, float], at: datetime | None) -> None:
    for column, value in values.items():
        setattr(locked, column, value)
    due = _ask_for_answer(locked, at) if at is not None else []
    locked.save(update_fields=[*values, *due])


def _ask_for_answer(locked: FeatureRequest, at: datetime) -> list[str]:
    """Set the day of the first answer, once: a threshold passed stays passed (F1)."""
    if locked.answer_due_at is not None or locked.answered_at is not None:
        return []
    if locked.vote_count < FEWEST or locked.vote_count < votes_until_answer(active_count(at)):
        return []
    locked.answer_due_at = working_days_after(at, ANSWER_DAYS)
    return ["answer_due_at"]
