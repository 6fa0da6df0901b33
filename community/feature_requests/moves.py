"""What became of a wish, a sentence for each step of its story."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from community.feature_requests.models import ON_THE_WAY, Status, StatusChange, StoryStep

Told = tuple[str, str]  # the kind of a line, and its words

# With the team that did it, and where none is known.
_BY_TEAM: dict[str, tuple[str, str | Promise, str | Promise]] = {
    Status.NEEDS_INFO: (
        "question",
        gettext_lazy("The %(team)s asked for more."),
        gettext_lazy("Its author was asked for more."),
    ),
    Status.PLANNED: (
        "planned",
        gettext_lazy("The %(team)s took it on and answered."),
        gettext_lazy("The company took it on and answered."),
    ),
    Status.IN_DEVELOPMENT: (
        "built",
        gettext_lazy("The %(team)s set to work."),
        gettext_lazy("Work on it began."),
    ),
    Status.DECLINED: (
        "declined",
        gettext_lazy("The %(team)s said no, and why."),
        gettext_lazy("The company said no, and why."),
    ),
}
_WITH_A_WEEK = (
    "planned",
    gettext_lazy("The %(team)s took it on and said when."),
    gettext_lazy("The company took it on and said when."),
)
_ANSWERED = (
    "answered",
    gettext_lazy("The %(team)s answered."),
    gettext_lazy("The company answered."),
)
_PLAIN: dict[str, tuple[str, str | Promise]] = {
    Status.CLOSED_STALE: ("closed", gettext_lazy("The question stayed unanswered for 30 days.")),
    Status.REOPENED: ("reopened", gettext_lazy("It was opened again.")),
    Status.WITHDRAWN: ("withdrawn", gettext_lazy("Its author took it back.")),
    Status.MERGED: (
        "merged",
        gettext_lazy("Another wish asks for the same; it is counted there."),
    ),
}


def told_of_change(change: StatusChange, build: StoryStep | None) -> Told | None:
    """None for a step that is no part of the story. `build` is what a shipping came with."""
    was, became = change.was, change.became
    if was == became:
        return None  # a week was named or moved
    if became == Status.SHIPPED:
        name = build.facts.get("name") if build else ""
        words = (
            _("It came with %(build)s.") % {"build": name} if name else _("It came with a build.")
        )
        return "shipped", words
    if became == Status.IN_TESTING:
        is_recall = was == Status.SHIPPED
        return ("recalled", _("The build it came with was recalled.")) if is_recall else None
    if became == Status.UNDER_REVIEW and was in ON_THE_WAY:
        return "returned", _("It was taken off the plan again.")
    if became in _PLAIN:
        kind, plain = _PLAIN[became]
        return kind, str(plain)
    return _by_team(change)


def _by_team(change: StatusChange) -> Told | None:
    known = _BY_TEAM.get(change.became)
    if change.became == Status.UNDER_REVIEW and change.response:
        known = _ANSWERED
    if change.became == Status.PLANNED and change.promised_for:
        known = _WITH_A_WEEK
    if known is None:
        return None
    kind, with_team, without = known
    return kind, str(with_team) % {"team": change.team.name} if change.team else str(without)


def told_of_judgement(facts: dict[str, Any]) -> str:
    """What those who voted for it say works (F8); few of them in words (O4)."""
    if "works" in facts:
        return _(
            "The verdict of those who asked for it:"
            " %(works)d works, %(partly)d partly, %(broken)d broken."
        ) % {key: facts[key] for key in ("works", "partly", "broken")}
    if facts.get("is_reopened"):
        return _("Most of the few who asked for it and answered say it is broken.")
    return _("A few of those who asked for it said how it works; too few for numbers.")


def told_of_verdict(facts: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    """The sentence, and the figures beside it; none of few reports (O4)."""
    figures = []
    loved, poor = facts.get("loved", 0), facts.get("not_good", 0)
    if loved:
        figures.append(_("%(count)d loved it most") % {"count": loved})
    if poor:
        figures.append(_("%(count)d found it not good enough") % {"count": poor})
    if facts.get("satisfaction") is not None:
        share = {"percent": round(facts["satisfaction"] * 100), "count": facts.get("count", 0)}
        figures.append(_("%(count)d reports, %(percent)d %% satisfied with the build") % share)
    if facts.get("is_awarded"):
        return _("Fans gave it the popcorn award."), tuple(figures)
    if loved:
        words = ngettext(
            "%(count)d fan loved it most that week.",
            "%(count)d fans loved it most that week.",
            loved,
        )
        return words % {"count": loved}, tuple(figures[1:])
    return _("Fans said in their reports how it turned out."), tuple(figures)
