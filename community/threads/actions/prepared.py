"""Queries compiled once: building one costs the ORM several times what the database needs to
answer it, and these few run under a lock with every post (P5)."""

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.sql.compiler import SQLCompiler

M = TypeVar("M", bound=models.Model)

# What stands for a value while a query is built. Chosen so that no real value can be one.
ANY_NUMBER = -(2**62)
ANY_TEXT = "\ue000any text\ue000"


class Prepared:
    """A query of plain values, as `build` makes it with the stand-ins above."""

    def __init__(self, build: Callable[[], "models.QuerySet[Any, Any]"]) -> None:
        self._build = build
        self._compiled: tuple[SQLCompiler, str, tuple[Any, ...]] | None = None

    def rows(self, *, number: int, text: str = "") -> list[tuple[Any, ...]]:
        if self._compiled is None:
            compiler = self._build().query.get_compiler(connection=connection)
            sql, parameters = compiler.as_sql()
            self._compiled = compiler, sql, tuple(parameters)
        compiler, sql, parameters = self._compiled
        given: Mapping[Any, Any] = {ANY_NUMBER: number, ANY_TEXT: text}
        with connection.cursor() as cursor:
            cursor.execute(sql, [given.get(each, each) for each in parameters])
            found = cursor.fetchall()
        return [tuple(row) for row in compiler.results_iter([found])]


class RowLock(Generic[M]):
    """One row by its number, locked until the transaction ends; other columns load when asked for."""

    def __init__(self, model: type[M], *fields: str) -> None:
        self._model = model
        columns = [field.attname for field in model._meta.concrete_fields]
        self._columns = tuple(column for column in columns if column in {"id", *fields})
        # NO KEY: a reader's position or a new reaction may point at the row meanwhile.
        rows = model._default_manager.select_for_update(no_key=True).order_by()
        self._query = Prepared(lambda: rows.filter(pk=ANY_NUMBER).values_list(*self._columns))

    def take(self, number: int) -> M:
        rows = self._query.rows(number=number)
        if not rows:
            raise ObjectDoesNotExist
        return self._model.from_db(DEFAULT_DB_ALIAS, self._columns, rows[0])
