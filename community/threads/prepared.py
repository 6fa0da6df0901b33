"""Questions put together once, for pages that are asked for all the time.

Putting a question together costs Django ten times what answering it costs the database, so its
SQL is kept for each kind of reader, with places for what changes from one request to the next.
The database is asked every time.
"""

import copy
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

from community.threads.models import audiences_of
from fans.accounts.models import Fan, Reader

# No row has these numbers; they stand for the ones that are asked about.
FAN = -(2**40) - 1
_FIRST_OF_MANY = -(2**41)
KEPT_AT_MOST = 1_000


class _Question(NamedTuple):
    sql: str
    values: tuple[Any, ...]
    compiler: SQLCompiler
    converters: Any


_kept: dict[Hashable, _Question] = {}


def ask(
    kind: Hashable, question: Callable[[], QuerySet[Any, Any]], given: Mapping[Any, Any]
) -> list[Any]:
    """The rows of `question`, which is put together once for each `kind`. What stands in it for
    something else is a key of `given`; all else in it must follow from `kind`.
    """
    kind = (connection.vendor, kind)
    known = _kept.get(kind)
    if known is None:
        if len(_kept) >= KEPT_AT_MOST:
            _kept.clear()
        known = _kept[kind] = _put_together(question())
    with connection.cursor() as cursor:
        cursor.execute(known.sql, [given.get(value, value) for value in known.values])
        found: list[Any] = cursor.fetchall()
    if known.converters:
        return list(known.compiler.apply_converters(found, known.converters))
    return found


def _put_together(question: QuerySet[Any, Any]) -> _Question:
    compiler = question.query.get_compiler(connection=connection)
    sql, values = compiler.as_sql()
    converters = compiler.get_converters([column[0] for column in compiler.select or []])
    return _Question(sql, tuple(values), compiler, converters)


def many(numbers: Sequence[int]) -> dict[int, int]:
    """Something to stand for each of these numbers; how many they are belongs to the kind."""
    return {_FIRST_OF_MANY - place: number for place, number in enumerate(numbers)}


def kind_of(reader: Reader) -> Hashable:
    """All that `visible_to` asks of a reader, but for who they are."""
    if not isinstance(reader, Fan):
        return "guest"
    return (*audiences_of(reader), reader.moderation_scopes)


def stand_in(reader: Reader) -> Reader:
    """A reader of the same kind whose number is `FAN`."""
    if not isinstance(reader, Fan):
        return reader
    somebody = copy.copy(reader)
    somebody.pk = FAN
    return somebody
