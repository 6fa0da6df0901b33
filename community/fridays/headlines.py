"""A counted week in a sentence, and in four figures with what changed (O4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.fridays.models import Cycle, WeeklyReport
from community.fridays.rankings import Figures
from fans.charts.numbers import written


@dataclass(frozen=True)
class Earlier:
    """What is not kept with a week about the held weeks before it."""

    response_rate: float | None
    paper_count: int
    score: int | None  # whether they would recommend it; asked in every fourth week


@dataclass(frozen=True)
class Kpi:
    value: str
    words: str
    change: str = ""


def headline(product: object, figures: Figures, loved: str = "", not_good: str = "") -> str:
    """The week in a sentence or three."""
    if figures["is_small"]:
        return _("Fewer than five fans reported on %(product)s: too few for numbers.") % {
            "product": product
        }
    said = ngettext(
        "%(count)d fan reported, and %(share)d %% are satisfied.",
        "%(count)d fans reported, and %(share)d %% are satisfied.",
        figures["count"],
    ) % {"count": figures["count"], "share": round(100 * figures["satisfaction"]["share"])}
    if loved:
        said += " " + _("Loved most: “%(item)s”.") % {"item": loved}
    if not_good:
        said += " " + _("Not good enough: “%(item)s”.") % {"item": not_good}
    return said


def earlier_weeks(cycle: Cycle, figures: Figures) -> list[Earlier]:
    """Of the weeks this one is measured against, newest version each. At most one query."""
    weeks = (figures.get("change") or {}).get("weeks")
    if not weeks:
        return []
    rows = (
        WeeklyReport.objects.filter(cycle__product=cycle.product_id, cycle__week__in=weeks)
        .annotate(
            rate=F("figures__response_rate"),
            paper=F("figures__paper_count"),
            score=F("figures__recommend__score"),
        )
        .order_by("cycle__friday", "version")
        .values_list("cycle", "rate", "paper", "score")
    )
    newest = {pk: Earlier(rate, paper or 0, score) for pk, rate, paper, score in rows}
    return list(newest.values())


def kpis(figures: Figures, earlier: Sequence[Earlier]) -> list[Kpi]:
    """How many spoke, of how many, how content they are, and whether they would recommend it."""
    last = _recommended(figures, earlier) if figures.get("recommend") else _paper(figures, earlier)
    return [_reports(figures), _response(figures, earlier), _satisfaction(figures), last]


def percent(share: float | None) -> str:
    return "" if share is None else written(100 * share, "%")


def signed(difference: float, unit: str = "") -> str:
    number = written(abs(difference), unit)
    if number == written(0, unit):
        return f"±{number}"
    return f"{'+' if difference > 0 else '−'}{number}"


def _reports(figures: Figures) -> Kpi:
    words = ngettext("report, %(late)d late", "reports, %(late)d of them late", figures["count"])
    change = figures.get("change")
    return Kpi(
        written(figures["count"]),
        words % {"late": figures["late_count"]},
        _against(signed(change["count"]), change["weeks"]) if change else "",
    )


def _response(figures: Figures, earlier: Sequence[Earlier]) -> Kpi:
    rate = figures["response_rate"]
    known = [week.response_rate for week in earlier if week.response_rate is not None]
    words = _("of %(active)s active fans reported") % {"active": written(figures["active_count"])}
    if rate is None:
        return Kpi("–", words)
    change = _against(_points(100 * (rate - _mean(known))), known) if known else ""
    return Kpi(percent(rate), words, change)


def _satisfaction(figures: Figures) -> Kpi:
    satisfied, change = figures["satisfaction"], figures.get("change") or {}
    words = _("are satisfied (4 or 5 of 5); 95 %% sure: %(low)s to %(high)s") % {
        "low": percent(satisfied["low"]),
        "high": percent(satisfied["high"]),
    }
    difference = change.get("satisfaction")
    told = "" if difference is None else _against(_points(100 * difference), change["weeks"])
    return Kpi(percent(satisfied["share"]), words, told)


def _recommended(figures: Figures, earlier: Sequence[Earlier]) -> Kpi:
    said = figures["recommend"]
    words = _("would recommend it: 9 or 10 less 0 to 6, of %(count)d answers, from −100 to 100") % {
        "count": said["count"]
    }
    known = [week.score for week in earlier if week.score is not None]
    change = (
        _("%(change)s against the time it was asked before")
        % {"change": signed(said["score"] - known[-1])}
        if known
        else ""
    )
    return Kpi(signed(said["score"]) if said["score"] else "0", words, change)


def _paper(figures: Figures, earlier: Sequence[Earlier]) -> Kpi:
    count = figures.get("paper_count") or 0
    words = ngettext(
        "paper form, beside the reports and not among them",
        "paper forms, beside the reports and not among them",
        count,
    )
    known = [week.paper_count for week in earlier] if count else []
    return Kpi(
        written(count), words, _against(signed(count - _mean(known)), known) if known else ""
    )


def _against(change: str, weeks: Sequence[Any]) -> str:
    if len(weeks) == 1:
        return _("%(change)s against the held week before") % {"change": change}
    return _("%(change)s against the mean of the last %(weeks)d held weeks") % {
        "change": change,
        "weeks": len(weeks),
    }


def _points(difference: float) -> str:
    return _("%(change)s points") % {"change": signed(difference)}


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
