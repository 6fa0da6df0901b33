"""Deterministic tests of locks: hold the row, start the action, ask PostgreSQL who is blocked.

    with holding(Thread, thread.pk):
        started = start(lambda: actions.reply(thread=thread, ...))
        started.waits_for_a_lock()     # fails when the action takes no lock
    started.result()                   # let go: it finishes

Needs `@pytest.mark.django_db(transaction=True)` and `@pytest.mark.postgres`: SQLite has one
writer at a time and no row locks.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from django.db import connection, connections, models, transaction

T = TypeVar("T")
SECONDS = 10


@contextmanager
def holding(model: type[models.Model], *pks: Any) -> Iterator[None]:
    """Hold the locks an action would take, in this connection, until the block ends."""
    with transaction.atomic():
        rows = model._default_manager.select_for_update(no_key=True).filter(pk__in=pks)
        assert len(rows.order_by("pk").values_list("pk")) == len(pks)
        yield


class Started(Generic[T]):
    """Something running in a thread and a connection of its own."""

    def __init__(self, act: Callable[[], T]) -> None:
        self._act = act
        self._ready = threading.Event()
        self._pid = 0
        self._result: T | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(SECONDS)

    def _run(self) -> None:
        own = connections["default"]
        try:
            with own.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self._pid = cursor.fetchone()[0]
            self._ready.set()
            self._result = self._act()
        except BaseException as error:
            self._error = error
        finally:
            self._ready.set()
            own.close()

    def waits_for_a_lock(self, *, of_anybody: bool = False) -> None:
        """Fails unless it is blocked by this connection, which holds the lock, or by anybody."""
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            if self._is_blocked(of_anybody):
                return
            assert self._thread.is_alive(), f"it took no lock: {self._error or self._result!r}"
            time.sleep(0.01)
        raise AssertionError("it neither waited nor finished")

    def _is_blocked(self, of_anybody: bool) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid(), pg_blocking_pids(%s)", [self._pid])
            us, blocking = cursor.fetchone()
            return bool(blocking) if of_anybody else us in blocking

    def result(self) -> T:
        """What the act returned; what it raised is raised here."""
        self._thread.join(SECONDS)
        assert not self._thread.is_alive(), "still blocked"
        if self._error is not None:
            raise self._error
        return self._result  # type: ignore[return-value]


def start(act: Callable[[], T]) -> Started[T]:
    return Started(act)
