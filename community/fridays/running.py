"""What is known of weeks that go on, for those who run them; so many queries for any number."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from community.feature_requests.models import ON_THE_WAY, Status
from community.fridays.complaints import top_of
from community.fridays.models import (
    ComplaintAnswer,
    Cycle,
    Grid,
    Pick,
    Quotation,
    Release,
    ReleaseItem,
    ReleaseState,
    Report,
    WeeklyReport,
)

_UNANSWERED = {Status.SUBMITTED, Status.NEEDS_INFO, Status.UNDER_REVIEW}


@dataclass(frozen=True)
class Running:
    """One week and everything its next step depends on."""

    cycle: Cycle
    loose: Release | None = None  # a draft of the product without a week
    report_count: int = 0
    late_count: int = 0
    complaint_count: int = 0
    answer_count: int = 0
    quoted: Mapping[str, int] = field(default_factory=dict)

    @property
    def picks(self) -> list[Pick]:
        return list(self.cycle.picks.all())

    @property
    def unanswered_picks(self) -> int:
        """Chosen wishes nobody has planned in writing yet (F1)."""
        return sum(pick.feature_request.status in _UNANSWERED for pick in self.picks)

    @property
    def quoted_count(self) -> int:
        return sum(self.quoted.values())

    def newest(self, *states: ReleaseState) -> Release | None:
        found = [build for build in self.cycle.releases.all() if build.state in states]
        return max(found, key=lambda build: build.pk, default=None)


def stopping(release: Release) -> list[str]:
    """The wishes that keep a ready build from going out, by name (F6)."""
    named = [item.feature_request for item in release.items.all() if item.feature_request]
    return [wish.title for wish in named if (wish.shown_as or wish).status not in ON_THE_WAY]


def with_all(cycles: QuerySet[Cycle]) -> QuerySet[Cycle]:
    """Fetch with each what `Running` asks of it."""
    items = ReleaseItem.objects.select_related("feature_request__shown_as")
    picks = Pick.objects.select_related("feature_request").order_by("pk")
    return cycles.select_related("product", "reviewed_by").prefetch_related(
        "releases", Prefetch("releases__items", items), Prefetch("picks", picks)
    )


def running(cycles: Iterable[Cycle], loose: Mapping[int, Release]) -> dict[int, Running]:
    """By the number of the week; `loose` by the number of the product."""
    weeks = list(cycles)
    reports = _report_counts(weeks)
    owed = _complaints(weeks)
    quoted = _quoted(weeks)
    return {
        week.pk: Running(
            week,
            loose.get(week.product_id),
            *reports.get(week.pk, (0, 0)),
            *owed.get(week.pk, (0, 0)),
            quoted.get(week.pk, {}),
        )
        for week in weeks
    }


def _report_counts(weeks: list[Cycle]) -> dict[int, tuple[int, int]]:
    counted = (
        Report.objects.filter(cycle__in=[week for week in weeks if week.held_at])
        .order_by()
        .values_list("cycle")
        .annotate(count=Count("pk"), late=Count("pk", filter=Q(is_late=True)))
    )
    return {cycle: (count, late) for cycle, count, late in counted}


def _complaints(weeks: list[Cycle]) -> dict[int, tuple[int, int]]:
    """How many complaints stand in each count, and how many of these are answered."""
    counted = [week for week in weeks if week.frozen_at]
    reports = WeeklyReport.objects.filter(cycle__in=counted).order_by("version")
    newest: dict[int, dict[str, Any]] = dict(reports.values_list("cycle", "figures"))
    answered: dict[int, set[tuple[int | None, str]]] = {}
    answers = ComplaintAnswer.objects.filter(cycle__in=counted)
    for cycle, item, area in answers.values_list("cycle", "item", "area"):
        answered.setdefault(cycle, set()).add((item, area))
    found = {}
    for cycle, figures in newest.items():
        keys = {(item, area) for _, item, area in top_of(figures)}
        found[cycle] = (len(keys), len(keys & answered.get(cycle, set())))
    return found


def _quoted(weeks: list[Cycle]) -> dict[int, dict[str, int]]:
    standing = Quotation.objects.standing().filter(cycle__in=[w for w in weeks if w.frozen_at])
    found: dict[int, dict[str, int]] = {}
    counted = standing.order_by().values_list("cycle", "grid").annotate(Count("pk"))
    for cycle, grid, count in counted:
        found.setdefault(cycle, dict.fromkeys((Grid.LOVED.value, Grid.NOT_GOOD.value), 0))
        found[cycle][grid] = count
    return found
