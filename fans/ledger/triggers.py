"""The database itself refuses to change what was written down for good (L1)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections

WRITTEN_ONCE = ("fans_auditentry", "fans_contribution", "fans_giving", "fans_tierchange")
_VERBS = ("update", "delete")

_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION fans_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is written once', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


def put_up(using: str = "default") -> None:
    """Put the triggers on every table that has none. Doing it twice is doing it once."""
    connection = connections[using]
    present = triggers(using)
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) & set(WRITTEN_ONCE)
        missing = [
            (table, verb)
            for table in sorted(tables)
            for verb in _VERBS
            if f"{table}_no_{verb}" not in present
        ]
        if missing and connection.vendor == "postgresql":
            cursor.execute(_POSTGRES_FUNCTION)
        for table, verb in missing:
            cursor.execute(_statement(connection.vendor, table, verb))


def _statement(vendor: str, table: str, verb: str) -> str:
    head = f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table}"
    if vendor == "postgresql":
        return f"{head} FOR EACH ROW EXECUTE FUNCTION fans_written_once()"
    return f"{head} BEGIN SELECT RAISE(ABORT, '{table} is written once'); END"


def take_down(using: str = "default") -> None:
    connection = connections[using]
    present = triggers(using)
    with connection.cursor() as cursor:
        for table in WRITTEN_ONCE:
            for verb in _VERBS:
                name = f"{table}_no_{verb}"
                if name in present:
                    on = f" ON {table}" if connection.vendor == "postgresql" else ""
                    cursor.execute(f"DROP TRIGGER {name}{on}")


def triggers(using: str = "default") -> set[str]:
    """The names of those triggers that are in place."""
    connection = connections[using]
    asked = (
        r"SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE '%%\_no\_%%'"
        if connection.vendor == "postgresql"
        else r"SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%%\_no\_%%' ESCAPE '\'"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked, [])
        return {name for (name,) in cursor.fetchall()}


@contextmanager
def lifted(using: str = "default") -> Iterator[None]:
    """For whoever empties a whole database; afterwards everything is written once again."""
    take_down(using)
    try:
        yield
    finally:
        put_up(using)


def after_migrate(*, using: str, **kwargs: Any) -> None:
    """The one signal in the code: SQLite drops triggers whenever a migration rebuilds a table,
    and only Django knows when that was.
    """
    put_up(using)
