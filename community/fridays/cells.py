"""What may be said of a part of the fans without telling of a handful of them (O4). Pure.

A handful is 1 to 4 people. None may stand in a breakdown, nor be what is left when one number
that everybody reads is taken from another.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

SMALLEST_CROWD = 5
QUIET_BELOW = 0.5  # of the share they have among the fans, or the users
GREY_BELOW = 0.3  # told us
UNKNOWN = "unknown"


def are_crowds(*sizes: int) -> bool:
    """Nobody at all, or at least five."""
    return all(size == 0 or size >= SMALLEST_CROWD for size in sizes)


@dataclass(frozen=True)
class Users:
    """The users of a product by segment, as staff know them from elsewhere (spec §10)."""

    counts: Mapping[str, int]
    source: str
    counted_on: str


def voice(
    dimension: str,
    heard: Mapping[str, int],
    others: Mapping[str, int],
    users: Users | None = None,
    inside: Collection[str] = (),
) -> dict[str, Any]:
    """Whose voice it is: a segment's share of the reports ÷ its share of the users, where staff
    entered them, or else of the active fans: those who reported and the `others`.

    No cell crosses the border of what a lens sees, the segments `inside`, where that can be.
    """
    if users is not None:
        table = _against_users(heard, users, inside)
    else:
        table = _against_fans(heard, others, inside)
    return {"dimension": dimension, **table}


def _against_fans(
    heard: Mapping[str, int], others: Mapping[str, int], inside: Collection[str]
) -> dict[str, Any]:
    """Of the fans, those who did not report are what is left of a cell: no handful either."""

    def may_show(keys: list[str]) -> bool:
        return _sum(heard, keys) >= SMALLEST_CROWD and are_crowds(_sum(others, keys))

    base = {key: heard.get(key, 0) + others.get(key, 0) for key in heard.keys() | others.keys()}
    groups = _groups(base, heard, may_show, inside)
    whole = sum(base.values())
    return {
        "is_grey": whole - base.get(UNKNOWN, 0) < GREY_BELOW * whole,
        "base_is": "fans",
        "cells": [_cell(keys, heard, base) for keys in groups],
    }


def _against_users(
    heard: Mapping[str, int], users: Users, inside: Collection[str]
) -> dict[str, Any]:
    """Whoever did not tell us stands in no segment of the users, and is left out of the voices."""

    def may_show(keys: list[str]) -> bool:
        return min(_sum(told, keys), _sum(users.counts, keys)) >= SMALLEST_CROWD

    left_out = [] if UNKNOWN in users.counts else [UNKNOWN]
    told = {key: count for key, count in heard.items() if key not in left_out}
    is_told = are_crowds(_sum(heard, left_out))
    groups = _groups(users.counts, told, may_show, inside) if is_told else []
    return {
        "is_grey": sum(told.values()) < GREY_BELOW * sum(heard.values()),
        "base_is": "users",
        "source": users.source,
        "counted_on": users.counted_on,
        "cells": [_cell(keys, told, users.counts) for keys in groups],
    }


def _groups(
    base: Mapping[str, int],
    heard: Mapping[str, int],
    may_show: Callable[[list[str]], bool],
    inside: Collection[str],
) -> list[list[str]]:
    """Segments to be shown; what is too small together in one, with the next smallest.

    The groups add up to the whole, so what is left when some are taken from it is groups again.
    Without at least two of them there is nothing to compare, and none is shown.
    """
    there = [key for key in base.keys() | heard.keys() if base.get(key) or heard.get(key)]
    keys = sorted(there, key=lambda key: (heard.get(key, 0), base.get(key, 0), key))
    sides = [[k for k in keys if k in inside], [k for k in keys if k not in inside]]
    apart = [merged(side, may_show) for side in sides if side]
    groups = [group for side in apart for group in side] if all(apart) else merged(keys, may_show)
    return groups if len(groups) > 1 else []


def merged(keys: list[str], may_show: Callable[[list[str]], bool]) -> list[list[str]]:
    """Each key alone where it may be shown; the others together, with the next smallest (`keys` are
    in that order) until they may be. Empty when even all of them together may not.
    """
    alone = [key for key in keys if may_show([key])]
    together = [key for key in keys if not may_show([key])]
    while together and alone and not may_show(together):
        together.append(alone.pop(0))
    groups = [[key] for key in reversed(alone)] + ([sorted(together)] if together else [])
    return groups if all(may_show(group) for group in groups) else []


def _cell(keys: list[str], heard: Mapping[str, int], base: Mapping[str, int]) -> dict[str, Any]:
    said, there = _sum(heard, keys), _sum(base, keys)
    voice_share, base_share = said / sum(heard.values()), there / sum(base.values())
    ratio = voice_share / base_share
    return {
        "keys": keys,
        "voice": said,
        "voice_share": round(voice_share, 4),
        "base": there,
        "base_share": round(base_share, 4),
        "ratio": round(ratio, 3),
        "is_quiet": ratio < QUIET_BELOW,
    }


def _sum(counts: Mapping[str, int], keys: Collection[str]) -> int:
    return sum(counts.get(key, 0) for key in keys)
