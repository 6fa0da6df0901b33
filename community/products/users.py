"""Who uses a product, as the company knows it from elsewhere: what a voice is measured against.

A dimension is entered whole or not at all: each of its segments, with one source and one day.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from community.products.models import Product, UserBase
from fans.accounts.models import JoinChannel
from fans.places.models import RegionLevel
from fans.tiers.models import Tier

TENURES: dict[str, str | Promise] = {
    "newcomer": _("less than 90 days"),
    "first_year": _("less than a year"),
    "longer": _("longer"),
}
DIMENSION_WORDS: dict[str, str | Promise] = {
    "tier": _("By tier"),
    "region_level": _("By kind of place"),
    "join_channel": _("By the way they came"),
    "tenure": _("By time here"),
}
SEGMENTS: dict[str, Mapping[str, str | Promise]] = {
    "tier": dict(Tier.choices),
    "region_level": {
        key: label for key, label in RegionLevel.choices if key != RegionLevel.UNKNOWN
    },
    "join_channel": dict(JoinChannel.choices),
    "tenure": TENURES,
}


def words_of(dimension: str, key: str) -> str:
    """A segment in the reader's words."""
    if key == RegionLevel.UNKNOWN:
        return str(_("unknown"))
    return str(SEGMENTS.get(dimension, {}).get(key, key))


def counts_of(product: Product) -> dict[str, list[UserBase]]:
    """{dimension: its rows}, in the order of the segments."""
    rows = {(row.dimension, row.segment): row for row in product.user_base.order_by("pk")}
    return {
        dimension: [
            rows[dimension, segment] for segment in segments if (dimension, segment) in rows
        ]
        for dimension, segments in SEGMENTS.items()
    }
