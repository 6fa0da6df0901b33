"""Is the site alive, and can it serve? For load balancers and for whoever watches over it."""

from datetime import datetime, timedelta
from functools import cache as once

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fans import clock, policy

_LAST_SEEN = "worker-last-seen"
_KEPT = timedelta(days=30)
# The timetable asks for a sign every minute; three missed ones are not a hiccup.
WORKER_IS_LATE_AFTER = timedelta(minutes=3)


@require_safe
@never_cache
@policy.anyone
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers. Asks nothing of anybody."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
@policy.anyone
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and its tables are ours; the rest is named, and turns nothing red."""
    database = database_state()
    last_seen = worker_last_seen()
    is_ready = database == {"database": "ok", "migrations": "ok"}
    return JsonResponse(
        {
            "ready": is_ready,
            **database,
            "broker": "ok" if broker_answers() else "away",
            "worker": worker_state(last_seen, clock.real_now()),
            "worker last seen": last_seen.isoformat(timespec="seconds") if last_seen else None,
        },
        status=200 if is_ready else 503,
    )


def database_state() -> dict[str, str]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return {"database": "ok", "migrations": "ok" if _tables_are_ours() else "missing"}
    except DatabaseError:
        connection.close()  # the next request tries a new one
        return {"database": "away", "migrations": "unknown"}


def _tables_are_ours() -> bool:
    """Whether no migration of this release is missing. Asked until it is so, then remembered.

    A process keeps its code for life, and nobody takes migrations back under a running release.
    """
    if not _found_ready:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _found_ready.append(True)
    return True


_found_ready: list[bool] = []


@once
def _broker() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)


def broker_answers() -> bool:
    try:
        return bool(_broker().ping())
    except redis.RedisError:
        return False


def note_worker(at: datetime) -> None:
    cache.set(_LAST_SEEN, at, int(_KEPT.total_seconds()))


def worker_last_seen() -> datetime | None:
    seen: datetime | None = cache.get(_LAST_SEEN)
    return seen


def worker_state(last_seen: datetime | None, at: datetime) -> str:
    if last_seen is None:
        return "never seen"
    return "late" if at - last_seen > WORKER_IS_LATE_AFTER else "ok"
