"""The words of a week, for the staff who read them: what was said, never by whom (A4)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from django.db.models import Count, Q
from django.http import QueryDict

from community.feature_requests.models import FeatureRequest
from community.feedback.models import Channel, FeedbackItem, Frequency, Severity
from community.feedback.pages import page_after
from community.fridays.actions.passing_on import key_of as complaint_key
from community.fridays.actions.wishing import asking_key
from community.fridays.actions.wishing import key_of as need_key
from community.fridays.models import Choice, Cycle, Quotation, Quoting, Report
from community.markdown import language_of
from fans.accounts.models import Fan
from fans.audit.models import AuditEntry
from fans.notifications.models import Event

PAGE_SIZE = 50
LONGEST_SEARCH = 100
COLUMNS = {"not_good": "not_good_why", "loved": "loved_why", "need": "new_need"}
LONGEST_TITLE = 80  # proposed for a wish
OPENED = "report words opened"  # as the log has it


@dataclass(frozen=True)
class Filters:
    """What the address asks for, where it is something one can ask for."""

    grid: str = "not_good"
    item: int | None = None
    severity: str = ""
    frequency: str = ""
    area: str = ""
    q: str = ""

    @classmethod
    def of(cls, asked: QueryDict) -> Self:
        grid, item = asked.get("grid", ""), asked.get("item", "")
        is_number = item.isascii() and item.isdigit() and len(item) < 10
        return cls(
            grid=grid if grid in COLUMNS else "not_good",
            item=int(item) if is_number else None,
            severity=_known(asked.get("severity", ""), Severity.values),
            frequency=_known(asked.get("frequency", ""), Frequency.values),
            area=_words(asked.get("area", "")),
            q=_words(asked.get("q", "")),
        )

    @property
    def narrows(self) -> bool:
        return any([self.item, self.severity, self.frequency, self.area, self.q])


def _words(asked: str) -> str:
    return asked.replace("\0", "").strip()[:LONGEST_SEARCH]


def _known(asked: str, values: Sequence[str]) -> str:
    return asked if asked in values else ""


@dataclass
class Said:
    """One cell of one report, and what was made of it."""

    report: Report
    words: str
    items: list[str] = field(default_factory=list)
    quotation: Quotation | None = None
    complaint: FeedbackItem | None = None
    wish: FeatureRequest | None = None
    is_asked: bool = False

    @property
    def language(self) -> str:
        return language_of(self.words)

    @property
    def may_be_quoted(self) -> bool:
        return self.report.quoting != Quoting.NO

    @property
    def is_named(self) -> bool:
        return self.report.quoting == Quoting.NAMED

    @property
    def is_taken_back(self) -> bool:
        """By whoever wrote it."""
        known = self.quotation
        return known is not None and known.withdrawn_by_id == self.report.fan_id

    @property
    def title(self) -> str:
        """What a wish made of it would be called."""
        return (self.words.splitlines() or [""])[0][:LONGEST_TITLE]


def word_counts(cycle: Cycle) -> dict[str, int]:
    """How many wrote something into each grid. One query."""
    written = {grid: Count("pk", filter=~Q(**{name: ""})) for grid, name in COLUMNS.items()}
    return cycle.reports.aggregate(**written)


def has_opened(cycle: Cycle, reader: Fan) -> bool:
    """Whoever reads the words has said so in the log."""
    entries = AuditEntry.objects.filter(actor=reader, verb=OPENED, subject=cycle.subject)
    return entries.exists()


def page_of(cycle: Cycle, filters: Filters, cursor: str) -> tuple[list[Said], str]:
    """So many cells in the order they were first sent, and where the next page begins."""
    column = COLUMNS[filters.grid]
    reports = cycle.reports.exclude(**{column: ""})
    if filters.grid == "not_good":
        if filters.severity:
            reports = reports.filter(not_good_severity=filters.severity)
        if filters.frequency:
            reports = reports.filter(not_good_frequency=filters.frequency)
        if filters.area:
            reports = reports.filter(not_good_area__icontains=filters.area)
    if filters.item and filters.grid != "need":
        chosen = Choice.objects.filter(report__cycle=cycle, grid=filters.grid, item=filters.item)
        reports = reports.filter(pk__in=chosen.values("report"))
    if filters.q:
        reports = reports.filter(**{f"{column}__icontains": filters.q})
    page = page_after(reports, cursor, order=("pk",), size=PAGE_SIZE)
    rows = [Said(report, getattr(report, column)) for report in page.rows]
    by_pk = {row.report.pk: row for row in rows}
    if filters.grid == "need":
        _add_wishes(by_pk)
    else:
        _add_choices(by_pk, filters.grid)
    if filters.grid == "not_good":
        _add_complaints(by_pk)
    return rows, page.next_cursor


def _add_choices(rows: dict[int, Said], grid: str) -> None:
    named = Choice.objects.filter(report__in=rows, grid=grid).order_by("item__number", "pk")
    for report, title in named.values_list("report", "item__title"):
        rows[report].items.append(title)
    for quotation in Quotation.objects.filter(report__in=rows, grid=grid):
        rows[quotation.report_id].quotation = quotation


def _add_complaints(rows: dict[int, Said]) -> None:
    """The items at the desks that the complaints became."""
    keys = {complaint_key(row.report): row for row in rows.values()}
    passed_on = FeedbackItem.objects.filter(
        channel=Channel.REPORT_CELL,
        reporter__in=[row.report.fan_id for row in rows.values()],
        submission_key__in=keys,
    )
    for item in passed_on:
        keys[item.submission_key or ""].complaint = item


def _add_wishes(rows: dict[int, Said]) -> None:
    keys = {need_key(row.report): row for row in rows.values()}
    authors = [row.report.fan_id for row in rows.values()]
    wishes = FeatureRequest.objects.filter(author__in=authors, submission_key__in=keys)
    for wish in wishes:
        keys[wish.submission_key or ""].wish = wish
    asked = {asking_key(pk): row for pk, row in rows.items()}
    for key in Event.objects.filter(key__in=asked).values_list("key", flat=True):
        asked[key].is_asked = True
