"""What every page offers to choose from: products that are made, tags in use."""

import re
from functools import lru_cache
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict

from community.products.models import Product, Tag

_SLUG = re.compile(r"[-\w]{1,60}", re.ASCII)


class Offered(NamedTuple):
    products: list[Product]
    tags: list[Tag]


@lru_cache(maxsize=2)
def offered(stamp: str) -> Offered:
    """The same for everybody, kept in the process until one of them changes: `stamp` is that of
    the site (`fans.site.freshness`).
    """
    nobody = AnonymousUser()
    return Offered(
        list(Product.objects.visible_to(nobody).in_order()),
        list(Tag.objects.visible_to(nobody).in_order()),
    )


def slug_in(query: QueryDict, name: str) -> str:
    """Which of them an address names; empty for what can be none."""
    slug = query.get(name, "")
    return slug if _SLUG.fullmatch(slug) else ""
