"""How the desks stand: by urgency and by team, never by person; and whether much comes in at once."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median, median_low
from typing import NamedTuple

from django.db.models import Count, DateTimeField, DurationField, ExpressionWrapper, F, Q
from django.db.models.functions import TruncHour
from django.utils import timezone

from community.feedback.models import (
    Category,
    Channel,
    FeedbackItemQuerySet,
    Frequency,
    Priority,
    Severity,
)
from community.feedback.rules import MATRIX
from community.products.models import Team

WINDOW = timedelta(days=28)
_MOST_ANSWERS = 5000  # of the window, the newest; a median of so many stands still
SPIKE_TIMES, SPIKE_LEAST = 3, 20
HOURS_SHOWN, USUAL_DAYS = 24, 28


@dataclass(frozen=True)
class Cell:
    frequency: Frequency
    priority: Priority
    count: int


class OpenOnes(NamedTuple):
    """How many open items of one kind a team has, and how many of them are late."""

    severity: str
    frequency: str
    team: int
    all_of_them: int
    late: int


def open_ones(items: FeedbackItemQuerySet, at: datetime) -> list[OpenOnes]:
    """Counted once for all that is said of them."""
    late = Q(answered_at=None, answer_due_at__lt=at)
    counted = items.open().values_list("severity", "frequency", "department")
    counted = counted.annotate(count=Count("pk"), overdue=Count("pk", filter=late)).order_by()
    return [OpenOnes._make(row) for row in counted]


def matrix(counted: Iterable[OpenOnes]) -> list[tuple[Severity, list[Cell]]]:
    """By how bad and how often."""
    counts: Counter[tuple[str, str]] = Counter()
    for each in counted:
        counts[each.severity, each.frequency] += each.all_of_them
    return [
        (
            severity,
            [
                Cell(frequency, MATRIX[severity, frequency], counts[severity, frequency])
                for frequency in Frequency
            ],
        )
        for severity in Severity
    ]


@dataclass(frozen=True)
class Desk:
    team: Team
    open_count: int
    overdue_count: int
    first_answer: timedelta | None  # the median of the last 28 days

    @property
    def hours(self) -> float | None:
        return None if self.first_answer is None else self.first_answer / timedelta(hours=1)


def desks(items: FeedbackItemQuerySet, counted: Iterable[OpenOnes], at: datetime) -> list[Desk]:
    """Each team that has something open, or answered something of late."""
    open_of: Counter[int] = Counter()
    late_of: Counter[int] = Counter()
    for each in counted:
        open_of[each.team] += each.all_of_them
        late_of[each.team] += each.late
    took = _first_answers(items, at)
    return [
        Desk(
            team,
            open_of[team.pk],
            late_of[team.pk],
            median_low(took[team.pk]) if team.pk in took else None,
        )
        for team in Team.objects.filter(pk__in={*open_of, *took}).order_by("name", "pk")
    ]


def _first_answers(items: FeedbackItemQuerySet, at: datetime) -> dict[int, list[timedelta]]:
    """How long each team took; what asked for no answer is none."""
    took = ExpressionWrapper(F("answered_at") - F("created_at"), output_field=DurationField())
    answered = items.filter(answered_at__gt=at - WINDOW, answered_at__lte=at)
    answered = answered.exclude(answered_at=F("created_at")).order_by("-answered_at", "-pk")
    found: dict[int, list[timedelta]] = {}
    for team, duration in answered.values_list("department", took)[:_MOST_ANSWERS]:
        found.setdefault(team, []).append(duration)
    return found


@dataclass(frozen=True)
class Volume:
    """How many complaints came, against what is usual then."""

    began_at: datetime
    count: int
    usual: float

    @property
    def is_spike(self) -> bool:
        """At least 20, and three times the usual."""
        return self.count >= max(SPIKE_LEAST, SPIKE_TIMES * self.usual)


def by_hour(items: FeedbackItemQuerySet, at: datetime) -> tuple[list[Volume], list[Volume]]:
    """The last 24 hours against the same hour of the four weeks before, and the last 28 days.

    Wishes are no complaints. What came from the reports of a week and from paper comes all at
    once, by its calendar, and is counted with the week.
    """
    zone = timezone.get_default_timezone()
    this_hour = timezone.localtime(at, zone).replace(minute=0, second=0, microsecond=0)
    days = 2 * USUAL_DAYS + 1
    complaints = (
        items.filter(created_at__gt=at - timedelta(days=days), created_at__lte=at)
        .exclude(category=Category.MISSING_FEATURE)
        .exclude(channel__in=[Channel.REPORT_CELL, Channel.OFFLINE_FORM])
    )
    hour = TruncHour("created_at", output_field=DateTimeField(), tzinfo=zone)
    counted = complaints.annotate(hour=hour).values_list("hour").annotate(count=Count("pk"))
    counts = dict(counted.order_by())
    hours = [this_hour - timedelta(hours=back) for back in reversed(range(HOURS_SHOWN))]
    return [_hour(counts, each) for each in hours], _days(counts, this_hour)


def _hour(counts: dict[datetime, int], began_at: datetime) -> Volume:
    before = [counts.get(began_at - timedelta(days=day), 0) for day in range(1, USUAL_DAYS + 1)]
    return Volume(began_at, counts.get(began_at, 0), median(before))


def _days(counts: dict[datetime, int], at: datetime) -> list[Volume]:
    """Each of the last 28 days against the 28 before it."""
    of_day: dict[object, int] = {}
    for hour, count in counts.items():
        day = timezone.localtime(hour, at.tzinfo).date()
        of_day[day] = of_day.get(day, 0) + count
    midnight = at.replace(hour=0)
    days = [midnight - timedelta(days=back) for back in reversed(range(USUAL_DAYS))]
    return [_day(of_day, each) for each in days]


def _day(of_day: dict[object, int], began_at: datetime) -> Volume:
    date = began_at.date()
    before = [of_day.get(date - timedelta(days=day), 0) for day in range(1, USUAL_DAYS + 1)]
    return Volume(began_at, of_day.get(date, 0), median(before))


def spikes(volumes: Sequence[Volume]) -> list[Volume]:
    return [volume for volume in volumes if volume.is_spike]
