"""Wishes that ask for something like it, and those a search finds."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from community.feature_requests.indexing import KIND, findable_by
from community.feature_requests.models import OPEN, FeatureRequest, Status
from community.feature_requests.rows import Row, rows_of
from community.threads.models import audiences_of
from fans.accounts.models import Reader
from fans.search.finding import find, like

SHOWN = 5
ENDED_SHOWN = 2
ENDED_WITHIN = timedelta(days=180)
ENDED_LIKENESS = 0.5  # what has an end is in the way unless it is the same
LOOKED_AT = 50
FOUND_AT_MOST = 200
FEW = 5
_NUMBER = re.compile(r"\A#?(\d{1,18})\Z|/requests/(\d{1,18})(?:/|\Z)")


def similar_to(title: str, reader: Reader, at: datetime) -> list[Row]:
    """The open wishes most like this title; then what was shipped or declined lately, if it is
    much like it. What was merged shows as what it was merged into.
    """
    likes = like(title, kind=KIND, audiences=audiences_of(reader), limit=LOOKED_AT)
    shown = _shown_as([each.key for each in likes], reader)
    likeness: dict[int, float] = {}
    for each in likes:
        if each.key in shown:
            likeness.setdefault(shown[each.key], each.likeness)
    listed = FeatureRequest.objects.listed().filter(pk__in=likeness)
    alike = sorted(
        listed.only("status", "status_at", "vote_count"),
        key=lambda wish: (-likeness[wish.pk], -wish.vote_count, -wish.pk),
    )
    still_open = [wish.pk for wish in alike if wish.status in OPEN]
    ended = [
        wish.pk
        for wish in alike
        if wish.status in {Status.SHIPPED, Status.DECLINED}
        and wish.status_at > at - ENDED_WITHIN
        and likeness[wish.pk] >= ENDED_LIKENESS
    ]
    return rows_of(still_open[:SHOWN] + ended[:ENDED_SHOWN], reader)


def found(q: str, reader: Reader) -> list[int]:
    """Numbers of the wishes that hold all these words, best first; where those are few, also of
    what is most like it. `#12` or an address names its wish.
    """
    audiences = audiences_of(reader)
    keys = find(q, kind=KIND, audiences=audiences, limit=FOUND_AT_MOST)
    if len(keys) < FEW:
        keys += [each.key for each in like(q, kind=KIND, audiences=audiences, limit=LOOKED_AT)]
    if number := named_in(q):
        keys.insert(0, number)
    shown = _shown_as(keys, reader)
    return list(dict.fromkeys(shown[key] for key in keys if key in shown))[:FOUND_AT_MOST]


def named_in(text: str) -> int | None:
    """The number of the wish that a person typed or pasted."""
    match = _NUMBER.search(text.strip())
    return int(match[1] or match[2]) if match else None


def _shown_as(keys: Sequence[int], reader: Reader) -> dict[int, int]:
    """Under which number this reader sees each of these, if they may at all."""
    if not keys:
        return {}
    own = dict(findable_by(reader, keys).values_list("pk", "shown_as"))
    targets = {target for target in own.values() if target}
    seen = set(
        FeatureRequest.objects.visible_to(reader)
        .filter(pk__in=targets)
        .values_list("pk", flat=True)
        if targets
        else ()
    )
    return {pk: target or pk for pk, target in own.items() if not target or target in seen}
