"""What staff do in a week, step by step, and the one thing that is next (U-T8)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from community.fridays.actions.planning import MOST_PICKS
from community.fridays.actions.releases import missing_in
from community.fridays.models import WAITS_FOR_A_BUILD, CycleState, Grid, Release, ReleaseState
from community.fridays.running import Running, stopping
from community.fridays.times import snapshot_at

MISSING = {
    "version": gettext_lazy("the version"),
    "cycle": gettext_lazy("the week"),
    "notes": gettext_lazy("the notes"),
    "known_defects": gettext_lazy("the known defects, or that there are none"),
    "items": gettext_lazy("what is in it"),
}


class Mark(TextChoices):
    DONE = "done", gettext_lazy("done")
    DUE = "due", pgettext_lazy("a step", "due")
    BLOCKED = "blocked", gettext_lazy("held up")
    OPEN = "open", gettext_lazy("if you like")
    LATER = "later", gettext_lazy("later")
    OVER = "over", gettext_lazy("over")


@dataclass(frozen=True)
class Check:
    """One thing a step hangs on: how it stands, why, and where it is done."""

    mark: Mark
    words: str
    label: str = ""
    url: str = ""

    @property
    def is_due(self) -> bool:
        return self.mark in {Mark.DUE, Mark.BLOCKED}


@dataclass(frozen=True)
class Step:
    title: str
    at: datetime
    has_begun: bool
    is_done: bool
    is_now: bool
    checks: list[Check] = field(default_factory=list)


@dataclass(frozen=True)
class NextStep:
    """The one thing to do; without an address, what is waited for."""

    words: str
    label: str = ""
    url: str = ""
    until: datetime | None = None

    @property
    def is_due(self) -> bool:
        return bool(self.url)


def steps_of(week: Running, at: datetime) -> list[Step]:
    cycle = week.cycle
    begun = [
        cycle.released_at is not None,
        cycle.snapshot_at is not None,
        cycle.held_at is not None,
        cycle.held_at is not None and at >= cycle.report_closes_at,
        cycle.frozen_at is not None,
        cycle.published_at is not None,
        cycle.closed_at is not None,
    ]
    now = max(begun.index(False) - 1, 0) if False in begun else len(begun)
    plan = [
        (_("The build"), cycle.released_at or cycle.release_target_at, _build(week, at)),
        (_("The choice of the week"), cycle.snapshot_at or snapshot_at(cycle.friday), _choice(week, at)),
        (_("Report and ballot"), cycle.report_opens_at, _reports(week)),
        (_("Late window"), cycle.report_closes_at, []),
        (_("Counted, a draft for you"), cycle.frozen_at or cycle.late_closes_at, _counted(week)),
        (_("The results"), cycle.published_at or cycle.publish_at, _publication(week, at)),
        (_("The end of the week"), cycle.closed_at or cycle.close_at, []),
    ]  # fmt: skip
    return [
        Step(
            title,
            when,
            has_begun=begun[place],
            is_done=begun[place] if cycle.has_ended else place < now,
            is_now=place == now and not cycle.has_ended,
            checks=list(checks),
        )
        for place, (title, when, checks) in enumerate(plan)
    ]


def next_step_of(week: Running, steps: list[Step], at: datetime) -> NextStep:
    """The first thing that is due in the order of the week; else what comes by itself, and when."""
    cycle = week.cycle
    for step in steps:
        for check in step.checks:
            if check.is_due:
                until = _deadline(week, at, is_build=step is steps[0])
                return NextStep(check.words, check.label, check.url, until)
    if cycle.state == CycleState.SKIPPED:
        return NextStep(_("This week is skipped: %(why)s") % {"why": cycle.reason_words})
    if cycle.state == CycleState.CLOSED:
        return NextStep(_("Everything of this week is done."))
    coming = next((step for step in steps if not step.has_begun and step.at > at), None)
    if coming is None:
        return NextStep(_("Nothing to do."))
    said = coming.checks[0].words if coming.checks else f"{coming.title}."
    return NextStep(f"{_('Nothing to do.')} {said}", until=coming.at)


def _deadline(week: Running, at: datetime, *, is_build: bool) -> datetime | None:
    cycle = week.cycle
    if is_build:
        is_late = at >= cycle.release_target_at
        return cycle.skip_deadline_at if is_late else cycle.release_target_at
    until = cycle.publish_at
    return until if cycle.published_at is None and until > at else None


def _build(week: Running, at: datetime) -> Iterator[Check]:
    cycle = week.cycle
    if out := week.newest(ReleaseState.PUBLISHED):
        yield _at_build(Mark.DONE, _("%(name)s is out."), out)
    elif cycle.state not in WAITS_FOR_A_BUILD or at >= cycle.skip_deadline_at:
        if cycle.withdrawn_at is not None:
            said = _("The build is recalled: %(why)s") % {"why": cycle.reason_words}
            yield Check(Mark.OVER, said)
    elif cycle.held_at is not None:
        yield Check(Mark.OVER, _("Recalled after its form had opened: what was said is counted."))
    else:
        yield _coming_build(week)


def _coming_build(week: Running) -> Check:
    if ready := week.newest(ReleaseState.READY):
        if wishes := stopping(ready):
            words = _("%(name)s cannot go out: these wishes are not on the way: %(wishes)s.")
            names = pgettext("between names", ", ").join(wishes)
            return _at_build(Mark.BLOCKED, words, ready, _("Look at it"), wishes=names)
        return _at_build(Mark.DONE, _("%(name)s is ready and goes out by itself."), ready)
    if draft := week.newest(ReleaseState.DRAFT) or week.loose:
        between = pgettext("between names", ", ")
        missing = between.join(str(MISSING[name]) for name in missing_in(draft))
        if missing:
            words = _("%(name)s is a draft. Still missing: %(missing)s.")
            return _at_build(Mark.DUE, words, draft, _("Complete it"), missing=missing)
        words = _("%(name)s is a draft, and nothing is missing.")
        return _at_build(Mark.DUE, words, draft, _("Make it ready"))
    return Check(
        Mark.DUE,
        _("Write down what the build of the week brings."),
        _("Write it down"),
        reverse("staff_release_new", args=[week.cycle.product.slug]),
    )


def _at_build(mark: Mark, words: str, build: Release, label: str = "", **said: str) -> Check:
    return Check(
        mark,
        words % {"name": build.version, **said},
        label or _("The build"),
        reverse("staff_release", args=[build.pk]),
    )


def _choice(week: Running, at: datetime) -> Iterator[Check]:
    cycle, chosen = week.cycle, len(week.picks)
    board = reverse("staff_planning", args=[cycle.pk])
    if cycle.snapshot_at is None:
        words = _(
            "Three days after the release day, at 10:00, the vote board is kept; five wishes are chosen from it."
        )
        yield Check(Mark.LATER, words, _("The board as it stands"), board)
        return
    if not chosen:
        mark = Mark.DUE if at < cycle.publish_at else Mark.OVER
        words = (
            _("Choose the wishes of the week, five at most.")
            if mark == Mark.DUE
            else _("Nothing was chosen.")
        )
        yield Check(mark, words, _("Choose"), board)
        return
    words = ngettext("%(count)d of %(most)d chosen.", "%(count)d of %(most)d chosen.", chosen)
    yield Check(Mark.DONE, words % {"count": chosen, "most": MOST_PICKS}, _("The choice"), board)
    if silent := week.unanswered_picks:
        words = ngettext(
            "%(count)d chosen wish waits for your written answer before it is planned.",
            "%(count)d chosen wishes wait for your written answer before they are planned.",
            silent,
        )
        mark = Mark.DUE if at < cycle.close_at else Mark.OVER
        yield Check(mark, words % {"count": silent}, _("Answer"), board)


def _reports(week: Running) -> Iterator[Check]:
    if week.cycle.held_at is None:
        return
    words = ngettext("%(count)d report", "%(count)d reports", week.report_count)
    said = words % {"count": week.report_count}
    if week.late_count:
        late = ngettext("%(count)d of them late", "%(count)d of them late", week.late_count)
        said += pgettext("between clauses", ", ") + late % {"count": week.late_count}
    yield Check(Mark.DONE if week.cycle.frozen_at else Mark.LATER, said)


def _counted(week: Running) -> Iterator[Check]:
    cycle = week.cycle
    if cycle.frozen_at is None:
        if cycle.held_at is not None:
            yield Check(
                Mark.LATER, _("Until then nobody reads a word of it, so that nobody steers.")
            )
        return
    if cycle.paid_at is None or cycle.passed_on_at is None:
        yield Check(Mark.LATER, _("Points and complaints are on their way to people and desks."))
    if cycle.reviewed_at is None:
        if cycle.published_at is None:
            words = _("The figures are counted. Look at them, and say that you did.")
            yield Check(Mark.DUE, words, _("The draft"), _results(week))
    else:
        said = _("%(name)s looked at the figures.") % {"name": cycle.reviewed_by}
        yield Check(Mark.DONE, said, _("The figures"), _results(week))
    yield from _answers(week)
    yield _quotations(week)


def _answers(week: Running) -> Iterator[Check]:
    if not week.complaint_count:
        return
    is_all = week.answer_count >= week.complaint_count
    yield Check(
        Mark.DONE if is_all else Mark.DUE,
        _("%(answered)d of the %(count)d biggest complaints are answered.")
        % {"answered": week.answer_count, "count": week.complaint_count},
        _("The answers") if is_all else _("Answer"),
        reverse("staff_complaints", args=[week.cycle.pk]),
    )


def _quotations(week: Running) -> Check:
    loved, not_good = week.quoted.get(Grid.LOVED, 0), week.quoted.get(Grid.NOT_GOOD, 0)
    url = reverse("staff_words", args=[week.cycle.pk])
    if not loved and not not_good:
        return Check(Mark.OPEN, _("No sentence of a fan is chosen yet."), _("The words"), url)
    said = _("Quoted: %(not_good)d of not good enough, %(loved)d of loved.")
    said %= {"not_good": not_good, "loved": loved}
    if loved > not_good:
        hidden = ngettext(
            "%(count)d of loved is not shown: something else was taken back.",
            "%(count)d of loved are not shown: something else was taken back.",
            loved - not_good,
        ) % {"count": loved - not_good}
        return Check(Mark.DUE, f"{said} {hidden}", _("The words"), url)
    return Check(Mark.DONE, said, _("The words"), url)


def _publication(week: Running, at: datetime) -> Iterator[Check]:
    cycle = week.cycle
    if cycle.published_at is not None:
        yield Check(Mark.DONE, _told(week), _("The results"), _results(week))
    elif cycle.hold_at is not None:
        words = _("The figures are held back: %(why)s") % {"why": cycle.hold_reason}
        page = reverse("staff_week", args=[cycle.pk])
        yield Check(
            Mark.BLOCKED if cycle.frozen_at else Mark.LATER, words, _("Decide"), f"{page}#results"
        )
    elif cycle.frozen_at is not None:
        yield Check(Mark.LATER, _("They go out by themselves.") + " " + _told(week))


def _told(week: Running) -> str:
    words = ngettext(
        "%(count)d person who reported is told.",
        "%(count)d people who reported are told.",
        week.report_count,
    )
    return words % {"count": week.report_count}


def _results(week: Running) -> str:
    return reverse("results", args=[week.cycle.product.slug, week.cycle.week])
