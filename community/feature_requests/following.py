"""Who hears of a wish, and who wants to hear no more of it (F2).

Whoever asked or voted follows by themselves. A mute silences the wish it was said of and all that
is merged into it, for as long as it is (F4).
"""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from community.feature_requests.models import (
    FeatureRequest,
    FeatureRequestQuerySet,
    Follow,
    Vote,
)
from fans.accounts.models import Reader

MUTED, FOLLOWING, BY_THEMSELVES = "muted", "following", "by_themselves"


def with_follow_of(wishes: FeatureRequestQuerySet, reader: Reader) -> FeatureRequestQuerySet:
    """Annotate `is_muted` and `is_followed`: this reader's word on the wish as it is shown."""
    shown = Coalesce(OuterRef("shown_as"), OuterRef("pk"))
    said = Follow.objects.filter(fan=reader.pk, feature_request=shown)
    return wishes.annotate(
        is_muted=Exists(said.exclude(muted_at=None)), is_followed=Exists(said.filter(muted_at=None))
    )


def follow_state(wish: Any, reader: Reader) -> str:
    """How this reader stands to a wish that came with votes and follows; empty for who hears
    nothing of it.
    """
    if not reader.is_authenticated:
        return ""
    if wish.is_muted:
        return MUTED
    if wish.author_id == reader.pk or wish.has_my_vote:
        return BY_THEMSELVES
    return FOLLOWING if wish.is_followed else ""


def silenced(rows: Collection[int], fans: Collection[int]) -> set[int]:
    """Who of these fans muted all that ties them to these wishes. One query where nobody did."""
    said = Follow.objects.filter(feature_request__in=rows, fan__in=fans)
    muted: dict[int, set[int]] = defaultdict(set)
    for fan, row in said.exclude(muted_at=None).values_list("fan", "feature_request"):
        muted[fan].add(row)
    if not muted:
        return set()
    ways = _ways_up(rows)
    heard = {fan for fan, row in _ties(rows, muted) if not ways[row] & muted[fan]}
    return set(muted) - heard


def hearing_count(*pks: int) -> int:
    """How many would be told of a step of these wishes: who asked, voted or follows, and did not
    mute them.
    """
    rows = list(FeatureRequest.objects.shown_with(*pks).values_list("pk", flat=True))
    authors = FeatureRequest.objects.filter(pk__in=rows).order_by().values("author")
    voters = Vote.objects.filter(feature_request__in=rows).order_by().values("fan")
    follows = Follow.objects.filter(feature_request__in=rows)
    followers = follows.filter(muted_at=None).order_by().values("fan")
    muted = set(follows.exclude(muted_at=None).values_list("fan", flat=True))
    silent = silenced(rows, muted) & {fan for fan, _row in _ties(rows, muted)}
    return authors.union(voters, followers).count() - len(silent)


def _ways_up(rows: Collection[int]) -> dict[int, set[int]]:
    """Each wish with those it is merged into, one after the other."""
    found = FeatureRequest.objects.filter(pk__in=rows).values_list("pk", "merged_into")
    above = dict(found)
    ways = {}
    for row in above:
        way, end = {row}, above[row]
        while end is not None and end in above:
            way.add(end)
            end = above[end]
        ways[row] = way
    return ways


def _ties(rows: Collection[int], fans: Collection[int]) -> list[tuple[int, int]]:
    """(fan, wish) for every vote, follow and wish of these fans among these rows."""
    here = Q(feature_request__in=rows, fan__in=fans)
    own = FeatureRequest.objects.filter(pk__in=rows, author__in=fans)
    follows = Follow.objects.filter(here, muted_at=None)
    return [
        *Vote.objects.filter(here).values_list("fan", "feature_request"),
        *follows.values_list("fan", "feature_request"),
        *own.values_list("author", "pk"),
    ]
