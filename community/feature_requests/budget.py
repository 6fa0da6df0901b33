"""What a fan's votes stand for, and how many are left (F2)."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from community.feature_requests.models import OPEN, Status, Vote, VotingRight
from community.feature_requests.permissions import casts_votes
from community.threads.models import State
from community.threads.prepared import FAN, ask, many
from fans.accounts.models import Fan, Reader

DEFAULT_VOTES = 10
_STANDING = Q(feature_request__status__in=[*OPEN, Status.MERGED])
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
    shown_here = many([*pks])

    def question() -> QuerySet[Vote, Any]:
        here = Q(feature_request__in=[*shown_here])
        votes = Vote.objects.filter(_STANDING | here, fan=FAN)
        return votes.values_list(*_SHOWN, "fan__voting_right__limit")

    rows = ask(("voice", len(shown_here)), question, {FAN: reader.pk, **shown_here})
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
