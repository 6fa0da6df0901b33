"""How warm a wish is: its votes, each weighing twice as much as one cast a week before it.

A weight never changes, so a stored sum stays right while time passes and what trends is a plain
order by it. In doubles the sums last until 2045; by then a later EPOCH and a recount are due.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import FloatField, Func
from django.db.models.sql.compiler import SQLCompiler

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
HALF_LIFE = timedelta(days=7)


def weight(cast_at: datetime) -> float:
    """What a vote of this moment adds: 1 at the EPOCH, 2 a week later, ½ a week before."""
    return float(2.0 ** ((cast_at - EPOCH) / HALF_LIFE))


class Weight(Func):
    """The same in the database, of a column with a moment: `Sum(Weight("newest"))`."""

    output_field = FloatField()

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, Any]:
        seconds = f"EXTRACT(EPOCH FROM %(expressions)s)::float8 - {EPOCH.timestamp():.1f}"
        return self._power(f"({seconds})", compiler, connection)

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, Any]:
        # A moment is kept as text in UTC; what follows its seconds is the fraction, or nothing.
        whole = f"strftime('%%%%s', substr(%(expressions)s, 1, 19)) - {EPOCH.timestamp():.1f}"
        return self._power(
            f"({whole} + ('0' || substr(%(expressions)s, 20)))", compiler, connection
        )

    def _power(
        self, seconds: str, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, Any]:
        template = f"POWER(2.0, {seconds} / {HALF_LIFE.total_seconds():.1f})"
        return super().as_sql(compiler, connection, template=template)
