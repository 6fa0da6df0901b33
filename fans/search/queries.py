"""What is asked of the index, before either engine's grammar."""

from __future__ import annotations

from dataclasses import dataclass

from fans.search.tokens import (
    LONGEST_WORD,
    is_unspaced,
    pairs_of,
    runs_of,
    scripts_of,
    stem_of,
)

WORDS_AT_MOST = 12
TERMS_AT_MOST = 40
SHORTEST_BEGINNING = 3


@dataclass(frozen=True)
class Phrase:
    """Tokens that follow one another; the last may be the beginning of one."""

    tokens: tuple[str, ...]
    is_beginning: bool = False


Word = tuple[Phrase, ...]  # any of them will do


def words_of(query: str) -> list[Word]:
    """All of these are asked for. What is being typed last may go on."""
    runs = runs_of(query)[:WORDS_AT_MOST]
    return [_word(run, is_last=run is runs[-1]) for run in runs]


def terms_of(text: str) -> list[Phrase]:
    """Any of these makes something like it: words by their stems, pairs of characters."""
    runs = runs_of(text)
    found: list[Phrase] = []
    for run in runs:
        if is_unspaced(run):
            found += [Phrase((pair,)) for script in scripts_of(run) for pair in pairs_of(script)]
        elif len(run) > 1:
            found.append(Phrase((stem_of(run[:LONGEST_WORD]),)))
    if runs and SHORTEST_BEGINNING <= len(runs[-1]) <= LONGEST_WORD and not is_unspaced(runs[-1]):
        found.append(Phrase((runs[-1],), is_beginning=True))
    found = found or [phrase for word in words_of(text) for phrase in word]
    return list(dict.fromkeys(found))[:TERMS_AT_MOST]


def _word(run: str, *, is_last: bool) -> Word:
    if not is_unspaced(run):
        word = run[:LONGEST_WORD]
        exact = Phrase((stem_of(word),))
        return (Phrase((word,), is_beginning=True), exact) if is_last else (exact,)
    return tuple(
        # One character alone begins the pairs it stands in, and is a token where a run ends.
        Phrase(tuple(pairs_of(script)) or (script,), is_beginning=len(script) == 1)
        for script in scripts_of(run)
    )
