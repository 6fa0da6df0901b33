"""What a fan's votes stand for, and how many are left (F2)."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Value
from django.db.models.functions import Coalesce

from community.feature_requests.models import Vote, VotingRight
from community.feature_requests.permissions import casts_votes
from fans.accounts.models import Fan, Reader

DEFAULT_VOTES = 10
_STANDS, _IS_MINE, _LIMIT = range(3)


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

    One query. Whoever has no right written down yet has never voted.
    """
    if not isinstance(reader, Fan) or not casts_votes(reader):
        return Voice()
    shown = Coalesce("feature_request__shown_as", "feature_request")
    own = Vote.objects.filter(fan=reader.pk).annotate(shown=shown).filter(shown__in=list(pks))
    right = VotingRight.objects.filter(pk=reader.pk)
    rows = list(
        Vote.objects.open_wishes_of(reader)
        .values_list("shown", Value(_STANDS))
        .union(
            own.order_by().values_list("shown", Value(_IS_MINE)),
            right.values_list("limit", Value(_LIMIT)),
            all=True,
        )
    )
    return Voice(
        mine=frozenset(pk for pk, kind in rows if kind != _LIMIT),
        used=sum(kind == _STANDS for _, kind in rows),
        limit=next((limit for limit, kind in rows if kind == _LIMIT), DEFAULT_VOTES),
    )
