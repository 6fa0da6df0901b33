"""What came of what a fan reported: for the next form, and for the list of one's reports."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from community.feature_requests.models import FeatureRequest, Status
from community.fridays.aggregates import folded
from community.fridays.awards import awards_of
from community.fridays.models import Choice, ComplaintAnswer, Grid, Quotation, Report
from fans.accounts.models import Fan
from fans.ledger.models import Contribution

# What a wish one waited for has to become to be worth a line.
MOVED = [Status.PLANNED, Status.IN_DEVELOPMENT, Status.IN_TESTING, Status.SHIPPED, Status.DECLINED]


@dataclass(frozen=True)
class Line:
    """One line: the thing named, and what became of it."""

    words: str
    title: str = ""
    language: str = ""
    url: str = ""


@dataclass
class Aftermath:
    lines: list[Line] = field(default_factory=list)
    points: int = 0


def aftermath_of(reports: Iterable[Report], fan: Fan) -> dict[int, Aftermath]:
    """By report. Costs the same few queries for however many; fetch `cycle__product` with them.

    Nothing of a week before its results are out.
    """
    found = {report.pk: Aftermath() for report in reports}
    out = {report.pk: report for report in reports if report.cycle.published_at is not None}
    if out:
        for pk, line in (
            *_quoted(out),
            *_answered(out),
            *_awarded(out, fan),
            *_moved(out, fan),
        ):
            found[pk].lines.append(line)
    points = _points_of(fan, {report.cycle.subject for report in reports})
    for report in reports:
        found[report.pk].points = points.get(report.cycle.subject, 0)
    return found


Lines = Iterable[tuple[int, Line]]


def _results(report: Report, part: str = "") -> str:
    return reverse("results", args=[report.cycle.product.slug, report.cycle.week]) + part


def _quoted(reports: dict[int, Report]) -> Lines:
    for one in Quotation.objects.standing().filter(report__in=reports).order_by("pk"):
        yield (
            one.report_id,
            Line(
                _("Everyone reads these words of yours in the results."),
                one.words,
                one.language,
                _results(reports[one.report_id], "#quotations"),
            ),
        )


def _answered(reports: dict[int, Report]) -> Lines:
    cycles = {report.cycle_id: report for report in reports.values()}
    named = set(
        Choice.objects.filter(report__in=reports, grid=Grid.NOT_GOOD).values_list("report", "item")
    )
    answers = ComplaintAnswer.objects.filter(cycle__in=cycles).select_related("item")
    for answer in answers.order_by("pk"):
        report = cycles[answer.cycle_id]
        area = folded(report.not_good_area)
        if (report.pk, answer.item_id) in named or (area and area == folded(answer.area)):
            title = answer.item.title if answer.item else answer.area
            yield report.pk, Line(_("The company answered."), title, "", _results(report))


def _awarded(reports: dict[int, Report], fan: Fan) -> Lines:
    loved = {
        (choice.report.cycle_id, choice.item_id): choice.report_id
        for choice in Choice.objects.filter(
            report__in=reports, grid=Grid.LOVED, item__awards__isnull=False
        ).select_related("report")
    }
    if not loved:
        return
    cycles = [report.cycle_id for report in reports.values()]
    for award in awards_of(cycles, fan):
        if pk := loved.get((award.cycle_id, award.item_id)):
            words = _("You loved it, and it won the popcorn award for %(team)s.")
            yield (
                pk,
                Line(words % {"team": award.team}, award.item.title, "", _results(reports[pk])),
            )


def _moved(reports: dict[int, Report], fan: Fan) -> Lines:
    chosen = Choice.objects.filter(report__in=reports, grid=Grid.ANTICIPATED).order_by("pk")
    rows = list(chosen.values_list("report", "feature_request"))
    seen = FeatureRequest.objects.visible_to(fan).filter(status__in=MOVED)
    wishes = seen.in_bulk([wish for _report, wish in rows if wish is not None])
    for pk, number in rows:
        if wish := wishes.get(number or 0):
            words = _("You wait for it: %(status)s.") % {"status": wish.get_status_display()}
            if wish.status == Status.SHIPPED:
                words = _("You waited for it, and it has shipped.")
            yield pk, Line(words, wish.title, wish.language, wish.get_absolute_url())


def _points_of(fan: Fan, subjects: set[str]) -> dict[str, int]:
    rows = Contribution.objects.visible_to(fan).filter(subject__in=subjects)
    return dict(rows.order_by().values_list("subject").annotate(Sum("points")))
