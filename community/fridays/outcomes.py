"""What became of what fans said: complaints mended, needs that are wishes now, verdicts (O7, F8)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from community.feature_requests.models import FeatureRequest
from community.feedback.models import Channel, FeedbackItem
from community.fridays.actions.judging import SHOWN_FROM
from community.fridays.aggregates import folded
from community.fridays.complaints import Complaint
from community.fridays.models import (
    Cycle,
    Judgement,
    Release,
    ReleaseItem,
    ReleaseState,
    Report,
)
from fans.accounts.models import Reader

MOST = 3  # of each complaint
WISHES_AT_MOST = 10
KEPT_SECONDS = 600
_ITEMS_AT_MOST = 500
_BETWEEN = " · "  # the things of a complaint, as `actions.passing_on` writes them


@dataclass(frozen=True)
class Outcome:
    """A wish it became, or the item of a later build that mends it."""

    wish: FeatureRequest | None = None
    mended_in: ReleaseItem | None = None


def outcomes_of(
    cycle: Cycle, complaints: Sequence[Complaint], reader: Reader
) -> dict[str, list[Outcome]]:
    """By the key of the complaint. One query while nothing came of any, then two more."""
    if not complaints or cycle.frozen_at is None:
        return {}
    told = FeedbackItem.objects.filter(
        Q(became_request__isnull=False) | Q(fixed_in__isnull=False),
        product=cycle.product_id,
        channel=Channel.REPORT_CELL,
        created_at=cycle.frozen_at,
    )
    rows = list(told.values_list("about", "became_request", "fixed_in")[:_ITEMS_AT_MOST])
    if not rows:
        return {}
    seen = Release.objects.visible_to(reader).filter(state=ReleaseState.PUBLISHED)
    items = ReleaseItem.objects.filter(release__in=seen).select_related("release__product")
    mended = items.in_bulk({item for _, _, item in rows if item})
    wishes = FeatureRequest.objects.visible_to(reader).in_bulk(
        {wish for _, wish, _ in rows if wish}
    )
    found: dict[str, list[Outcome]] = {}
    for complaint in complaints:
        about = [row for row in rows if _is_about(row[0], complaint)]
        became = sorted({wish for _, wish, _ in about if wish in wishes})
        mended_by = sorted({item for _, _, item in about if item in mended})
        each = [Outcome(wish=wishes[pk]) for pk in became]
        each += [Outcome(mended_in=mended[pk]) for pk in mended_by]
        found[complaint.key] = each[:MOST]
    return found


def _is_about(about: str, complaint: Complaint) -> bool:
    if complaint.item:
        return complaint.title in about.split(_BETWEEN)
    return folded(about) == folded(complaint.area)


def need_count(cycle: Cycle) -> int:
    """How many told us of something nobody had asked for. It is looked at again now and then."""

    def count() -> int:
        return Report.objects.filter(cycle=cycle).exclude(new_need="").count()

    return cache.get_or_set(f"needs:{cycle.pk}", count, KEPT_SECONDS) or 0


def needs_as_wishes(cycle: Cycle, reader: Reader) -> list[FeatureRequest]:
    """The needs of the week that became wishes (`actions.wishing`)."""
    needs = Report.objects.filter(cycle=cycle).exclude(new_need="")
    keyed = needs.annotate(key=Concat(Value("need:"), Cast("pk", CharField())))
    wishes = FeatureRequest.objects.visible_to(reader).filter(
        Exists(keyed.filter(fan=OuterRef("author"), key=OuterRef("submission_key"))),
        author__in=needs.values("fan"),  # their wishes, not all of the product's
    )
    return list(wishes.order_by("-vote_count", "pk")[:WISHES_AT_MOST])


@dataclass(frozen=True)
class Judged:
    """What those who asked for a wish say of it (F8); of fewer than five answers no numbers."""

    judgement: Judgement

    @property
    def count(self) -> int:
        told = self.judgement
        return told.works_count + told.partly_count + told.broken_count

    @property
    def is_told(self) -> bool:
        return self.count >= SHOWN_FROM


def verdicts_of(cycle: Cycle, reader: Reader) -> list[Judged]:
    judged = Judgement.objects.filter(
        cycle=cycle,
        release__in=Release.objects.visible_to(reader),
        feature_request__in=FeatureRequest.objects.visible_to(reader),
    )
    rows = judged.select_related("feature_request", "release__product").order_by("pk")
    return [judged for judged in map(Judged, rows) if judged.count]
