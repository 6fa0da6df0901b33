"""«My standing» in words and numbers (T15): what a run would decide now, and why."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fans.accounts.models import Fan
from fans.ledger.kinds import KINDS
from fans.ledger.models import Family
from fans.tiers.deciding import Assessment, passes, rows_of
from fans.tiers.facts import Deed, Facts, deeds_of
from fans.tiers.models import StandingState, Tier
from fans.tiers.rules import GRACE_RUNS, LABELS, STEPS, YES_OR_NO

DEEDS_SHOWN = 100
TITLES: dict[str, str | Promise] = {
    "core": _("To become core"),
    "keep_core": _("To stay core"),
    "eligible": _("To be nominated for honorary developer"),
    "keep_honorary": _("To stay honorary developer"),
}
_STEPS_SHOWN = {
    Tier.CASUAL: ("core",),
    Tier.CORE: ("keep_core", "eligible"),
    Tier.HONORARY_DEV: ("keep_honorary",),
}
# Why a row counts for nothing, or no longer.
_NOTES: dict[str, str | Promise] = {
    "cap": _("beyond what counts in that time"),
    "collusion": _("confirmed by the same person too often"),
}
_ROUTES = {"post": "post", "thread": "thread", "request": "feature_request", "meetup": "meetup"}
_WITH_SLUG = {"thread", "request", "meetup"}


@dataclass(frozen=True)
class Step:
    title: str | Promise
    rows: list[dict[str, Any]]
    is_met: bool
    has_either: bool


@dataclass(frozen=True)
class DeedLine:
    label: str | Promise
    deed: Deed
    url: str
    note: str | Promise
    counts_until: datetime


def steps_of(found: Assessment) -> list[Step]:
    return [_step(name, found.facts) for name in _STEPS_SHOWN[found.tier]]


def _step(name: str, facts: Facts) -> Step:
    measures = {measure.key: measure for measure in STEPS[name]}
    rows = [in_words(row) | {"either": measures[row["key"]].either} for row in rows_of(name, facts)]
    return Step(
        title=TITLES[name],
        rows=rows,
        is_met=passes(STEPS[name], facts),
        has_either=any(measure.either for measure in STEPS[name]),
    )


def in_words(row: dict[str, Any]) -> dict[str, Any]:
    """A number that was looked at, with its name and how far it is from what is asked."""
    return row | {
        "label": LABELS.get(row["key"], row["key"]),
        "yes_or_no": row["key"] in YES_OR_NO,
        "distance": 0 if row["met"] else abs(row["threshold"] - row["value"]),
    }


def deed_lines(fan: Fan, at: datetime) -> list[DeedLine]:
    """The deeds of the last 180 days, newest first."""
    deeds = deeds_of([fan.pk], at).get(fan.pk, [])
    return [_line(deed) for deed in reversed(deeds[-DEEDS_SHOWN:])]


def _line(deed: Deed) -> DeedLine:
    kind = KINDS.get(deed.kind)
    note = _NOTES.get(deed.reason, "") if deed.stands else _("taken back")
    return DeedLine(
        label=kind.label if kind else deed.kind,
        deed=deed,
        url=_url_of(deed.subject),
        note=note,
        counts_until=deed.effective_at + timedelta(days=90),
    )


def _url_of(subject: str) -> str:
    """Where it can be looked at; a link, not an import."""
    what, _colon, number = subject.partition(":")
    if what not in _ROUTES or not number.isdigit():
        return ""
    try:
        return reverse(_ROUTES[what], args=[number, "-"] if what in _WITH_SLUG else [number])
    except NoReverseMatch:
        return ""


def points_by_family(fan: Fan, at: datetime) -> list[tuple[str, int]]:
    """Points of 90 days, by kind of contribution."""
    deeds = deeds_of([fan.pk], at).get(fan.pk, [])
    recent = [deed for deed in deeds if deed.effective_at > at - timedelta(days=90)]
    return [
        (str(family.label), sum(deed.points for deed in recent if deed.family == family))
        for family in Family
        if any(deed.family == family for deed in recent)
    ]


def runs_left(found: Assessment) -> int:
    """How many runs until a grace or a protection has ended, the next one included."""
    if found.standing is None or found.standing.state not in {
        StandingState.GRACE,
        StandingState.PROTECTED,
    }:
        return 0
    return max(0, GRACE_RUNS - found.runs_since + 1)
