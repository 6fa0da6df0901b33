"""What fans found not good enough goes to the desks, once a week is counted (spec §6)."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache

from django.db import transaction
from django.db.models import Q, QuerySet

from community.feedback.actions import department_for
from community.feedback.models import (
    Category,
    Channel,
    FeedbackItem,
    Frequency,
    ItemState,
    ItemStep,
    Severity,
)
from community.feedback.rules import answer_due, priority_of
from community.fridays.models import Choice, Cycle, Grid, Report
from community.markdown import language_of
from community.products.models import Team

CATEGORY = Category.USABILITY  # a first guess, for the desk to correct
_LONGEST_TITLE = 120
_LONGEST_ABOUT = 200
_LONGEST_BUILD = 60


@transaction.atomic
def pass_on(*, cycle_id: int, at: datetime, limit: int = 500) -> int:
    """Make an item for the desks of each complaint that has words or an area; how many were made.

    So many reports at a time, in their order: whoever comes back goes on where it stopped, and
    two at once queue up behind the week. The clock runs from the freeze, when a report became
    final. Nobody but its fan and the staff reads such an item.
    """
    cycle = Cycle.objects.select_for_update(of=("self",), no_key=True).get(pk=cycle_id)
    if cycle.frozen_at is None or cycle.passed_on_at is not None:
        return 0
    reports = list(_complaints(cycle)[:limit])
    _file(cycle, reports, cycle.frozen_at)
    if len(reports) < limit:
        cycle.passed_on_at = at
    else:
        cycle.passed_on_up_to = reports[-1].pk
    cycle.save(update_fields=["passed_on_at", "passed_on_up_to"])
    return len(reports)


def key_of(report: Report) -> str:
    """What ties the item at a desk to the report it stood in. No form sends a key with a colon, so
    nobody takes its place beforehand and stops the whole week.
    """
    return f"report:{report.pk}"


def _complaints(cycle: Cycle) -> QuerySet[Report]:
    """Of fans who are still there to be answered."""
    rows = Report.objects.filter(cycle=cycle, pk__gt=cycle.passed_on_up_to, fan__erased_at=None)
    return rows.exclude(Q(not_good_why="") & Q(not_good_area="")).order_by("pk")


def _file(cycle: Cycle, reports: Sequence[Report], since: datetime) -> None:
    named = _named(reports)
    department = department_for(CATEGORY)
    due = cache(lambda priority: answer_due(priority, since))
    items = FeedbackItem.objects.bulk_create(
        _item(cycle, report, named.get(report.pk, ""), department, since, due) for report in reports
    )
    ItemStep.objects.bulk_create(
        ItemStep(item=item, became=ItemState.NEW, actor_id=item.reporter_id, happened_at=since)
        for item in items
    )


def _named(reports: Sequence[Report]) -> dict[int, str]:
    """The titles of the things in the build that each found not good enough."""
    titles: dict[int, list[str]] = {}
    chosen = Choice.objects.filter(report__in=reports, grid=Grid.NOT_GOOD).order_by("item", "pk")
    for report, title in chosen.values_list("report", "item__title"):
        titles.setdefault(report, []).append(title)
    return {report: " · ".join(each) for report, each in titles.items()}


def _item(
    cycle: Cycle,
    report: Report,
    named: str,
    department: Team,
    since: datetime,
    due: Callable[[str], datetime],
) -> FeedbackItem:
    severity = report.not_good_severity or Severity.S3
    frequency = report.not_good_frequency or Frequency.Q3
    priority = priority_of(severity, frequency)
    words = report.not_good_why
    about = named or report.not_good_area
    said = words.strip() or report.not_good_area.strip() or about
    return FeedbackItem(
        channel=Channel.REPORT_CELL,
        reporter_id=report.fan_id,
        product_id=cycle.product_id,
        category=CATEGORY,
        severity=severity,
        frequency=frequency,
        priority=priority,
        department=department,
        title=(said.splitlines() or ["–"])[0][:_LONGEST_TITLE],
        words=words,
        language=language_of(words or said),
        build=" · ".join(filter(None, [report.build, report.device]))[:_LONGEST_BUILD],
        about=about[:_LONGEST_ABOUT],
        is_public=False,
        state_at=since,
        created_at=since,
        answer_due_at=due(priority),
        submission_key=key_of(report),
    )
