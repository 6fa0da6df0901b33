"""Counting the week (O3–O5): after this nothing of it changes."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from community.feedback.models import FeedbackItem
from community.fridays import aggregates, award
from community.fridays.actions.reporting import lock_week
from community.fridays.aggregates import Answer, Earlier
from community.fridays.listing import candidates_of
from community.fridays.models import (
    Award,
    Ballot,
    Choice,
    Cycle,
    CycleState,
    Grid,
    Report,
    WeeklyReport,
)
from fans.accounts.models import Fan, Role
from fans.clock.weeks import platform_date
from fans.ledger import actions as ledger
from fans.ledger.models import ActiveDay
from fans.ledger.size import DAYS, active_count
from fans.tiers.models import Tier

POINTS_ON_TIME = 5
POINTS_LATE = 2
WEEKS_BEFORE = 4
NEWCOMER = timedelta(days=90)
FIRST_YEAR = timedelta(days=365)
DIMENSIONS = ("tier", "region_level", "tenure")


class NotYet(Exception):
    """The late window is still open, or the form never was."""


@transaction.atomic
def freeze(*, cycle: Cycle, at: datetime) -> WeeklyReport:
    """Close the week's reports for good, count them, pay for them, find the award.

    A week whose build was recalled after its form opened is counted too and stays withdrawn (O9).
    Freezing again returns what was counted.
    """
    locked = lock_week(cycle)
    if locked.frozen_at is not None:
        return locked.weekly_reports.get(version=1)
    if locked.held_at is None or at < locked.late_closes_at:
        raise NotYet
    answers = answers_of(locked, at)
    counted = WeeklyReport.objects.create(
        cycle=locked, version=1, figures=figures_of(locked, answers, at), made_at=at
    )
    _give_award(locked, answers, at)
    _pay(locked, at)
    locked.frozen_at = at
    if locked.state != CycleState.WITHDRAWN:
        locked.state = CycleState.FROZEN
    locked.save(update_fields=["frozen_at", "state"])
    return counted


def figures_of(cycle: Cycle, answers: list[Answer], at: datetime) -> dict[str, Any]:
    people = _with_segments(_active_fans(cycle, at), at)
    return aggregates.figures(
        answers,
        base={
            name: dict(people.order_by().values_list(f"in_{name}").annotate(Count("pk")))
            for name in DIMENSIONS
        },
        active_count=people.count(),
        paper_count=paper_count(cycle),
        earlier=_earlier(cycle),
    )


def paper_count(cycle: Cycle) -> int:
    """Paper forms of the week, from accepted batches; they stand beside the fans' numbers (O10)."""
    return FeedbackItem.objects.on_paper(cycle.product, cycle.week).count()


def answers_of(cycle: Cycle, at: datetime) -> list[Answer]:
    """Every report of the week, with what its fan is at this moment."""
    chosen: dict[int, dict[str, set[int]]] = {}
    choices = Choice.objects.filter(report__cycle=cycle)
    for report, grid, item, wish in choices.values_list(
        "report", "grid", "item", "feature_request"
    ):
        chosen.setdefault(report, {}).setdefault(grid, set()).add(item or wish)
    people = _with_segments(Fan.objects.get_queryset().filter(reports__cycle=cycle), at)
    segments = {
        pk: dict(zip(DIMENSIONS, labels, strict=True))
        for pk, *labels in people.values_list("pk", *(f"in_{name}" for name in DIMENSIONS))
    }
    return [
        _answer(report, chosen.get(report.pk, {}), segments[report.fan_id])
        for report in Report.objects.filter(cycle=cycle).order_by("fan")
    ]


