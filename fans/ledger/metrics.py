"""What acts say about the community (spec §10): counts with their parts, of fans and not of staff."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from fans.accounts.models import Fan, Role
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


def participation(at: datetime) -> Share:
    """Active fans with an act in the last 28 days, today among them, of all active fans."""
    active = _active_fans(at)
    return Share(
        part=_acts(at).filter(fan__in=active).values("fan").distinct().count(),
        whole=active.count(),
    )


def share_of_the_busiest(at: datetime, percent: int) -> Share:
    """The acts of that many percent of the acting fans, at least one, of all acts in 28 days."""
    rows = _acts(at)
    counted = rows.aggregate(fans=Count("fan", distinct=True), acts=Sum("act_count"))
    busiest = -(-counted["fans"] * percent // 100)
    per_fan = rows.values("fan").annotate(acts=Sum("act_count")).order_by("-acts", "fan")
    acts = list(per_fan.values_list("acts", flat=True)[:busiest])
    return Share(part=sum(acts), whole=counted["acts"] or 0)


def acting_count(at: datetime) -> int:
    """How many people those acts are of."""
    return _acts(at).values("fan").distinct().count()


def invited_lately(at: datetime) -> Share:
    """Active fans who joined in the last 28 days because another fan invited them, of all active."""
    active = _active_fans(at)
    since = at - timedelta(days=PARTICIPATION_DAYS)
    invited = active.filter(invited_by__isnull=False, joined_at__gt=since, joined_at__lte=at)
    return Share(part=invited.count(), whole=active.count())


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


def _active_fans(at: datetime) -> QuerySet[Fan]:
    return Fan.objects.active(at).exclude(role__in=OFFICES)


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
