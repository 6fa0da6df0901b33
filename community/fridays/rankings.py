"""How fans ranked things and wishes, for everyone and through a lens (spec §5, O4); without words.

What its reader may not see is left out, and leaves no hole in the ranks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from community.feature_requests.models import FeatureRequest, Lens
from community.fridays import eyes
from community.fridays.models import Cycle, Release, ReleaseItem, ReleaseState
from fans.accounts.models import Reader

Figures = Mapping[str, Any]
Moved = tuple[int, int] | None  # «#3 → #11»


@dataclass(frozen=True)
class ItemRow:
    """How one item was received, by everyone or by those a lens sees. None: not to be said."""

    item: ReleaseItem
    loved: int | None
    not_good: int | None
    moved: Moved = None

    @property
    def net(self) -> int:
        return (self.loved or 0) - (self.not_good or 0)

    @property
    def is_recalled(self) -> bool:
        return self.item.release.state == ReleaseState.WITHDRAWN


@dataclass(frozen=True)
class WishRow:
    wish: FeatureRequest
    count: int
    moved: Moved = None


def items_of(cycle: Cycle, reader: Reader) -> dict[int, ReleaseItem]:
    """What was built that week, as far as the reader may see it."""
    seen = Release.objects.visible_to(reader)
    items = ReleaseItem.objects.filter(release__cycle=cycle, release__in=seen)
    return {item.pk: item for item in items.select_related("release__product", "team")}


def as_seen(
    figures: Figures, items: Mapping[int, ReleaseItem], wishes: Mapping[int, FeatureRequest]
) -> dict[str, Any]:
    """The figures without what is about a thing or a wish that is hidden from the reader."""
    lenses = figures.get("lenses") or {}
    return {
        **figures,
        "items": [row for row in figures.get("items") or [] if row["item"] in items],
        "anticipated": [
            row for row in figures.get("anticipated") or [] if row["request"] in wishes
        ],
        "lenses": {name: seen and _through(seen, items, wishes) for name, seen in lenses.items()},
    }


def _through(
    seen: Figures, items: Mapping[int, ReleaseItem], wishes: Mapping[int, FeatureRequest]
) -> dict[str, Any]:
    return {
        **seen,
        "items": {pk: row for pk, row in seen["items"].items() if int(pk) in items},
        "wishes": {pk: rank for pk, rank in seen["wishes"].items() if int(pk) in wishes},
    }


def item_rows(items: Mapping[int, ReleaseItem], figures: Figures) -> list[ItemRow]:
    """By loved − not good."""
    return [ItemRow(items[row["item"]], row["loved"], row["not_good"]) for row in figures["items"]]


def items_through(items: Mapping[int, ReleaseItem], figures: Figures, lens: Lens) -> list[ItemRow]:
    """The items of which the lens may tell, in its order; those without a rank come last."""
    told = figures["lenses"][lens]["items"]
    moved = eyes.moved(figures, lens)
    rows = [
        ItemRow(items[int(pk)], row["loved"], row["not_good"], moved.get(pk))
        for pk, row in told.items()
    ]

    def place(row: ItemRow) -> tuple[int, int, int]:
        return row.moved[1] if row.moved else len(rows) + 1, -(row.loved or 0), row.item.pk

    return sorted(rows, key=place)


def wish_rows(
    wishes: Mapping[int, FeatureRequest], figures: Figures, lens: Lens, at_most: int
) -> list[WishRow]:
    """Most anticipated first, whoever looks; the lens says where it would put them."""
    moved = {} if lens == Lens.EVERYONE else eyes.moved(figures, lens, "wishes")
    return [
        WishRow(wishes[row["request"]], row["count"], moved.get(str(row["request"])))
        for row in figures["anticipated"][:at_most]
    ]
