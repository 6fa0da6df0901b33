"""`@handle` in words, never in code or in a link."""

import re
from collections.abc import Iterable, Iterator, Mapping

from markdown_it.token import Token

# Chinese goes on without a space, an e-mail address has one of these before its @.
_MENTION = re.compile(r"(?<![A-Za-z0-9_@/.+-])@([A-Za-z0-9_-]{3,30})(?![A-Za-z0-9_-])")


def mentioned(parts: Iterable[Token]) -> tuple[str, ...]:
    """Handles that stand in the words, lower-case, in order, each once."""
    return tuple(
        dict.fromkeys(
            found[1].lower() for part in _words(parts) for found in _MENTION.finditer(part.content)
        )
    )


def with_mentions(parts: Iterable[Token], handles: Mapping[str, str]) -> Iterator[Token]:
    """Link those handles that somebody has, given lower-case with their true spelling."""
    everything = list(parts)
    words = set(map(id, _words(everything))) if handles else set()
    for part in everything:
        if id(part) in words:
            yield from _linked(part.content, handles)
        else:
            yield part


def _words(parts: Iterable[Token]) -> Iterator[Token]:
    depth = 0
    for part in parts:
        depth += (part.type == "link_open") - (part.type == "link_close")
        if part.type == "text" and not depth:
            yield part


def _linked(text: str, handles: Mapping[str, str]) -> Iterator[Token]:
    end = 0
    for found in _MENTION.finditer(text):
        handle = handles.get(found[1].lower())
        if handle is None:
            continue
        yield Token("text", "", 0, content=text[end : found.start()])
        yield Token("link_open", "a", 1, attrs={"href": f"/fans/{handle}/", "class": "mention"})
        yield Token("text", "", 0, content=f"@{handle}")
        yield Token("link_close", "a", -1)
        end = found.end()
    yield Token("text", "", 0, content=text[end:])
