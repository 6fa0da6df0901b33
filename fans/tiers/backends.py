from functools import cache
from typing import Any, NamedTuple

from allauth.account.auth_backends import AuthenticationBackend
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import OuterRef
from django.db.models.query import get_related_populators
from django.db.models.sql.compiler import SQLCompiler

from fans.accounts.models import Fan
from fans.notifications.models import unread_of

# Stands for the number of a fan while the query is built; nobody has it.
_ANYBODY = -(2**62)


class StandingBackend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's sign-in; whoever is signed in arrives in one query, with their standing, their
    picture and the number of notices they have not read."""

    def get_user(self, user_id: int) -> Fan | None:
        fan = _fan(user_id)
        return fan if fan is not None and self.user_can_authenticate(fan) else None


class _Compiled(NamedTuple):
    compiler: SQLCompiler
    sql: str
    values: tuple[Any, ...]
    converters: Any
    columns: list[str]
    companions: Any
    unread_column: int


@cache
def _query() -> _Compiled:
    """Asked with every page of everybody signed in, so put together once and not each time."""
    fans = (
        Fan.objects.get_queryset()
        .select_related("standing", "avatar")
        .annotate(unread_notices=unread_of(OuterRef("pk")))
        .filter(pk=_ANYBODY)
    )
    compiler = fans.query.get_compiler(connection=connection)
    sql, values = compiler.as_sql()
    select = compiler.select or []
    info = compiler.klass_info or {}
    own = [select[at] for at in info["select_fields"]]
    return _Compiled(
        compiler,
        sql,
        tuple(values),
        compiler.get_converters([column[0] for column in select]),
        [column[0].target.attname for column in own],
        get_related_populators(info, select, DEFAULT_DB_ALIAS),  # type: ignore[call-arg]
        compiler.annotation_col_map["unread_notices"],
    )


def _fan(pk: int) -> Fan | None:
    query = _query()
    with connection.cursor() as cursor:
        cursor.execute(query.sql, [pk if value == _ANYBODY else value for value in query.values])
        found = cursor.fetchall()
    for row in query.compiler.apply_converters(found, query.converters):
        fan = Fan.from_db(DEFAULT_DB_ALIAS, query.columns, row[: len(query.columns)])
        for companion in query.companions:
            companion.populate(row, fan)
        fan.unread_notices = row[query.unread_column]  # type: ignore[attr-defined]
        return fan
    return None
