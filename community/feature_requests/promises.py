"""Weeks that were named for wishes: kept or publicly overdue (spec §5).

A promise is moved, with the reason, and never dropped: what goes back to review still owes it.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, CharField, Count, Q, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, ExtractIsoYear, ExtractWeek, LPad
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.feature_requests.models import (
    OPEN,
    FeatureRequest,
    FeatureRequestQuerySet,
    Status,
)
from fans.accounts.models import Reader
from fans.clock.weeks import week_at

ROWS_PER_PAGE = 30
_PLACE = re.compile(r"\d{4}-W\d\d\.\d{1,18}", re.ASCII)  # behind which a page begins
WORDS = {
    "due": _("still to come"),
    "overdue": _("overdue"),
    "kept": _("kept"),
    "late": _("shipped late"),
    "broken": _("not kept"),
}


@dataclass(frozen=True)
class Tally:
    """How many promises came due, and what became of them."""

    made: int
    kept: int
    due: int

    @property
    def past(self) -> int:
        return self.made - self.due


def promise_of(wish: FeatureRequest, at: datetime) -> str:
    """ "due", "overdue", "kept", "late" or "broken"; empty where no week was named."""
    if not wish.promised_for:
        return ""
    met_at = wish.promise_met_at or (wish.status_at if wish.status == Status.SHIPPED else None)
    if met_at is not None:
        return "kept" if week_at(met_at) <= wish.promised_for else "late"
    if wish.status not in OPEN:
        return "broken"
    return "overdue" if wish.promised_for < week_at(at) else "due"


def promised(reader: Reader) -> FeatureRequestQuerySet:
    return FeatureRequest.objects.visible_to(reader).listed().exclude(promised_for="")


def with_promise(wishes: FeatureRequestQuerySet, at: datetime) -> FeatureRequestQuerySet:
    """Annotate `promise`: the same as `promise_of`, for any number of rows."""
    is_met = Q(promise_met_at__isnull=False) | Q(status=Status.SHIPPED)
    return wishes.annotate(
        promise=Case(
            When(promised_for="", then=Value("")),
            When(is_met, promised_for__gte=_met_week(), then=Value("kept")),
            When(is_met, then=Value("late")),
            When(~Q(status__in=OPEN), then=Value("broken")),
            When(promised_for__lt=week_at(at), then=Value("overdue")),
            default=Value("due"),
            output_field=CharField(),
        )
    )


def tally(reader: Reader, at: datetime) -> Tally:
    """All promises there are, in one query."""
    counted = with_promise(promised(reader), at).aggregate(
        made=Count("pk"),
        kept=Count("pk", filter=Q(promise="kept")),
        due=Count("pk", filter=Q(promise="due")),
    )
    return Tally(**counted)


def overdue_promises(reader: Reader, at: datetime) -> FeatureRequestQuerySet:
    late = promised(reader).open().filter(promised_for__lt=week_at(at), promise_met_at=None)
    return late.order_by("promised_for", "pk")


def page_of_promises(
    reader: Reader, at: datetime, *, state: str = "", before: str = ""
) -> tuple[list[FeatureRequest], str]:
    """Promises, the latest week first, and the cursor of what comes after them."""
    wishes = with_promise(promised(reader), at)
    if state in WORDS:
        wishes = wishes.filter(Q(promise=state))
    if _PLACE.fullmatch(before):
        week, _separator, pk = before.partition(".")
        wishes = wishes.filter(Q(promised_for=week, pk__lt=int(pk)) | Q(promised_for__lt=week))
    ordered = wishes.select_related("product", "team").order_by("-promised_for", "-pk")
    rows = list(ordered[: ROWS_PER_PAGE + 1])
    shown = rows[:ROWS_PER_PAGE]
    more = len(rows) > ROWS_PER_PAGE
    return shown, f"{shown[-1].promised_for}.{shown[-1].pk}" if more else ""


def _met_week() -> Concat:
    """The ISO week in which it shipped where the platform lives: «2026-W50»."""
    zone, met_at = timezone.get_default_timezone(), Coalesce("promise_met_at", "status_at")
    number = Cast(ExtractWeek(met_at, tzinfo=zone), CharField())
    return Concat(
        Cast(ExtractIsoYear(met_at, tzinfo=zone), CharField()),
        Value("-W"),
        LPad(number, 2, Value("0")),
    )
