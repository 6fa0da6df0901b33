"""What the page of a counted week shows: figures and rows put together, still without words."""

from dataclasses import dataclass
from typing import Any

from community.feature_requests.models import FeatureRequest
from community.fridays.models import (
    Award,
    Credit,
    CreditRole,
    Cycle,
    Release,
    ReleaseItem,
    ReleaseState,
    WeeklyReport,
)
from fans.accounts.models import Fan, Reader
from fans.places.models import RegionLevel
from fans.tiers.models import Tier

COMPLAINTS = 5
HALF = 50  # units of the drawing on either side of its middle line
ASKED = [CreditRole.AUTHOR, CreditRole.CO_REQUESTER]


@dataclass(frozen=True)
class ItemRow:
    """How one item was received; the widths are for the drawing."""

    item: ReleaseItem
    loved: int
    not_good: int
    loved_width: float
    not_good_width: float

    @property
    def net(self) -> int:
        return self.loved - self.not_good

    @property
    def not_good_from(self) -> float:
        return HALF - self.not_good_width

    @property
    def is_recalled(self) -> bool:
        return self.item.release.state == ReleaseState.WITHDRAWN


@dataclass(frozen=True)
class WishRow:
    wish: FeatureRequest
    count: int


@dataclass(frozen=True)
class Winner:
    """An award with the fans who asked for what won it; `unnamed` of them chose not to be named."""

    award: Award
    fans: list[Fan]
    unnamed: int


def item_rows(cycle: Cycle, figures: dict[str, Any], reader: Reader) -> list[ItemRow]:
    items = ReleaseItem.objects.filter(
        release__cycle=cycle, release__in=Release.objects.visible_to(reader)
    ).select_related("release__product", "team", "feature_request")
    by_pk = {item.pk: item for item in items}
    said = [row for row in figures["items"] if row["item"] in by_pk]
    most = max((max(row["loved"], row["not_good"]) for row in said), default=1) or 1
    return [
        ItemRow(
            by_pk[row["item"]],
            row["loved"],
            row["not_good"],
            round(row["loved"] * HALF / most, 2),
            round(row["not_good"] * HALF / most, 2),
        )
        for row in said
    ]


def complaints(rows: list[ItemRow]) -> list[ItemRow]:
    """The five that most fans found not good enough."""
    troubled = [row for row in rows if row.not_good]
    return sorted(troubled, key=lambda row: (-row.not_good, row.loved, row.item.pk))[:COMPLAINTS]


def wish_rows(figures: dict[str, Any], reader: Reader) -> list[WishRow]:
    counts = {row["request"]: row["count"] for row in figures["anticipated"]}
    wishes = FeatureRequest.objects.visible_to(reader).in_bulk(list(counts))
    return [WishRow(wishes[pk], count) for pk, count in counts.items() if pk in wishes]


def winners(cycle: Cycle, reader: Reader) -> list[Winner]:
    """Whoever won it with a build this reader sees: a hidden one is named nowhere."""
    seen = Release.objects.visible_to(reader)
    awards = list(
        Award.objects.filter(cycle=cycle, item__release__in=seen)
        .select_related("item__release__product", "item__feature_request", "team")
        .order_by("pk")
    )
    asked = Credit.objects.filter(item__in=[award.item_id for award in awards], role__in=ASKED)
    credits = list(asked.select_related("fan__standing").order_by("role", "pk"))
    return [
        Winner(
            award,
            [c.fan for c in credits if c.item_id == award.item_id and not c.is_anonymous],
            sum(c.item_id == award.item_id and c.is_anonymous for c in credits),
        )
        for award in awards
    ]


def versions(cycle: Cycle, wanted: str) -> tuple[list[WeeklyReport], WeeklyReport | None]:
    """All versions, newest first, and the one to be shown."""
    known = list(cycle.weekly_reports.order_by("-version"))
    named = [report for report in known if str(report.version) == wanted]
    shown = named or known
    return known, shown[0] if shown else None


def label_of(dimension: str, key: str, tenure: dict[str, str]) -> str:
    """A segment in words."""
    if dimension == "tier" and key in Tier:
        return str(Tier(key).label)
    if dimension == "region_level" and key in RegionLevel:
        return str(RegionLevel(key).label)
    return tenure.get(key, key)
