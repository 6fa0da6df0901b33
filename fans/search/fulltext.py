# ruff: noqa: S608 -- nothing here comes from anybody
"""The full-text index of the database itself: FTS5 on SQLite, a GIN index on PostgreSQL.

On SQLite it is a second table over the same tokens, kept by triggers: whatever writes to an entry
or takes it away, and whatever rolls that back, the index follows. On PostgreSQL generated columns
do the same.
"""

from typing import Any

from django.db import connections

ENTRIES = "fans_searchentry"
INDEX = "fans_searchindex"
_COLUMNS = "title_tokens, word_tokens"
_OLD = (
    f"INSERT INTO {INDEX} ({INDEX}, rowid, {_COLUMNS}) "
    "VALUES ('delete', old.id, old.title_tokens, old.word_tokens);"
)
_NEW = (
    f"INSERT INTO {INDEX} (rowid, {_COLUMNS}) VALUES (new.id, new.title_tokens, new.word_tokens);"
)
_TRIGGERS = {"insert": _NEW, "delete": _OLD, "update": f"{_OLD} {_NEW}"}
_SQLITE = (
    f"CREATE VIRTUAL TABLE {INDEX} USING fts5({_COLUMNS}, content='{ENTRIES}', content_rowid='id', "
    "tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* M* Co'\")",
    f"CREATE VIRTUAL TABLE {INDEX}_terms USING fts5vocab({INDEX}, row)",
    f"INSERT INTO {INDEX} ({INDEX}) VALUES ('rebuild')",
)
_POSTGRES = (
    f"ALTER TABLE {ENTRIES} ADD COLUMN title_lexemes tsvector GENERATED ALWAYS AS "
    "(to_tsvector('simple', title_tokens)) STORED, ADD COLUMN lexemes tsvector GENERATED ALWAYS AS "
    "(to_tsvector('simple', title_tokens) || to_tsvector('simple', word_tokens)) STORED",
    f"CREATE INDEX {INDEX} ON {ENTRIES} USING gin (lexemes)",
)


def put_up(using: str = "default") -> None:
    """Make the index, and whatever keeps it, where it is missing. Twice is the same as once."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        if ENTRIES not in tables:
            return  # a migration before it
        if connection.vendor == "postgresql":
            cursor.execute("SELECT to_regclass(%s) IS NULL", [INDEX])
            if cursor.fetchone()[0]:
                for statement in _POSTGRES:
                    cursor.execute(statement)
            return
        for statement in () if INDEX in tables else _SQLITE:
            cursor.execute(statement)
        for verb, body in _TRIGGERS.items():
            cursor.execute(
                f"CREATE TRIGGER IF NOT EXISTS {ENTRIES}_{verb} AFTER {verb.upper()} "
                f"ON {ENTRIES} BEGIN {body} END"
            )


def take_down(using: str = "default") -> None:
    """On PostgreSQL it goes with its table."""
    if connections[using].vendor == "sqlite":
        with connections[using].cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {INDEX}_terms")
            cursor.execute(f"DROP TABLE IF EXISTS {INDEX}")


def after_migrate(*, using: str, **kwargs: Any) -> None:
    """SQLite drops triggers whenever a migration rebuilds their table."""
    put_up(using)
