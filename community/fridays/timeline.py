"""Where a week stands, for people: its phases, the one they are in, what can be done now."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from community.fridays.models import Cycle, CycleState


@dataclass(frozen=True)
class Phase:
    title: Promise
    says: Promise
    begins_at: datetime
    ends_at: datetime | None
    is_done: bool
    is_now: bool


_WORDS = (
    (_("The build comes"), _("What is new, improved and fixed; whose wish it was.")),
    (
        _("You use it"),
        _("Three days on, the wishes of the week are chosen from the vote board."),
    ),
    (
        _("Report and ballot"),
        _("Four grids in three minutes, and one vote for the popcorn award."),
    ),
    (_("Late window"), _("The report still counts, marked as late. The ballot is closed.")),
    (_("Counting"), _("Nothing changes any more. The team reads every word.")),
    (_("The results"), _("Figures, the award, and the names of those who asked.")),
)


_COUNTED = 4  # the place of the first that still comes after a recall


def phases_of(cycle: Cycle, at: datetime) -> list[Phase]:
    """By the stored times, like the form itself (O1); of a recalled build only its count."""
    if cycle.withdrawn_at and not cycle.held_at:
        return []
    starts = [
        cycle.release_target_at,
        cycle.released_at or cycle.release_target_at,
        cycle.report_opens_at,
        cycle.report_closes_at,
        cycle.late_closes_at,
        cycle.published_at or cycle.publish_at,
    ]
    ends = [None, *starts[2:], cycle.close_at]
    now = _current(cycle, at)
    return [
        Phase(*_WORDS[place], starts[place], ends[place], place < now, place == now)
        for place in range(_COUNTED if cycle.withdrawn_at else 0, len(starts))
    ]


def _current(cycle: Cycle, at: datetime) -> int:
    if cycle.released_at is None:
        return 0
    if cycle.published_at is not None:
        return 5
    boundaries = [cycle.report_opens_at, cycle.report_closes_at, cycle.late_closes_at]
    return 1 + sum(at >= boundary for boundary in boundaries)


@dataclass(frozen=True)
class Due:
    """What a fan can do with a week now, or what they wait for."""

    words: Promise
    until: datetime | None = None
    route: str = ""
    label: Promise | str = ""


def due_now(cycle: Cycle, at: datetime) -> Due | None:
    """None where nothing is due any more: skipped, recalled, closed."""
    if cycle.takes_ballots(at):
        return Due(
            _("Report and ballot close"), cycle.report_closes_at, "report", _("File my report")
        )
    if cycle.takes_reports(at):
        return Due(
            _("You can still report. The late window closes"),
            cycle.late_closes_at,
            "report",
            _("File it late"),
        )
    if cycle.state in {CycleState.SKIPPED, CycleState.WITHDRAWN}:
        return None
    if cycle.published_at is not None:
        return Due(_("The results are out."), None, "results", _("Read the results"))
    if cycle.released_at is None and at < cycle.release_target_at:
        return Due(_("The build comes"), cycle.release_target_at)
    if cycle.released_at is None:
        return Due(_("The build is late. The week is skipped without one"), cycle.skip_deadline_at)
    if at < cycle.report_opens_at:
        return Due(_("The report opens"), cycle.report_opens_at)
    if cycle.is_delayed(at):
        return Due(_("The results are delayed."))
    return Due(_("The results come"), cycle.publish_at)


_PILLS = {
    CycleState.COLLECTING: "is-ok",
    CycleState.LATE_WINDOW: "is-warn",
    CycleState.PUBLISHED: "is-info",
    CycleState.SKIPPED: "",
    CycleState.WITHDRAWN: "is-bad",
}


def pill_of(cycle: Cycle) -> str:
    return _PILLS.get(CycleState(cycle.state), "")
