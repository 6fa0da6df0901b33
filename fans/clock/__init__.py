"""The one place that reads the time; everything else is handed `at=`.

In development the present can be moved: a small file beside the database holds by how much, and
web and worker read the same. Never in production: there the file has no name.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

_FARTHEST = timedelta(days=366 * 20)
_read: dict[Path, tuple[tuple[int, int, int], timedelta]] = {}  # by file: its stamp, what it said


class ClockStandsStill(Exception):
    """Nobody moves the clock here: this is production, or a test."""


def now() -> datetime:
    """The present instant, in UTC."""
    return timezone.now() + offset()


def real_now() -> datetime:
    """The present of the world outside, whatever `/dev/clock/` says: for sessions and limits."""
    return now() - offset()


def offset() -> timedelta:
    """By how much this site is ahead of the world."""
    path = _file()
    if path is None:
        return timedelta(0)
    try:
        found = path.stat()
    except OSError:
        return timedelta(0)
    stamp = (found.st_mtime_ns, found.st_size, found.st_ino)
    known = _read.get(path)
    if known is None or known[0] != stamp:
        known = _read[path] = (stamp, _offset_in(path))
    return known[1]


def move_to(moment: datetime) -> None:
    """Let it be this moment, for web and worker alike."""
    path = _file()
    if path is None:
        raise ClockStandsStill
    ahead = max(-_FARTHEST, min(_FARTHEST, moment - real_now()))
    # Written beside and put in place at once: nobody ever reads half a number.
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(f"{ahead.total_seconds()}\n", encoding="ascii")
    draft.replace(path)


def back_to_now() -> None:
    """Let it be what it is."""
    if path := _file():
        path.unlink(missing_ok=True)


def _file() -> Path | None:
    return settings.CLOCK_OFFSET_FILE if settings.IN_DEVELOPMENT else None


def _offset_in(path: Path) -> timedelta:
    try:
        return timedelta(seconds=float(path.read_text(encoding="ascii")))
    except (OSError, ValueError, OverflowError):
        return timedelta(0)
