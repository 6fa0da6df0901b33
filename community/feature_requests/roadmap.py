"""The road ahead, as columns."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from community.feature_requests.models import ON_THE_WAY, FeatureRequest, Status, StatusChange
from community.feature_requests.promises import with_promise
from fans.accounts.models import Reader

SHIPPED_WITHIN = timedelta(weeks=6)
WISHES_AT_MOST = 20
BOARD = [Status.UNDER_REVIEW, *ON_THE_WAY, Status.SHIPPED]

_NOTHING = {
    Status.UNDER_REVIEW: _("Nothing is under review just now: what comes in next will be."),
    Status.PLANNED: _("Nothing is planned just now. On Mondays the most wanted are looked at."),
    Status.IN_DEVELOPMENT: _("Nothing is being built from your wishes just now."),
    Status.IN_TESTING: _("Nothing is being tested just now."),
    Status.SHIPPED: _("No wish has shipped in the last six weeks."),
}


@dataclass(frozen=True)
class Column:
    status: Status
    wishes: list[FeatureRequest]
    has_more: bool

    @property
    def count(self) -> str:
        return f"{len(self.wishes)}+" if self.has_more else str(len(self.wishes))

    @property
    def nothing(self) -> str:
        return str(_NOTHING[self.status])


def columns(reader: Reader, at: datetime, product: str = "") -> list[Column]:
    """One query each, and one for what came back to review."""
    found = [_column(status, reader, at, product) for status in BOARD]
    _mark_returned(found[0].wishes)
    return found


def _column(status: Status, reader: Reader, at: datetime, product: str) -> Column:
    wishes = FeatureRequest.objects.visible_to(reader).listed().filter(status=status)
    if product:
        wishes = wishes.filter(product__slug=product)
    if status == Status.SHIPPED:
        wishes = wishes.filter(status_at__gt=at - SHIPPED_WITHIN).order_by("-status_at", "-pk")
    else:
        wishes = wishes.order_by("-vote_count", "-pk")
    shown = with_promise(wishes, at).select_related("product", "team")
    found = list(shown[: WISHES_AT_MOST + 1])
    return Column(status, found[:WISHES_AT_MOST], len(found) > WISHES_AT_MOST)


def _mark_returned(wishes: list[FeatureRequest]) -> None:
    """`is_returned`: it was planned already and went back to review."""
    returned = set(
        StatusChange.objects.filter(
            feature_request__in=wishes,
            was__in=ON_THE_WAY,
            became=Status.UNDER_REVIEW,
            changed_at=F("feature_request__status_at"),
        ).values_list("feature_request", flat=True)
    )
    for wish in wishes:
        wish.is_returned = wish.pk in returned  # type: ignore[attr-defined]
