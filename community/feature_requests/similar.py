"""Wishes that ask for something like it, by the words of their titles."""

import re

from django.db.models import Case, IntegerField, Q, Value, When
from django.db.models.expressions import Combinable

from community.feature_requests.models import FeatureRequest
from fans.accounts.models import Reader

SHOWN = 5
WORDS_AT_MOST = 12
_LATIN = re.compile(r"[^\W\d_]{4,}|\d{2,}")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")
_NUMBER = re.compile(r"\A#?(\d{1,18})\Z|/requests/(\d{1,18})(?:/|\Z)")


def similar_to(title: str, reader: Reader) -> list[FeatureRequest]:
    """The open wishes that share most words with this title, each with the reader's vote."""
    words = _words_of(title)
    if not words:
        return []
    shared: Combinable = Value(0)
    anything = Q()
    for word in words:
        holds = Q(title__icontains=word)
        anything |= holds
        shared = shared + Case(When(holds, then=1), default=0, output_field=IntegerField())
    wishes = FeatureRequest.objects.visible_to(reader).listed().open().filter(anything)
    found = wishes.with_vote_of(reader).annotate(shared_count=shared)
    return list(
        found.select_related("product", "team", "thread").order_by(
            "-shared_count", "-vote_count", "-pk"
        )[:SHOWN]
    )


def _words_of(title: str) -> list[str]:
    """Latin words of four letters and more; Han in pairs, for they have no spaces."""
    latin = [word.casefold() for word in _LATIN.findall(_HAN.sub(" ", title))]
    han = [
        run[start : start + 2]
        for run in _HAN.findall(title)
        for start in range(max(1, len(run) - 1))
    ]
    return list(dict.fromkeys(latin + han))[:WORDS_AT_MOST]


def named_in(text: str) -> int | None:
    """The number of the wish that a person typed or pasted."""
    match = _NUMBER.search(text.strip())
    return int(match[1] or match[2]) if match else None
