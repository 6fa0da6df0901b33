"""What the forms and pages of a week list."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from community.feature_requests.models import FeatureRequest
from community.fridays.models import Cycle, ItemKind, ReleaseItem, ReleaseState
from fans.accounts.models import Fan, Reader

MOST_WANTED = 12
BALLOT_KINDS = [ItemKind.NEW, ItemKind.IMPROVED]


def live_items_of(cycle: Cycle) -> QuerySet[ReleaseItem]:
    """What is in the builds of the week that are out and not recalled, in the order of the paper."""
    return (
        ReleaseItem.objects.filter(release__cycle=cycle, release__state=ReleaseState.PUBLISHED)
        .select_related("release", "team", "feature_request")
        .order_by("release__published_at", "release", "number", "pk")
    )


def candidates_of(cycle: Cycle) -> QuerySet[ReleaseItem]:
    """What the popcorn ballot chooses among (O5, O9)."""
    return live_items_of(cycle).filter(kind__in=BALLOT_KINDS)


@dataclass(frozen=True)
class NumberedItem:
    """An item under the number it has on the screen and on paper alike."""

    pk: int
    number: str
    title: str
    kind: str

    @property
    def label(self) -> str:
        return f"{self.number}. {self.title}"


def numbered_items(cycle: Cycle) -> list[NumberedItem]:
    items = list(live_items_of(cycle))
    several = len({item.release_id for item in items}) > 1
    return [
        NumberedItem(
            item.pk,
            f"{item.release.version}·{item.number}" if several else str(item.number),
            item.title,
            item.get_kind_display(),
        )
        for item in items
    ]


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
