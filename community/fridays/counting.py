"""The reports of a week counted where they lie: a handful of GROUP BYs, whatever their number."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from community.feature_requests.models import Lens
from community.feedback.models import FeedbackItem
from community.fridays.aggregates import DIMENSIONS, Base, Counts, Group, figures, heard_of
from community.fridays.eyes import MARKS, Said, on_paper
from community.fridays.listing import items_by_number
from community.fridays.models import Choice, Cycle, Grid, Report, WeeklyReport
from community.products.models import UserBase
from community.products.users import SEGMENTS
from fans.accounts.models import Fan, Role
from fans.clock.weeks import platform_date
from fans.ledger.models import ActiveDay
from fans.ledger.size import DAYS, active_count
from fans.tiers.metrics import with_segments

WEEKS_BEFORE = 4


def figures_of(cycle: Cycle, counts: Counts, base: Base) -> dict[str, Any]:
    return figures(counts, base, paper_of(cycle), paper_count(cycle))


# --- what was said ------------------------------------------------------------------


def counts_of(cycle: Cycle) -> Counts:
    reports = Report.objects.filter(cycle=cycle).order_by()
    marks = reports.values_list(*Group._fields[:-1])
    troubled = reports.exclude(not_good_severity="").exclude(not_good_frequency="")
    troubles = troubled.values_list("not_good_severity", "not_good_frequency")
    recommended = reports.filter(would_recommend__isnull=False).values_list("would_recommend")
    named = reports.exclude(not_good_area="").values_list("not_good_area")
    return Counts(
        groups=[Group(*row) for row in marks.annotate(Count("pk"))],
        said=said_of(cycle),
        troubles={(s, f): count for s, f, count in troubles.annotate(Count("pk"))},
        areas=dict(named.annotate(Count("pk"))),
        recommend=dict(recommended.annotate(Count("pk"))),
    )


def said_of(cycle: Cycle) -> dict[Lens, Said]:
    """A report holds a thing once a grid, so its choices are distinct fans."""
    seen = {Lens.EVERYONE: Count("pk")} | {
        lens: Count("pk", filter=Q((f"report__{mark}__in", values)))
        for lens, (mark, values) in MARKS.items()
    }
    chosen = Choice.objects.filter(report__cycle=cycle).order_by()
    rows = chosen.values_list("grid", "item", "feature_request").annotate(
        **{f"by_{lens}": count for lens, count in seen.items()}
    )
    grids: dict[Lens, dict[str, dict[int, int]]] = {
        lens: {grid: {} for grid in Grid.values} for lens in seen
    }
    for grid, item, wish, *often in rows:
        for counted, count in zip(grids.values(), often, strict=True):
            if count:
                counted[grid][item or wish] = count
    return {
        lens: Said(
            loved=counted[Grid.LOVED],
            not_good=counted[Grid.NOT_GOOD],
            anticipated=counted[Grid.ANTICIPATED],
        )
        for lens, counted in grids.items()
    }


def paper_of(cycle: Cycle) -> Said:
    """What stands on the paper forms of the week, beside the fans' numbers (O10)."""
    forms = FeedbackItem.objects.on_paper(cycle.product, cycle.week)
    numbers = {number: item.pk for number, item in items_by_number(cycle).items()}
    return on_paper(forms.values_list("paper", flat=True), numbers)


def paper_count(cycle: Cycle) -> int:
    """Paper forms of the week that count by now."""
    return FeedbackItem.objects.on_paper(cycle.product, cycle.week).count()


# --- what it is measured against ----------------------------------------------------


def base_of(cycle: Cycle, counts: Counts, at: datetime) -> Base:
    people = with_segments(_others(cycle, at), at).order_by()
    others: dict[str, Counter[str]] = {name: Counter() for name in DIMENSIONS}
    for row in people.values(*(f"in_{name}" for name in DIMENSIONS)).annotate(n=Count("pk")):
        for name in DIMENSIONS:
            others[name][row[f"in_{name}"]] += row["n"]
    return Base(
        others={name: dict(counted) for name, counted in others.items()},
        site_count=active_count(at),
        users=_users(cycle),
        earlier=_earlier(cycle),
        heard=heard_of(counts.groups),
    )


def kept_base(report: WeeklyReport, counts: Counts) -> Base:
    """What this version was measured against; of one older than that, what it would be now.

    Its reports carried no marks, so nothing is broken down by them: «nobody was busy» is not so.
    """
    if report.base:
        return Base(**report.base)
    cycle = report.cycle
    return replace(base_of(cycle, counts, cycle.frozen_at or report.made_at), heard={})


def _others(cycle: Cycle, at: datetime) -> QuerySet[Fan]:
    """Fans with an act in the last 28 days who did not report; staff are none of them."""
    today = platform_date(at)
    acts = ActiveDay.objects.filter(day__gt=today - timedelta(days=DAYS), day__lte=today)
    reports = Report.objects.filter(cycle=cycle, fan=OuterRef("pk"))
    return (
        Fan.objects.active(at)
        .filter(~Exists(reports), pk__in=acts.values("fan"))
        .exclude(role__in=[Role.STAFF, Role.ADMIN])
    )


def _users(cycle: Cycle) -> dict[str, dict[str, Any]]:
    """By dimension, where staff counted every segment of it; a day or a source may differ."""
    entered: dict[str, list[UserBase]] = {}
    for row in UserBase.objects.filter(product=cycle.product_id).order_by("pk"):
        entered.setdefault(row.dimension, []).append(row)
    found = {}
    for dimension, segments in SEGMENTS.items():
        rows = entered.get(dimension, [])
        counts = {row.segment: row.count for row in rows}
        if counts.keys() >= segments.keys() and any(counts.values()):
            found[dimension] = {
                "counts": counts,
                "source": "; ".join(sorted({row.source for row in rows})),
                "counted_on": min(row.counted_on for row in rows).isoformat(),
            }
    return found


def _earlier(cycle: Cycle) -> list[dict[str, Any]]:
    """The last held weeks whose figures are out and may be shown in numbers, as their newest
    version says: of those that staff hold back the change would tell.
    """
    newest = WeeklyReport.objects.filter(cycle=OuterRef("pk")).order_by("-version")
    before = Cycle.objects.filter(
        product=cycle.product_id,
        friday__lt=cycle.friday,
        published_at__isnull=False,
        withdrawn_at=None,
    ).annotate(newest=Subquery(newest.values("pk")[:1]))
    reports = WeeklyReport.objects.filter(
        pk__in=before.values("newest"), figures__is_small=False
    ).order_by("-cycle__friday", "-pk")
    rows = reports.values_list("cycle__week", "figures__count", "figures__satisfaction__share")
    return [
        {"week": week, "count": count, "satisfaction": share}
        for week, count, share in rows[:WEEKS_BEFORE]
    ]
