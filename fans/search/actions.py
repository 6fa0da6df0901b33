from collections.abc import Iterable
from dataclasses import asdict, dataclass

from fans.search.models import SearchEntry
from fans.search.tokens import tokens_of

_KEPT = ["title", "url", "language", "audience", "version", "title_tokens", "word_tokens"]


@dataclass(frozen=True)
class Text:
    """One thing as it is to be found."""

    kind: str
    key: int
    title: str
    words: str  # everything else it says, without markup
    url: str
    language: str
    audience: str
    version: int = 0


def index(texts: Iterable[Text]) -> None:
    """Let these be found, as they read now. Again is the same as once."""
    SearchEntry.objects.bulk_create(
        [_entry(text) for text in texts],
        update_conflicts=True,
        unique_fields=["kind", "key"],
        update_fields=_KEPT,
        batch_size=200,
    )


def forget(*, kind: str, keys: Iterable[int]) -> None:
    """Let these be found no longer."""
    SearchEntry.objects.filter(kind=kind, key__in=keys).delete()


def _entry(text: Text) -> SearchEntry:
    fields = asdict(text)
    words = fields.pop("words")
    return SearchEntry(
        **fields,
        title_tokens=" ".join(tokens_of(text.title)),
        word_tokens=" ".join(tokens_of(words)),
    )
