"""What happened to a wish, in the order it did: for its page."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString, mark_safe

from community import markdown
from community.feature_requests.models import FeatureRequest, ProgressNote, Status, StatusChange

CHANGES_AT_MOST = 60
NOTES_AT_MOST = 30


@dataclass(frozen=True)
class Entry:
    """A step, or a note on the way."""

    happened_at: datetime
    change: StatusChange | None = None
    note: ProgressNote | None = None
    moved_from: str = ""  # the week that was promised before this step

    @property
    def said(self) -> str:
        """In the company's own words."""
        if self.change:
            return self.change.response
        return self.note.words if self.note else ""

    @property
    def language(self) -> str:
        return markdown.language_of(self.said or (self.change.reason_words if self.change else ""))

    @property
    def html(self) -> SafeString:
        return mark_safe(markdown.render(self.said).html)  # cleaned by the renderer

    @property
    def only_names_a_week(self) -> bool:
        return self.change is not None and self.change.was == self.change.became


def timeline(wish: FeatureRequest) -> list[Entry]:
    """Steps and notes, oldest first. Two queries."""
    changes = wish.status_changes.select_related("team").order_by("-pk")[:CHANGES_AT_MOST]
    notes = wish.progress_notes.select_related("team").order_by("-pk")[:NOTES_AT_MOST]
    entries = [Entry(note.written_at, note=note) for note in reversed(notes)]
    promised = ""
    for change in reversed(changes):
        before = promised if change.promised_for else ""
        entries.append(Entry(change.changed_at, change=change, moved_from=before))
        promised = change.promised_for or promised
        if change.was == Status.SHIPPED and change.became == Status.REOPENED:
            promised = ""  # that one was met
    return sorted(entries, key=lambda entry: entry.happened_at)


def official_answer(entries: list[Entry]) -> Entry | None:
    """The newest words of the company."""
    answers = (entry for entry in reversed(entries) if entry.change and entry.change.response)
    return next(answers, None)
