"""The page of the measures, what of it can be counted again, and what can be taken along."""

import csv
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from config.home import unless_resting
from config.measures import pulse, snapshots, voice
from config.measures.loop import presence_chart
from config.measures.registry import MEASURES, ON_TOP
from config.measures.shapes import SMALLEST, Figure, Measure
from config.measures.sources import Sources
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.audit.actions import record
from fans.charts import LineChart
from fans.limits import limited


@dataclass(frozen=True, slots=True)
class Family:
    """A measure as the page shows it."""

    measure: Measure
    figures: list[Figure]
    is_resting: bool = False
    more: Any = None

    @property
    def template(self) -> str:
        return f"measures/_{self.measure.key}.html" if self.more else ""

    @property
    def shown(self) -> list[Figure]:
        """What stands in a table or a chart of its own is no tile beside it."""
        own = self.measure.segments_apart
        return [figure for figure in self.figures if not (own and figure.segment)]

    @property
    def charts(self) -> list[LineChart]:
        return [figure.chart for figure in self.shown if figure.chart is not None]


@require_safe
@policy.staff
def staff_measures(request: FanRequest) -> HttpResponse:
    sources = Sources(clock.now(), request.user)
    families = _families(sources)
    newest = {
        figure.spec.key: (family.measure.key, figure)
        for family in families
        for figure in reversed(family.figures)
    }
    context = {
        "at": sources.at,
        "smallest": SMALLEST,
        "families": families,
        "tiles": [newest[key] for key in ON_TOP if key in newest],
        "question": unless_resting("pulse", lambda: pulse.open_question(sources)),
    }
    return render(request, "measures/index.html", context)


@require_safe
@policy.staff
def staff_measures_recount(request: FanRequest) -> HttpResponse:
    """The newest week that was kept, counted again: stored beside recounted."""
    week = snapshots.past_weeks(clock.now())[-1]
    rows = snapshots.recount(week)
    context = {"week": week, "rows": rows, "differing": sum(row.differs for row in rows)}
    return render(request, "measures/recount.html", context)


@require_POST
@policy.staff
@limited("export")
def staff_measures_csv(request: FanRequest) -> HttpResponse:
    """The weeks of every figure, one row a week."""
    at = clock.now()
    families = _families(Sources(at, request.user))
    record(actor=request.user, verb="measures exported", subject="measures", at=at)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="measures-{at:%Y-%m-%d}.csv"'
    written = csv.writer(response)
    written.writerow(["measure", "segment", "week", "value", "unit"])
    for family in families:
        for figure in family.figures:
            for point in figure.past:
                if point.value is not None:
                    value = round(point.value, figure.digits)
                    written.writerow(
                        [figure.spec.key, figure.segment, point.label, value, figure.unit]
                    )
    return response


def _families(sources: Sources) -> list[Family]:
    known = unless_resting("snapshots", lambda: snapshots.kept(sources.at)) or {}
    return [_family(measure, sources, known) for measure in MEASURES]


def _family(measure: Measure, sources: Sources, known: snapshots.Kept) -> Family:
    figures = unless_resting(measure.key, lambda: measure.figures(sources))
    if figures is None:
        return Family(measure, snapshots.as_it_was(measure, known), is_resting=True)
    with_past = [snapshots.with_past(figure, known, sources.at) for figure in figures]
    return Family(measure, with_past, more=_more(measure, sources, with_past))


def _more(measure: Measure, sources: Sources, figures: list[Figure]) -> Any:
    if measure.key == "voice":
        return sources.once(voice.voices)
    if measure.key == "presence":
        return presence_chart(figures)
    return None
