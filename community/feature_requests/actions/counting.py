"""The tally of a wish, and the day by which it asks for an answer. Under the lock of the wish."""

from datetime import datetime
from math import sqrt

from community.feature_requests.models import FeatureRequest, Vote
from fans.ledger.size import active_count
from fans.site.working_time import working_days_after

FEWEST, MOST = 3, 200  # votes after which an answer is due (F1)
ANSWER_DAYS = 7  # working days


def votes_until_answer(active_fans: int) -> int:
    """F1: 30 active fans → 3, 400 → 10, 3 million → 200."""
    return max(FEWEST, min(MOST, int(sqrt(active_fans) / 2 + 0.5)))


def count_one_more(locked: FeatureRequest, at: datetime) -> None:
    locked.vote_count += 1
    locked.save(update_fields=["vote_count"])
    ask_for_answer(locked, at)


def ask_for_answer(locked: FeatureRequest, at: datetime) -> None:
    """Set the day of the first answer, once: a threshold passed stays passed (F1)."""
    if locked.answer_due_at is not None or locked.answered_at is not None:
        return
    if locked.vote_count < FEWEST or locked.vote_count < votes_until_answer(active_count(at)):
        return
    locked.answer_due_at = working_days_after(at, ANSWER_DAYS)
    locked.save(update_fields=["answer_due_at"])


def counted_fans(rows: set[int]) -> int:
    """Distinct fans with a counted vote on any of these wishes (F3, F4)."""
    votes = Vote.objects.counted().filter(feature_request__in=rows)
    return votes.values("fan").distinct().count()
