"""What happened to a wish, in the order it did: for its page and its story."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from community import markdown
from community.feature_requests.models import FeatureRequest, ProgressNote, StatusChange, StoryStep

CHANGES_AT_MOST = 60
NOTES_AT_MOST = 30


@dataclass(frozen=True)
class Entry:
    """A step, or a note on the way."""

    happened_at: datetime
    change: StatusChange | None = None
    note: ProgressNote | None = None

    @property
    def said(self) -> str:
        if self.change:
            return self.change.response or self.change.reason
        return self.note.words if self.note else ""

    @property
    def language(self) -> str:
        return markdown.language_of(self.said)

    @property
    def html(self) -> SafeString:
        return mark_safe(markdown.render(self.said).html)  # cleaned by the renderer


@dataclass(frozen=True)
class Line:
    """One line of the story."""

    happened_at: datetime
    words: str
    url: str = ""
    said: str = ""

    @property
    def language(self) -> str:
        return markdown.language_of(self.said)


def timeline(wish: FeatureRequest) -> list[Entry]:
    """Steps and notes, oldest first. Two queries."""
    changes = wish.status_changes.select_related("team").order_by("-pk")[:CHANGES_AT_MOST]
    notes = wish.progress_notes.select_related("team").order_by("-pk")[:NOTES_AT_MOST]
    entries = [
        *(Entry(change.changed_at, change=change) for change in reversed(changes)),
        *(Entry(note.written_at, note=note) for note in reversed(notes)),
    ]
    return sorted(entries, key=lambda entry: entry.happened_at)


def official_answer(entries: list[Entry]) -> Entry | None:
    """The newest words of the company."""
    answers = (entry for entry in reversed(entries) if entry.change and entry.change.response)
    return next(answers, None)


def story(wish: FeatureRequest) -> list[Line]:
    """From the first voice to the verdict, a line each; what several rooms wrote down."""
    steps = wish.story_steps.order_by("happened_at", "pk")[:CHANGES_AT_MOST]
    told = {"asked": "submitted", "planned": "planned", "shipped": "shipped"}
    lines = [
        Line(step.happened_at, _words_of(step, wish), step.url)
        for step in steps
        if step.kind not in told
    ]
    urls = {told[step.kind]: step.url for step in steps if step.kind in told}
    for entry in timeline(wish):
        change = entry.change
        url = urls.get(change.became, "") if change else ""
        team = (change.team if change else entry.note and entry.note.team) or ""
        name = change.get_became_display() if change else _("Progress")
        words = f"{name} · {team}" if team else str(name)
        lines.append(Line(entry.happened_at, words, url, entry.said))
    return sorted(lines, key=lambda line: line.happened_at)


def _words_of(step: StoryStep, wish: FeatureRequest) -> str:
    facts = step.facts
    match step.kind:
        case "paper":
            return _("%(count)s voices on paper") % {"count": facts.get("count", "")}
        case "recalled":
            return _("The release was withdrawn")
        case "verdict":
            return _("The verdict of the fans")
        case "credited":
            return _("Credited")
        case "room":
            return _("Argued in a room")
        case _:
            return str(facts.get("title") or wish.title)
