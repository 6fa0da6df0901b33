"""What the forms and pages of a week list."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from community.feature_requests.models import FeatureRequest
from community.fridays.models import (
    Cycle,
    ItemKind,
    Release,
    ReleaseItem,
    ReleaseState,
    WeeklyReport,
)
from fans.accounts.models import Fan, Reader

MOST_WANTED = 12
WEEKS_OF_AREAS = 8
MOST_AREAS = 20
BALLOT_KINDS = [ItemKind.NEW, ItemKind.IMPROVED]


def live_items_of(cycle: Cycle) -> QuerySet[ReleaseItem]:
    """What is in the builds of the week that are out and not recalled, in the order of the paper."""
    return (
        ReleaseItem.objects.filter(release__cycle=cycle, release__state=ReleaseState.PUBLISHED)
        .select_related("release", "team", "feature_request")
        .order_by("release__published_at", "release", "number", "pk")
    )


def items_shown_to(reader: Reader) -> QuerySet[ReleaseItem]:
    """What is in the builds this reader may see."""
    items = ReleaseItem.objects.filter(release__in=Release.objects.visible_to(reader))
    return items.select_related("release__product", "release__cycle")


def candidates_of(cycle: Cycle) -> QuerySet[ReleaseItem]:
    """What the popcorn ballot chooses among (O5, O9)."""
    return live_items_of(cycle).filter(kind__in=BALLOT_KINDS)


def candidates_for(cycle: Cycle, reader: Reader) -> list[ReleaseItem]:
    """Those that may be named to this reader."""
    seen = Release.objects.visible_to(reader)
    return list(candidates_of(cycle).filter(release__in=seen))


@dataclass(frozen=True)
class NumberedItem:
    """An item under the number it has on the screen and on paper alike."""

    pk: int
    number: int
    title: str
    kind: str

    @property
    def label(self) -> str:
        return f"{self.number}. {self.title}"


def numbered_items(cycle: Cycle, reader: Reader) -> list[NumberedItem]:
    """What the forms list. A hotfix goes on counting where the build before it ended, and what is
    recalled or hidden keeps its number: forms already printed stay right (O2, O10).
    """
    out = set(_builds_out(cycle, reader).values_list("pk", flat=True))
    return [
        NumberedItem(item.pk, number, item.title, item.get_kind_display())
        for number, item in items_by_number(cycle).items()
        if item.release_id in out
    ]


def _builds_out(cycle: Cycle, reader: Reader) -> QuerySet[Release]:
    builds = Release.objects.visible_to(reader)
    return builds.filter(cycle=cycle, state=ReleaseState.PUBLISHED)


def items_by_number(cycle: Cycle) -> dict[int, ReleaseItem]:
    """What the numbers on the forms of the week stand for."""
    items = ReleaseItem.objects.filter(
        release__cycle=cycle, release__published_at__isnull=False
    ).select_related("release")
    in_order = items.order_by("release__published_at", "release", "number", "pk")
    return dict(enumerate(in_order, start=1))


def builds_of(cycle: Cycle, reader: Reader) -> list[str]:
    """The versions of the week one may have used, newest first."""
    out = _builds_out(cycle, reader)
    return list(out.order_by("-published_at", "-pk").values_list("version", flat=True))


def areas_named(cycle: Cycle) -> list[str]:
    """Where else things were not good, as the last published weeks counted it: never what fewer
    than five named, and nothing of a week that is still open.
    """
    counted = WeeklyReport.objects.filter(
        cycle__product=cycle.product_id,
        cycle__published_at__isnull=False,
        cycle__friday__lt=cycle.friday,
    ).order_by("-cycle__friday", "-version")
    named = counted.values_list("figures__areas", flat=True)[:WEEKS_OF_AREAS]
    areas = {row["area"]: None for rows in named for row in rows or ()}
    return list(areas)[:MOST_AREAS]


def wishes_for(cycle: Cycle, reader: Reader) -> list[FeatureRequest]:
    """Open wishes of the product: the most wanted, and those this fan voted for."""
    open_ones = (
        FeatureRequest.objects.visible_to(reader)
        .listed()
        .open()
        .filter(product=cycle.product_id)
        .order_by("-vote_count", "-pk")
    )
    wishes = list(open_ones[:MOST_WANTED])
    if not isinstance(reader, Fan):
        return wishes
    shown = [wish.pk for wish in wishes]
    own = open_ones.filter(Q(votes__fan=reader) | Q(shown_here__votes__fan=reader))
    return [*wishes, *own.exclude(pk__in=shown).distinct()]


def asks_to_recommend(cycle: Cycle) -> bool:
    """Every fourth held week of a product asks whether one would recommend it (O2)."""
    held = Cycle.objects.filter(
        product=cycle.product_id, held_at__isnull=False, friday__lt=cycle.friday
    )
    return (held.count() + 1) % 4 == 0
