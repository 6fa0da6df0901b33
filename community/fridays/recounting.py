"""What was counted, compared with the rows it was counted from (O4, O5)."""

from dataclasses import dataclass
from typing import Any

from community.feature_requests.models import Lens
from community.fridays.aggregates import Base, Counts, heard_of
from community.fridays.cells import UNKNOWN
from community.fridays.counting import counts_of, figures_of, kept_base
from community.fridays.models import Award, Ballot, Cycle, Report

BESIDE = {"paper_count"}  # batches are accepted after the freeze, too
_OLD = {"active_count", "response_rate", "voice", "lenses", "change", "areas"}  # had no base kept


@dataclass(frozen=True)
class Wrong:
    name: str
    kept: Any
    counted: Any


def recount_week(cycle: Cycle) -> list[Wrong]:
    """The newest version of a counted week against a new count. Nothing is changed: where a
    difference is an error of the page, staff correct it with a note (O7).

    What has gone since by a fan's own right is no difference: where they live, and their words.
    """
    newest = cycle.weekly_reports.order_by("-version")[0]
    counts = counts_of(cycle)
    base = kept_base(newest, counts)
    kept, counted = newest.figures, figures_of(cycle, counts, base)
    for figures in (kept, counted):
        (figures.get("lenses") or {}).pop(Lens.OFFLINE, None)
    _leave_out_what_went(cycle, _forgot(counts, base), kept, counted)
    left_out = BESIDE if newest.base else BESIDE | _OLD
    found = [
        Wrong(name, kept.get(name), counted[name])
        for name in sorted(counted.keys() - left_out)
        if kept.get(name) != counted[name]
    ]
    return found + _wrong_awards(cycle)


def _forgot(counts: Counts, base: Base) -> bool:
    now, first = (heard.get("region_level", {}) for heard in (heard_of(counts.groups), base.heard))
    return now.get(UNKNOWN, 0) > first.get(UNKNOWN, 0)


def _leave_out_what_went(cycle: Cycle, forgot: bool, *versions: dict[str, Any]) -> None:
    reports = Report.objects.filter(cycle=cycle)
    has_erased = reports.filter(fan__erased_at__isnull=False).exists()
    for figures in versions:
        if forgot:
            tables = figures.get("voice") or []
            figures["voice"] = [each for each in tables if each["dimension"] != "region_level"]
            (figures.get("lenses") or {}).pop(Lens.COUNTY, None)
        if has_erased:
            figures["areas"] = []


def _wrong_awards(cycle: Cycle) -> list[Wrong]:
    ballots = Ballot.objects.filter(cycle=cycle)
    return [
        Wrong(f"award of item {award.item_id}", award.ballot_count, counted)
        for award in Award.objects.filter(cycle=cycle).order_by("pk")
        if (counted := ballots.filter(item=award.item_id).count()) != award.ballot_count
    ]
