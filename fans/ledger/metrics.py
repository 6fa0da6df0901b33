"""What acts say about the community (spec §10): counts with their parts, of fans and not of staff."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from fans.accounts.models import Fan, FanQuerySet, Role
from fans.clock.weeks import platform_date
from fans.ledger.models import ActiveDay

OFFICES = [Role.STAFF, Role.ADMIN]  # neither fans nor their acts
PARTICIPATION_DAYS = 28
AT_FIRST_WEEKS = (0, 3)  # of a fan's own weeks, counted from the day they joined
AGAIN_WEEKS = (12, 15)
COHORT_WEEKS = 13  # who joined within one quarter, and has had the time


@dataclass(frozen=True, slots=True)
class Share:
    part: int
    whole: int


@dataclass(frozen=True, slots=True)
class TakingPart:
    """Of all active fans: those with an act in 28 days, and those an invitation brought in them."""

    active: int
    acting: int
    invited: int


@dataclass(frozen=True, slots=True)
class Busiest:
    """The acts of 28 days, of how many people they are, and of the busiest percents of these."""

    fans: int
    acts: int
    of_the_busiest: Mapping[int, int]


def active_fans(at: datetime) -> FanQuerySet:
    """Active fans who had joined by then; what became of them since is not undone."""
    active = Fan.objects.active(at).filter(joined_at__lte=at, verified_at__lte=at)
    return active.exclude(role__in=OFFICES)


def taking_part(at: datetime) -> TakingPart:
    """Today is among the 28 days."""
    since = at - timedelta(days=PARTICIPATION_DAYS)
    acted = Exists(_acts(at).filter(fan=OuterRef("pk")))
    counted = (
        active_fans(at)
        .annotate(acted=acted)
        .aggregate(
            active=Count("pk"),
            acting=Count("pk", Q(acted=True)),
            invited=Count("pk", Q(invited_by__isnull=False, joined_at__gt=since)),
        )
    )
    return TakingPart(**counted)


def busiest(at: datetime, *percents: int) -> Busiest:
    """So many percent of the acting fans, at least one of them."""
    rows = _acts(at)
    counted = rows.aggregate(fans=Count("fan", distinct=True), acts=Sum("act_count"))
    sizes = {percent: -(-counted["fans"] * percent // 100) for percent in percents}
    per_fan = rows.values("fan").annotate(acts=Sum("act_count")).order_by("-acts", "fan")
    acts = list(per_fan.values_list("acts", flat=True)[: max(sizes.values())])
    return Busiest(
        fans=counted["fans"],
        acts=counted["acts"] or 0,
        of_the_busiest={percent: sum(acts[:size]) for percent, size in sizes.items()},
    )


def loyalty(at: datetime) -> Share:
    """Who acted in their weeks 12 to 15, of those who acted in their weeks 0 to 3.

    Looked at are fans who joined within one quarter and whose week 15 is over.
    """
    newest = at - timedelta(weeks=AGAIN_WEEKS[1] + 1)
    joined = Fan.objects.get_queryset().filter(
        joined_at__gt=newest - timedelta(weeks=COHORT_WEEKS), joined_at__lte=newest, imported_as=""
    )
    cohort = joined.exclude(role__in=OFFICES).annotate(
        acted=_acted_in(*AT_FIRST_WEEKS), acted_again=_acted_in(*AGAIN_WEEKS)
    )
    counted = cohort.filter(acted=True).aggregate(
        whole=Count("pk"), part=Count("pk", Q(acted_again=True))
    )
    return Share(part=counted["part"], whole=counted["whole"])


def _acts(at: datetime) -> QuerySet[ActiveDay]:
    today = platform_date(at)
    days = ActiveDay.objects.filter(
        day__gt=today - timedelta(days=PARTICIPATION_DAYS), day__lte=today
    )
    return days.exclude(fan__role__in=OFFICES)


def _acted_in(first: int, last: int) -> Exists:
    """An act in these weeks of a fan, which begin on the platform's day they joined."""
    zone = timezone.get_default_timezone()
    joined = F("fan__joined_at")
    begins = TruncDate(joined + timedelta(weeks=first), tzinfo=zone)
    ends = TruncDate(joined + timedelta(weeks=last + 1), tzinfo=zone)
    return Exists(ActiveDay.objects.filter(fan=OuterRef("pk"), day__gte=begins, day__lt=ends))
