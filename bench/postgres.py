"""PostgreSQL for the scenarios that need it: a server of this run, or the one that is named.

`BENCH_DATABASE_URL` names a server whose databases may be made: boards of wishes and weeks of
reports are kept there and used again. Without it a server is started beside the bench and gone with it.
"""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import dj_database_url
import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from bench.measure import Absent

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def server() -> Iterator[str]:
    """The address of a database from which others are made."""
    if named := os.environ.get("BENCH_DATABASE_URL"):
        yield named
        return
    tests = _servers_of_the_tests()
    try:
        own = tests.postgres()
        url = own.__enter__()
    except tests.Missing as what:
        raise Absent(str(what)) from what
    try:
        yield url
    finally:
        own.__exit__(None, None, None)


def _servers_of_the_tests() -> ModuleType:
    spec = importlib.util.spec_from_file_location("servers_of_the_tests", ROOT / "bin/_test.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def board(url: str, wishes: int) -> str:
    """The address of a database with so many wishes."""
    return _made(url, f"orangery_bench_{wishes}", "wishes", "community_featurerequest", wishes)


def week(url: str, reports: int) -> str:
    """The address of a database with a week of so many reports, not counted yet."""
    return _made(url, f"orangery_bench_week_{reports}", "weeks", "community_report", reports)


def _made(url: str, name: str, module: str, table: str, size: int) -> str:
    """Made now by `bench.<module>` unless it is there and holds so many rows."""
    address = f"{url.rsplit('/', 1)[0]}/{name}"
    with psycopg.connect(url, autocommit=True) as admin:
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            if _is_whole(address, table, size):
                return address
            admin.execute(f'DROP DATABASE "{name}"')
        admin.execute(f'CREATE DATABASE "{name}"')
    _python(address, "manage.py", "migrate", "--verbosity=0")
    _python(address, "-m", f"bench.{module}", str(size))
    return address


def _is_whole(address: str, table: str, size: int) -> bool:
    with psycopg.connect(address) as found:
        try:
            statement = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
            count = found.execute(statement).fetchone()
        except psycopg.errors.UndefinedTable:
            return False
    return count is not None and count[0] >= size


@contextmanager
def copy(url: str, of: str, name: str) -> Iterator[str]:
    """A database like another, for what changes it; dropped afterwards."""
    template = of.rsplit("/", 1)[1]
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}"')
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            yield f"{url.rsplit('/', 1)[0]}/{name}"
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _python(address: str, *arguments: str) -> None:
    subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        check=True,
        env={**os.environ, "DATABASE_URL": address},
    )


def connection_to(address: str) -> BaseDatabaseWrapper:
    """A connection of Django's that is none of the site's, for `used_by_default`."""
    alias = address.rsplit("/", 1)[1]
    settings: dict[str, Any] = {**dj_database_url.parse(address)}
    connections.settings[alias] = connections.configure_settings({"default": settings})["default"]
    try:
        return connections.create_connection(alias)
    finally:
        del connections.settings[alias]


@contextmanager
def used_by_default(other: BaseDatabaseWrapper) -> Iterator[None]:
    """For this thread and this moment the whole site reads and writes there."""
    before = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = other
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = before
