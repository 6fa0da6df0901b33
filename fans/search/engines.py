# ruff: noqa: S608 -- tables and columns are ours, tokens hold nothing but letters and digits
"""The same questions in the grammar of each engine."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import connection

from fans.search.fulltext import ENTRIES, INDEX
from fans.search.queries import Phrase, Word

_ALL_ON_SQLITE = f"(SELECT COUNT(*) FROM {ENTRIES})"
_ALL_ON_POSTGRES = (
    f"(SELECT GREATEST(reltuples, (SELECT COUNT(*) FROM (SELECT 1 FROM {ENTRIES} LIMIT 1000) AS few))"
    f" FROM pg_class WHERE oid = '{ENTRIES}'::regclass)"
)
COMMON = 2000  # what more entries hold than this is common: it is not counted to the end


@dataclass(frozen=True)
class Branch:
    """Entries that hold all these words, each for so many points."""

    words: Sequence[Word]
    points: float
    in_title: bool = False  # all of them
    limit: int = 0  # only so many, of whichever the engine comes to first; 0: all
    newest_first: bool = False  # dear where there are many


def ranked(
    branches: Sequence[Branch],
    *,
    kind: str,
    audiences: Collection[str],
    limit: int,
) -> list[tuple[int, float]]:
    """Keys with their points, most first, the newest first among equals."""
    if not branches or not audiences:
        return []
    asked: list[str] = []
    parameters: list[str | int | float] = []
    for branch in branches:
        matches, values = _matches(branch)
        sql = (
            f"SELECT e.key, CAST(%s AS REAL) AS points FROM {_source()} WHERE {matches} "
            f"AND e.kind = %s AND e.audience IN ({_places(audiences)})"
        )
        parameters += [branch.points, *values, kind, *audiences]
        if branch.newest_first:
            sql += f" ORDER BY {_number()} DESC"
        if branch.limit:
            sql += f" LIMIT {int(branch.limit)}"
        asked.append(f"SELECT * FROM ({sql}) AS branch")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT key, SUM(points) AS points FROM ({' UNION ALL '.join(asked)}) AS hits "
            "GROUP BY key ORDER BY points DESC, key DESC LIMIT %s",
            [*parameters, limit],
        )
        return [(key, float(points)) for key, points in cursor.fetchall()]


def entry_counts(terms: Sequence[Phrase]) -> tuple[dict[Phrase, int], int]:
    """In how many entries each stands, and of how many in all: about, where it is many."""
    return _counts_on_postgres(terms) if _is_postgres() else _counts_on_sqlite(terms)


def _is_postgres() -> bool:
    return connection.vendor == "postgresql"


def _source() -> str:
    return f"{ENTRIES} e" if _is_postgres() else f"{INDEX} i JOIN {ENTRIES} e ON e.id = i.rowid"


def _number() -> str:
    return "e.id" if _is_postgres() else "i.rowid"


def _places(values: Collection[object]) -> str:
    return ", ".join(["%s"] * len(values))


def _matches(branch: Branch) -> tuple[str, list[str]]:
    if not _is_postgres():
        query = " AND ".join(f"({' OR '.join(map(_fts5, word))})" for word in branch.words)
        return f"{INDEX} MATCH %s", [f"{{title_tokens}} : ({query})" if branch.in_title else query]
    query = " & ".join(f"({' | '.join(map(_tsquery, word))})" for word in branch.words)
    columns = ["lexemes", "title_lexemes"] if branch.in_title else ["lexemes"]
    asked = [f"e.{column} @@ to_tsquery('simple', %s)" for column in columns]
    return " AND ".join(asked), [query] * len(columns)


# Tokens are letters, digits and their marks: nothing in them is grammar.


def _fts5(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.tokens)}"' + (" *" if phrase.is_beginning else "")


def _tsquery(phrase: Phrase) -> str:
    quoted = [f"'{token}'" for token in phrase.tokens]
    return f"({' <-> '.join(quoted)}{':*' if phrase.is_beginning else ''})"


def _counts_on_sqlite(terms: Sequence[Phrase]) -> tuple[dict[Phrase, int], int]:
    one = f"(SELECT SUM(doc) FROM {INDEX}_terms WHERE term >= %s AND term <= %s)"
    last = "\U0010ffff"
    bounds: list[str] = []
    for term in terms:
        token = term.tokens[0]
        bounds += [token, token + last if term.is_beginning else token]
    return _counts(terms, [one] * len(terms), bounds)


def _counts_on_postgres(terms: Sequence[Phrase]) -> tuple[dict[Phrase, int], int]:
    """What is common the database knows from its statistics; the rest is counted, up to a point."""
    known = _common_on_postgres([term.tokens[0] for term in terms if not term.is_beginning])
    rest = [term for term in terms if term.is_beginning or term.tokens[0] not in known]
    one = (
        f"(SELECT COUNT(*) FROM (SELECT 1 FROM {ENTRIES} "
        f"WHERE lexemes @@ to_tsquery('simple', %s) LIMIT {COMMON + 1}) AS held)"
    )
    counts, total = _counts(rest, [one] * len(rest), [_tsquery(term) for term in rest])
    shares = {term: known[term.tokens[0]] for term in terms if term not in counts}
    return counts | {term: round(share * total) for term, share in shares.items()}, total


def _common_on_postgres(tokens: Sequence[str]) -> dict[str, float]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT token, share FROM pg_stats, "
            "UNNEST(most_common_elems::text::text[], most_common_elem_freqs) AS known(token, share) "
            "WHERE schemaname = CURRENT_SCHEMA() AND tablename = %s AND attname = 'lexemes' "
            "AND token = ANY(%s)",
            [ENTRIES, list(tokens)],
        )
        return dict(cursor.fetchall())


def _counts(
    terms: Sequence[Phrase], asked: Sequence[str], parameters: Sequence[str]
) -> tuple[dict[Phrase, int], int]:
    columns = ", ".join([_ALL_ON_POSTGRES if _is_postgres() else _ALL_ON_SQLITE, *asked])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}", parameters)
        total, *counts = cursor.fetchone()
    return dict(zip(terms, [count or 0 for count in counts], strict=True)), round(total)
