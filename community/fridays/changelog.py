"""What became of wishes: those that shipped, with the words, the build and who asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from django.db.models import Q
from django.db.models.functions import Coalesce

from community.feature_requests.feeds import official
from community.feature_requests.models import FeatureRequest, Status, StatusChange
from community.fridays.models import Credit, CreditRole, Release, ReleaseItem, ReleaseState
from community.products.models import Product
from community.threads.listing import decode, encode
from fans.accounts.models import Fan, Reader
from fans.clock.weeks import monday_of, week_at

ROWS_PER_PAGE = 20
NAMES_AT_MOST = 5
ASKERS = [CreditRole.AUTHOR, CreditRole.CO_REQUESTER]
_MOMENT = "last_post_at"  # such a cursor


@dataclass
class Shipped:
    """A wish that came true, with what the company said of it, as HTML, and the build it is in."""

    wish: FeatureRequest
    words: str = ""
    release: Release | None = None
    askers: list[Fan] = field(default_factory=list)  # of it, and of the same; each once
    unnamed: set[int] = field(default_factory=set)  # of them, by their own choice (O6)

    @property
    def named(self) -> list[Fan]:
        return [fan for fan in self.askers if fan.pk not in self.unnamed][:NAMES_AT_MOST]

    @property
    def further_count(self) -> int:
        return len(self.askers) - len(self.named)


@dataclass(frozen=True)
class ChangeLog:
    rows: list[Shipped]
    older: str = ""  # cursor, empty at the end

    @property
    def weeks(self) -> list[tuple[date, list[Shipped]]]:
        """By the week, under its Monday."""
        weeks = groupby(self.rows, key=lambda row: week_at(row.wish.status_at))
        return [(monday_of(week), list(rows)) for week, rows in weeks]


def change_log(
    reader: Reader,
    *,
    product: Product | None = None,
    before: str = "",
    at_most: int = ROWS_PER_PAGE,
) -> ChangeLog:
    """A page, newest first. Five queries, however much is on it."""
    wishes = FeatureRequest.objects.visible_to(reader).listed().filter(status=Status.SHIPPED)
    if product is not None:
        wishes = wishes.filter(product=product)
    if (than := decode(before, _MOMENT)) is not None:
        moment, pk = than
        wishes = wishes.filter(Q(status_at__lt=moment) | Q(pk__lt=pk), status_at__lte=moment)
    related = wishes.select_related("product", "thread", "author__standing")
    found = list(related.order_by("-status_at", "-pk")[: at_most + 1])
    shown = found[:at_most]
    last = shown[-1] if len(found) > len(shown) else None
    older = encode((last.status_at, last.pk)) if last else ""
    return ChangeLog(_with_all_that_is_told(shown, reader), older)


def _with_all_that_is_told(wishes: Sequence[FeatureRequest], reader: Reader) -> list[Shipped]:
    rows = {wish.pk: Shipped(wish, askers=[wish.author]) for wish in wishes}
    # What is said on shipping is the name of the build: the words are those before.
    answers = StatusChange.objects.filter(feature_request__in=rows).exclude(response="")
    answers = answers.exclude(became=Status.SHIPPED).order_by("pk")
    for pk, response in dict(answers.values_list("feature_request", "response")).items():
        rows[pk].words = official(response)
    out = Release.objects.visible_to(reader).filter(state=ReleaseState.PUBLISHED)
    named = Q(feature_request__in=rows) | Q(feature_request__shown_as__in=rows)
    items = ReleaseItem.objects.filter(named, release__in=out).select_related("feature_request")
    for item in items.select_related("release__product").order_by("release__published_at", "pk"):
        assert item.feature_request is not None  # noqa: S101
        rows[item.feature_request.shown_as_id or item.feature_request.pk].release = item.release
    merged = FeatureRequest.objects.visible_to(reader).filter(shown_as__in=rows)
    for wish in merged.select_related("author__standing").order_by("pk"):
        askers = rows[wish.shown_as_id or 0].askers
        if wish.author not in askers:
            askers.append(wish.author)
    shown = Coalesce("item__feature_request__shown_as", "item__feature_request")
    unnamed = Credit.objects.filter(is_anonymous=True, role__in=ASKERS).annotate(wish=shown)
    for pk, fan in unnamed.filter(wish__in=rows).values_list("wish", "fan"):
        rows[pk].unnamed.add(fan)
    return list(rows.values())
