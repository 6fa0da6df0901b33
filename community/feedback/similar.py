"""What others told already that sounds the same, so that one item gathers those who have it."""

import re
from datetime import timedelta
from functools import reduce
from operator import or_

from django.db.models import Q

from community.feedback.models import FeedbackItem, FeedbackItemQuerySet
from community.products.models import Product
from fans.accounts.models import Fan

SHOWN = 5
_LOOKED_AT = 60
_NEARBY = timedelta(days=90)
_MOST_PIECES = 12
_WORD = re.compile(r"[^\W\d_]{3,}|\d{2,}")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]{2,}")


def similar_to(title: str, product: Product, reader: Fan) -> list[FeedbackItem]:
    """Open public ones of the product whose titles share at least half of what this one says."""
    public = FeedbackItem.objects.visible_to(reader).filter(is_public=True, hidden_at=None)
    return _closest(title, public.open().filter(product=product).exclude(reporter=reader.pk))


def perhaps_the_same(item: FeedbackItem, reader: Fan) -> list[FeedbackItem]:
    """For the desk: others, private ones too, of which this may be a duplicate."""
    others = FeedbackItem.objects.visible_to(reader).open().exclude(pk=item.pk)
    recent = others.filter(created_at__gte=item.created_at - _NEARBY)
    return _closest(item.title, recent.filter(product=item.product_id))


def _closest(title: str, items: FeedbackItemQuerySet) -> list[FeedbackItem]:
    pieces = _pieces(title)
    if not pieces:
        return []
    says = reduce(or_, (Q(title__icontains=piece) for piece in pieces))
    found = items.filter(says).order_by("-created_at", "-pk")[:_LOOKED_AT]
    shared = [(_shared(pieces, item.title), item) for item in found]
    close = [(count, item) for count, item in shared if count * 2 >= len(pieces)]
    close.sort(key=lambda pair: (-pair[0], -pair[1].me_too_count, pair[1].pk))
    return [item for _, item in close[:SHOWN]]


def _pieces(title: str) -> list[str]:
    """Words of three letters and more, and each two Han characters that stand together."""
    text = title.casefold()
    han = [run[at : at + 2] for run in _HAN.findall(text) for at in range(len(run) - 1)]
    words = _WORD.findall(_HAN.sub(" ", text))
    return list(dict.fromkeys([*words, *han]))[:_MOST_PIECES]


def _shared(pieces: list[str], title: str) -> int:
    return sum(piece in title.casefold() for piece in pieces)
