"""The public figures of a week as a table for spreadsheets: what the page says, and no more."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from community.feature_requests.models import Lens
from community.feature_requests.spreadsheet import BYTE_ORDER_MARK, as_csv
from community.fridays.complaints import complaints_of
from community.fridays.models import Cycle, WeeklyReport
from community.fridays.rankings import as_seen, items_of
from community.fridays.results import wishes_of
from community.fridays.voices import voice_tables
from fans.accounts.models import Reader

Row = tuple[object, ...]  # part, what, measure, value


def figures_csv(
    cycle: Cycle, shown: WeeklyReport, counted: Mapping[str, Any], reader: Reader
) -> str:
    """`counted`: the figures of this version, as `results.figures_of` gives them."""
    items, wishes = items_of(cycle, reader), wishes_of(cycle, counted, reader)
    figures = as_seen(counted, items, wishes)
    titles = {str(pk): item.title for pk, item in items.items()}
    titled = {str(pk): wish.title for pk, wish in wishes.items()}
    rows: list[Row] = [(_("Part"), _("What"), _("Measure"), _("Value"))]
    rows += _week(cycle, shown)
    if figures["is_small"]:
        rows.append((_("Figures"), _("Reports"), "", _("fewer than five")))
        return BYTE_ORDER_MARK + as_csv(rows)
    rows += _numbers(figures)
    rows += _rankings(cycle, figures, titles, titled)
    rows += _voices(figures)
    rows += _lenses(figures, titles, titled)
    return BYTE_ORDER_MARK + as_csv(rows)


def _week(cycle: Cycle, shown: WeeklyReport) -> Iterator[Row]:
    part = _("Week")
    yield part, _("Product"), "", cycle.product
    yield part, _("Week"), "", cycle.week
    yield part, _("Version"), "", shown.version
    yield part, _("Counted"), "", shown.made_at
    yield part, _("Published"), "", cycle.published_at
    yield part, _("Address"), "", settings.SITE_URL + cycle.get_absolute_url() + "results/"


def _numbers(figures: Mapping[str, Any]) -> Iterator[Row]:
    part, satisfied = _("Figures"), figures["satisfaction"]
    yield part, _("Reports"), _("all"), figures["count"]
    yield part, _("Reports"), _("late"), figures["late_count"]
    yield part, _("Active fans"), "", figures["active_count"]
    yield part, _("Response rate"), _("share"), figures["response_rate"]
    yield part, _("Satisfaction"), _("4 or 5 of 5"), satisfied["positive"]
    yield part, _("Satisfaction"), _("share"), satisfied["share"]
    yield part, _("Satisfaction"), _("95 %, from"), satisfied["low"]
    yield part, _("Satisfaction"), _("95 %, to"), satisfied["high"]
    for rating, count in sorted(figures["ratings"].items()):
        yield part, _("Rating"), rating, count
    for measure, value in (figures.get("recommend") or {}).items():
        yield part, _("Would recommend"), measure, value
    yield part, _("Paper forms"), "", figures.get("paper_count") or 0
    if change := figures.get("change"):
        against = _("change against the mean of %(weeks)s") % {"weeks": ", ".join(change["weeks"])}
        yield part, _("Reports"), against, change["count"]
        yield part, _("Satisfaction"), against, change["satisfaction"]


def _rankings(
    cycle: Cycle, figures: dict[str, Any], titles: Mapping[str, str], titled: Mapping[str, str]
) -> Iterator[Row]:
    for row in figures["items"]:
        yield _("Items"), titles[str(row["item"])], _("loved"), row["loved"]
        yield _("Items"), titles[str(row["item"])], _("not good enough"), row["not_good"]
    for complaint in complaints_of(cycle, figures):
        yield _("Complaints"), complaint.title, _("fans"), complaint.count
    for row in figures["anticipated"]:
        yield _("Most anticipated"), titled[str(row["request"])], _("fans"), row["count"]
    for row in figures.get("troubles") or []:
        yield _("Complaints"), f"{row['severity']}/{row['frequency']}", _("fans"), row["count"]


def _voices(figures: Mapping[str, Any]) -> Iterator[Row]:
    for table in voice_tables(figures, get_language() or "en"):
        for cell in table.cells:
            yield table.title, cell.label, _("share of the reports"), cell.voice
            yield table.title, cell.label, table.measured_against, cell.base
            yield table.title, cell.label, _("weight"), float(cell.ratio)


def _lenses(
    figures: Mapping[str, Any], titles: Mapping[str, str], titled: Mapping[str, str]
) -> Iterator[Row]:
    for name, seen in figures["lenses"].items():
        if name == Lens.EVERYONE or not seen:
            continue
        part = Lens(name).label
        yield part, _("Reports"), _("all"), seen["count"]
        if seen["satisfaction"]:
            yield part, _("Satisfaction"), _("share"), seen["satisfaction"]["share"]
        for pk, row in seen["items"].items():
            told = ((_("loved"), "loved"), (_("not good enough"), "not_good"), (_("rank"), "rank"))
            for measure, key in told:
                if row[key] is not None:
                    yield part, titles[pk], measure, row[key]
        for pk, rank in seen["wishes"].items():
            yield part, titled[pk], _("rank"), rank
