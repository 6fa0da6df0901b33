"""Lists of wishes: most wanted, newest, trending, one's own; by status and product."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce

from community.feature_requests.models import (
    FeatureRequest,
    FeatureRequestQuerySet,
    Status,
    Vote,
)
from community.threads.listing import decode, encode
from fans.accounts.models import Reader

ROWS_PER_PAGE = 30
TRENDING_DAYS = 14
SHOWS = ("wanted", "newest", "trending", "mine")
FILTERED = [status for status in Status if status != Status.MERGED]
_COLUMNS = {"wanted": "vote_count", "newest": "pk", "mine": "pk"}


@dataclass(frozen=True)
class Listing:
    rows: list[FeatureRequest]
    newer: str = ""  # cursors, empty at the end
    older: str = ""


def filtered(reader: Reader, *, show: str, status: str, product: str) -> FeatureRequestQuerySet:
    """What a list shows. Rankings are of what is still open, unless one asks for more."""
    wishes = FeatureRequest.objects.visible_to(reader)
    wishes = wishes.filter(author=reader.pk) if show == "mine" else wishes.listed()
    if product:
        wishes = wishes.filter(product__slug=product)
    if status in FILTERED:
        return wishes.filter(status=status)
    if status == "open" or (not status and show in {"wanted", "trending"}):
        return wishes.open()
    return wishes


def listing(
    wishes: FeatureRequestQuerySet,
    reader: Reader,
    *,
    show: str,
    at: datetime,
    before: str = "",
    after: str = "",
) -> Listing:
    """One page, by key; what trends is one page long."""
    if show == "trending":
        return Listing(rows_of(trending(wishes, at), reader))
    column = _COLUMNS[show]
    older_than, newer_than = decode(before, column), decode(after, column)
    keys = wishes.values_list(column, "pk")
    if newer_than is not None:
        found = list(_beside(keys, column, newer_than, "gt")[: ROWS_PER_PAGE + 1])
        if len(found) > ROWS_PER_PAGE:
            shown = found[ROWS_PER_PAGE - 1 :: -1]
            return Listing(_fetched(shown, reader), encode(shown[0]), encode(shown[-1]))
        older_than = None  # the first page, whole
    found = list(_beside(keys, column, older_than, "lt")[: ROWS_PER_PAGE + 1])
    shown = found[:ROWS_PER_PAGE]
    return Listing(
        _fetched(shown, reader),
        newer=encode(shown[0]) if older_than and shown else "",
        older=encode(shown[-1]) if len(found) > ROWS_PER_PAGE else "",
    )


def trending(wishes: FeatureRequestQuerySet, at: datetime) -> list[int]:
    """Numbers of the wishes that most fans voted for in the last 14 days."""
    votes = Vote.objects.counted().filter(cast_at__gt=at - timedelta(days=TRENDING_DAYS))
    shown = votes.annotate(shown=Coalesce("feature_request__shown_as", "feature_request"))
    tally = (
        shown.filter(shown__in=wishes.values("pk"))
        .order_by()
        .values("shown")
        .annotate(fan_count=Count("fan", distinct=True))
        .order_by("-fan_count", "-shown")
    )
    return list(tally.values_list("shown", flat=True)[:ROWS_PER_PAGE])


def rows_of(pks: list[int], reader: Reader) -> list[FeatureRequest]:
    """The wishes of these numbers, in this order, with all that a row shows. One query."""
    wishes = FeatureRequest.objects.visible_to(reader).with_vote_of(reader).filter(pk__in=pks)
    found = {wish.pk: wish for wish in wishes.select_related("product", "team", "thread")}
    return [found[pk] for pk in pks if pk in found]


def _fetched(shown: list[tuple[int, int]], reader: Reader) -> list[FeatureRequest]:
    return rows_of([pk for _, pk in shown], reader)


def _beside(
    keys: "QuerySet[FeatureRequest, tuple[int, int]]",
    column: str,
    key: tuple[int, int] | None,
    side: str,
) -> "QuerySet[FeatureRequest, tuple[int, int]]":
    if key is not None:
        value, pk = key
        keys = keys.filter(
            Q(**{f"{column}__{side}": value}) | Q(**{f"pk__{side}": pk}),
            **{f"{column}__{side}e": value},
        )
    sign = "-" if side == "lt" else ""
    return keys.order_by(f"{sign}{column}", f"{sign}pk")
