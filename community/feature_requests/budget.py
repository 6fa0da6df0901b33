"""What a fan's votes stand for, and how many are left (F2)."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q

from community.feature_requests.models import OPEN, Status, Vote, VotingRight
from community.feature_requests.permissions import casts_votes
from community.threads.models import State
from fans.accounts.models import Fan, Reader

DEFAULT_VOTES = 10
_SHOWN = [
    *("feature_request", "feature_request__status", "feature_request__thread__state"),
    *("feature_request__shown_as", "feature_request__shown_as__status"),
    "feature_request__shown_as__thread__state",
]


class Voice(NamedTuple):
    """How a reader may vote: which wishes they voted for already, and how much is left."""

    mine: frozenset[int] = frozenset()
    used: int = 0
    limit: int = 0  # 0: casts no votes

    @property
    def is_spent(self) -> bool:
        return self.used >= self.limit > 0


def voice_of(reader: Reader, pks: Iterable[int] = ()) -> Voice:
    """Every open vote of this reader, and those among these wishes, seen through merges (F4).

    One query, a second for whoever has no vote. The same as `open_wishes_of`, which counts
    under the lock, but flat: it stands on every list.
    """
    if not isinstance(reader, Fan) or not casts_votes(reader):
        return Voice()
    here = Q(feature_request__status__in=[*OPEN, Status.MERGED]) | Q(feature_request__in=list(pks))
    votes = Vote.objects.filter(here, fan=reader.pk)
    rows = list(votes.values_list(*_SHOWN, "fan__voting_right__limit"))
    mine, standing = set(), set()
    for pk, status, state, target, target_status, target_state, _ in rows:
        shown = target or pk
        mine.add(shown)
        if target:
            status, state = target_status, target_state
        if status in OPEN and state == State.PUBLISHED:
            standing.add(shown)
    if rows:
        limit = rows[0][-1]
    else:
        right = VotingRight.objects.filter(pk=reader.pk)
        limit = right.values_list("limit", flat=True).first()
    return Voice(frozenset(mine), len(standing), DEFAULT_VOTES if limit is None else limit)
