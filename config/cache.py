"""The cache, which may be away: then nothing is kept and nothing is found, and pages still open."""

import functools
import time
from collections.abc import Callable
from typing import Any

import redis
import structlog
from django.core.cache.backends.redis import RedisCache, RedisCacheClient

log = structlog.get_logger("orangery.cache")

SECONDS_BETWEEN_COMPLAINTS = 60
_complained_at = 0.0


def _complain(problem: Exception) -> None:
    global _complained_at
    if time.monotonic() - _complained_at > SECONDS_BETWEEN_COMPLAINTS:
        _complained_at = time.monotonic()
        log.warning("the cache does not answer; going on without it", problem=str(problem))


def _or(answer: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """What a method says while the server is away; `...` stands for the caller's default."""

    def decorate(method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def patient(self: RedisCache, *args: Any, **kwargs: Any) -> Any:
            try:
                return method(self, *args, **kwargs)
            except (redis.ConnectionError, redis.TimeoutError) as problem:
                _complain(problem)
                if answer is ...:
                    return kwargs.get("default", args[1] if len(args) > 1 else None)
                return answer() if callable(answer) else answer

        return patient

    return decorate


class _OneClient(RedisCacheClient):
    """Django makes a client for every question; one serves all of a thread's, at a third less."""

    _made: Any = None

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        if self._made is None:
            self._made = super().get_client(key, write=write)
        return self._made


class PatientRedisCache(RedisCache):
    """Redis, whose absence costs speed and not the site (spec §12).

    Only what may be lost is kept here: sessions stand in the database as well. Counting against
    limits has its own way of doing without (`fans.limits`).
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _OneClient

    get = _or(...)(RedisCache.get)
    add = _or(True)(RedisCache.add)
    set = _or(None)(RedisCache.set)
    touch = _or(False)(RedisCache.touch)
    delete = _or(False)(RedisCache.delete)
    get_many = _or(dict)(RedisCache.get_many)
    has_key = _or(False)(RedisCache.has_key)
    set_many = _or(list)(RedisCache.set_many)
    delete_many = _or(None)(RedisCache.delete_many)
    clear = _or(None)(RedisCache.clear)
