"""Which database, read from DATABASE_URL: SQLite in a file or PostgreSQL."""

from pathlib import Path
from typing import Any

import dj_database_url


def database(url: str, folder: Path) -> dict[str, Any]:
    chosen: dict[str, Any] = {**dj_database_url.parse(url, conn_max_age=600)}
    if not chosen["ENGINE"].endswith("sqlite3"):
        return chosen | {"CONN_HEALTH_CHECKS": True}
    return chosen | {
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
            "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;",
        },
        # A file, not memory: tests that start processes and threads share it as the site does.
        "TEST": {"NAME": folder / "test.sqlite3"},
    }
