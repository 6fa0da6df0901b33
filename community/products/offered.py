"""What every page offers to choose from: products that are made, tags in use."""

from functools import lru_cache
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser

from community.products.models import Product, Tag


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
