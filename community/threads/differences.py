"""What changed between two texts, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

# A run of spaces, a word of Latin letters or digits, or one character of any other kind:
# Chinese has no spaces to go by.
_PIECE = re.compile(r"\s+|[0-9A-Za-z\u00c0-\u024f'’_-]+|.", re.DOTALL)
EXACT_PIECES = 1000
MOST_PIECES = 3000  # comparing costs their square; longer texts are compared line by line


@dataclass(frozen=True)
class Difference:
    kind: str  # "same", "added" or "gone"
    text: str


def difference(before: str, after: str) -> list[Difference]:
    """The later text with what was added, and what went, in their places."""
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    if max(len(old), len(new)) > MOST_PIECES:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    return list(_joined(_steps(old, new)))


def _steps(old: list[str], new: list[str]) -> Iterator[Difference]:
    start, end = _shared_ends(old, new)
    middle_old, middle_new = old[start : len(old) - end], new[start : len(new) - end]
    yield Difference("same", "".join(new[:start]))
    # In long texts frequent words are left aside as anchors: it is coarser, and stays quick.
    is_long = max(len(middle_old), len(middle_new)) > EXACT_PIECES
    matcher = SequenceMatcher(None, middle_old, middle_new, autojunk=is_long)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            yield Difference("same", "".join(middle_new[new_from:new_to]))
        else:
            yield Difference("gone", "".join(middle_old[old_from:old_to]))
            yield Difference("added", "".join(middle_new[new_from:new_to]))
    yield Difference("same", "".join(new[len(new) - end :]))


def _shared_ends(old: list[str], new: list[str]) -> tuple[int, int]:
    """How many pieces both begin, and both end with: most edits are small."""
    shortest = min(len(old), len(new))
    start = next((i for i in range(shortest) if old[i] != new[i]), shortest)
    left = shortest - start
    end = next((i for i in range(left) if old[-1 - i] != new[-1 - i]), left)
    return start, end


def _joined(steps: Iterator[Difference]) -> Iterator[Difference]:
    kept: Difference | None = None
    for step in filter(lambda step: step.text, steps):
        if kept is not None and kept.kind == step.kind:
            kept = Difference(kept.kind, kept.text + step.text)
            continue
        if kept is not None:
            yield kept
        kept = step
    if kept is not None:
        yield kept