def _answer(report: Report, chosen: dict[str, set[int]], segments: dict[str, str]) -> Answer:
    return Answer(
        fan=report.fan_id,
        overall=report.overall,
        is_late=report.is_late,
        loved=frozenset(chosen.get(Grid.LOVED, ())),
        not_good=frozenset(chosen.get(Grid.NOT_GOOD, ())),
        anticipated=frozenset(chosen.get(Grid.ANTICIPATED, ())),
        severity=report.not_good_severity,
        frequency=report.not_good_frequency,
        recommend=report.would_recommend,
        segments=segments,
    )


def _active_fans(cycle: Cycle, at: datetime) -> QuerySet[Fan]:
    """Fans with an act in the last 28 days, and whoever reported; staff are none of them."""
    today = platform_date(at)
    acts = ActiveDay.objects.filter(
        fan=OuterRef("pk"), day__gt=today - timedelta(days=DAYS), day__lte=today
    )
    reported = Q(pk__in=Report.objects.filter(cycle=cycle).values("fan"))
    others = Q(pk__in=Fan.objects.active(at).values("pk")) & Q(Exists(acts))
    return (
        Fan.objects.get_queryset()
        .filter(reported | others)
        .exclude(role__in=[Role.STAFF, Role.ADMIN])
    )


def _with_segments(people: QuerySet[Fan], at: datetime) -> QuerySet[Fan]:
    """Annotate `in_tier`, `in_region_level` (only with the fan's consent) and `in_tenure`."""
    return people.annotate(
        in_tier=Coalesce("standing__tier", Value(Tier.CASUAL.value)),
        in_region_level=Case(
            When(consents_to_region=True, place__isnull=False, then="place__region_level"),
            default=Value(aggregates.UNKNOWN),
            output_field=CharField(),
        ),
        in_tenure=Case(
            When(joined_at__gt=at - NEWCOMER, then=Value("newcomer")),
            When(joined_at__gt=at - FIRST_YEAR, then=Value("first_year")),
            default=Value("longer"),
            output_field=CharField(),
        ),
    )


def _earlier(cycle: Cycle) -> list[Earlier]:
    """The last held weeks whose figures may be shown in numbers."""
    before = WeeklyReport.objects.filter(
        cycle__product=cycle.product_id,
        cycle__friday__lt=cycle.friday,
        cycle__withdrawn_at=None,
        figures__is_small=False,
    )
    newest = before.select_related("cycle").order_by("-cycle__friday", "-version", "-pk")
    weeks: dict[str, Earlier] = {}
    for report in newest[: WEEKS_BEFORE * 5]:
        share = (report.figures["satisfaction"] or {}).get("share")
        week = report.cycle.week
        weeks.setdefault(week, Earlier(week, report.figures["count"], share))
    return list(weeks.values())[:WEEKS_BEFORE]


def _give_award(cycle: Cycle, answers: list[Answer], at: datetime) -> None:
    """To the team; what was recalled meanwhile is no candidate, whoever voted for it (O9)."""
    items = {item.pk: item for item in candidates_of(cycle)}
    voted = Ballot.objects.filter(cycle=cycle, item__in=items).values_list("item")
    ballots = dict(voted.annotate(Count("pk")).order_by())
    candidates = [
        award.Candidate(
            item=pk,
            ballots=ballots.get(pk, 0),
            loved=sum(pk in each.loved for each in answers),
            not_good=sum(pk in each.not_good for each in answers),
        )
        for pk in items
    ]
    Award.objects.bulk_create(
        Award(
            cycle=cycle,
            item=items[winner.item],
            team_id=items[winner.item].team_id,
            ballot_count=winner.ballots,
            awarded_at=at,
        )
        for winner in award.winners(candidates, active_count(at))
    )


def _pay(cycle: Cycle, at: datetime) -> None:
    for report in Report.objects.filter(cycle=cycle).select_related("fan").order_by("fan"):
        ledger.record(
            fan=report.fan,
            kind="report.filed",
            subject=cycle.subject,
            effective_at=report.first_sent_at,
            at=at,
            points=POINTS_LATE if report.is_late else POINTS_ON_TIME,
        )
