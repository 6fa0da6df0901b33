"""Counting, in one place for all processes: a sliding window, so a limit is exact at any moment."""

import threading
import time
import uuid
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from math import ceil
from typing import Any, Protocol, cast

import redis
from django.conf import settings
from django.http import HttpRequest
from redis.backoff import NoBackoff
from redis.retry import Retry

from fans import clock
from fans.limits.addresses import client_address
from fans.limits.table import LIMITS, NEWCOMER_SECONDS, Limit, Rate

# KEYS: the newest acts, and the mark of one form. ARGV: now, this act, how many to keep, how long
# to keep them, how long to keep the mark, then count and window of each rate (milliseconds).
# Answers 0 (counted), -1 (this form was counted before) or the milliseconds to wait and the rate.
_SPEND = """
if KEYS[2] ~= '' and redis.call('EXISTS', KEYS[2]) == 1 then return {-1, 0} end
local now, wait, which = tonumber(ARGV[1]), 0, 0
for i = 6, #ARGV, 2 do
  local act = redis.call('LINDEX', KEYS[1], tonumber(ARGV[i]) - 1)
  if act then
    local left = tonumber(string.match(act, '^%d+')) + tonumber(ARGV[i + 1]) - now
    if left > wait then wait = left; which = (i - 6) / 2 end
  end
end
if wait > 0 then return {wait, which} end
redis.call('LPUSH', KEYS[1], ARGV[2])
redis.call('LTRIM', KEYS[1], 0, tonumber(ARGV[3]) - 1)
redis.call('PEXPIRE', KEYS[1], ARGV[4])
if KEYS[2] ~= '' then redis.call('SET', KEYS[2], 1, 'PX', ARGV[5]) end
return {0, 0}
"""
_FORM_MILLISECONDS = 10 * 60 * 1000
_MOST_KEPT_LOCALLY = 10_000
_SECONDS_LEFT_ALONE = 2


class Person(Protocol):
    """As much of a fan as counting needs."""

    pk: Any
    joined_at: datetime


class TooMany(Exception):
    """Somebody did this as often as the table allows; `retry_after` is in seconds."""

    def __init__(self, key: str, rate: Rate, retry_after: int) -> None:
        super().__init__(f"{key}: {rate.count} in {rate.seconds} s")
        self.key = key
        self.rate = rate
        self.retry_after = retry_after


class CannotCount(TooMany):
    """The cache is away, and this may not go on uncounted."""


@dataclass(frozen=True)
class Spent:
    """One act that was counted. `refund` takes it back, when nothing came of it."""

    list_key: str = ""
    mark_key: str = ""
    act: str = ""

    def refund(self) -> None:
        if not self.act:
            return
        try:
            server = _server()
            server.lrem(self.list_key, 1, self.act)
            if self.mark_key:
                server.delete(self.mark_key)
        except redis.RedisError:
            _local.refund(self.list_key, self.act)


NOTHING_SPENT = Spent()


@cache
def _server() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL,
        decode_responses=True,
        socket_timeout=1,
        socket_connect_timeout=1,
        retry=Retry(NoBackoff(), 1),  # once more, for a connection that had grown old
    )


@cache
def _script() -> Any:
    return _server().register_script(_SPEND)


class _Absence:
    """A server that did not answer is left alone for a moment: nobody waits for it in a row."""

    until = 0.0  # by the process's own monotonic clock

    def begins(self) -> None:
        self.until = time.monotonic() + _SECONDS_LEFT_ALONE

    def lasts(self) -> bool:
        return time.monotonic() < self.until


_absence = _Absence()


def _ask(keys: list[str], arguments: list[object]) -> tuple[int, int]:
    if _absence.lasts():
        raise redis.ConnectionError("It did not answer a moment ago.")
    try:
        return cast(tuple[int, int], _script()(keys=keys, args=arguments))
    except (redis.ConnectionError, redis.TimeoutError):
        _absence.begins()
        raise


def spend(key: str, who: Person | str, at: datetime, *, form: str = "") -> Spent:
    """Count one act of a fan, or of a network address, in this row of the table.

    A `form` (the key of one form that was shown) counts once however often it is sent: a slow
    phone that presses twice is not told off (C3). Raises TooMany; CannotCount where the cache
    is away and the row fails closed.
    """
    if not settings.RATE_LIMITS:
        return NOTHING_SPENT
    limit = LIMITS[key]
    rates = _rates_for(limit, who, at)
    name = f"orangery:limits:{key}:{_name_of(who)}"
    # Of the world outside: a clock that is set back must not keep anybody waiting for a week.
    now = int((at - clock.offset()).timestamp() * 1000)
    act = f"{now}:{uuid.uuid4().hex[:12]}"
    mark = f"{name}:form:{form[:64]}" if form else ""
    kept = max(rate.count for rate in rates)
    longest = max(rate.seconds for rate in rates) * 1000
    try:
        wait, which = _ask(
            [name, mark],
            [
                *(now, act, kept, longest, _FORM_MILLISECONDS),
                *(number for rate in rates for number in (rate.count, rate.seconds * 1000)),
            ],
        )
    except redis.RedisError as error:
        if limit.fails_closed:
            raise CannotCount(key, rates[0], retry_after=60) from error
        wait, which = _local.spend(name, now, act, rates)
    if wait > 0:
        raise TooMany(key, rates[int(which)], retry_after=ceil(wait / 1000))
    return Spent(name, mark, act) if wait == 0 else NOTHING_SPENT


def spend_for(request: HttpRequest, key: str, at: datetime) -> Spent:
    """Count one request, for the fan or the address it came from, as the row says."""
    who: Person | str = client_address(request)
    if LIMITS[key].per == "fan" and request.user.is_authenticated:
        who = cast(Person, request.user)
    form = request.POST.get("submission_key", "") if request.method == "POST" else ""
    return spend(key, who, at, form=form if LIMITS[key].counts_only_success else "")


def _name_of(who: Person | str) -> str:
    return who if isinstance(who, str) else f"fan-{who.pk}"


def _rates_for(limit: Limit, who: Person | str, at: datetime) -> tuple[Rate, ...]:
    if isinstance(who, str):
        return limit.guest_rates or limit.rates
    is_new = (at - who.joined_at).total_seconds() < NEWCOMER_SECONDS
    return limit.newcomer_rates if is_new and limit.newcomer_rates else limit.rates


class _LocalCount:
    """What one process knows while the cache is away; bounded, the longest unseen forgotten."""

    def __init__(self) -> None:
        self._acts: OrderedDict[str, list[str]] = OrderedDict()
        self._lock = threading.Lock()

    def spend(self, name: str, now: int, act: str, rates: tuple[Rate, ...]) -> tuple[int, int]:
        with self._lock:
            acts = self._acts.setdefault(name, [])
            self._acts.move_to_end(name)
            waits = [self._wait(acts, now, rate) for rate in rates]
            wait = max(waits)
            if wait <= 0:
                acts.insert(0, act)
                del acts[max(rate.count for rate in rates) :]
            if len(self._acts) > _MOST_KEPT_LOCALLY:
                self._acts.popitem(last=False)
            return max(wait, 0), waits.index(wait)

    def refund(self, name: str, act: str) -> None:
        with self._lock:
            if act in self._acts.get(name, []):
                self._acts[name].remove(act)

    def clear(self) -> None:
        with self._lock:
            self._acts.clear()

    @staticmethod
    def _wait(acts: list[str], now: int, rate: Rate) -> int:
        if len(acts) < rate.count:
            return 0
        return int(acts[rate.count - 1].partition(":")[0]) + rate.seconds * 1000 - now


_local = _LocalCount()
