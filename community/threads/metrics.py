"""Whether the company is there where people talk (spec §10): per board, never per person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Count, Min, Q, QuerySet

from community.threads.models import Board, State, Thread, ThreadKind
from fans.accounts.models import Role

ASKED_IN = [ThreadKind.DISCUSSION, ThreadKind.QUESTION]
PRESENCE_DAYS = 28


@dataclass(frozen=True, slots=True)
class Presence:
    """Threads fans began, those with an official answer, and how long that took in the middle."""

    board: Board | None  # None: those that are too quiet to stand alone
    threads: int
    answered: int
    median_hours: int | None


def official_presence(at: datetime, smallest: int) -> list[Presence]:
    """Of the threads and questions of the last 28 days, in the order of the boards.

    Boards with fewer than so many stand together; are they too few even then, nowhere.
    """
    begun = Thread.objects.listed().filter(
        kind__in=ASKED_IN,
        created_at__gt=at - timedelta(days=PRESENCE_DAYS),
        created_at__lte=at,
        imported_as="",
    )
    asked = begun.exclude(author__role__in=[Role.STAFF, Role.ADMIN]).order_by()
    waits = _waits(asked, at)
    counts = dict(asked.values_list("board").annotate(Count("pk")))
    boards = list(Board.objects.filter(pk__in=counts).in_order())
    alone = [board for board in boards if counts[board.pk] >= smallest]
    quiet = [board.pk for board in boards if counts[board.pk] < smallest]
    found = [_presence(board, counts[board.pk], waits.get(board.pk, [])) for board in alone]
    if (together := sum(counts[pk] for pk in quiet)) >= smallest:
        found.append(_presence(None, together, [w for pk in quiet for w in waits.get(pk, [])]))
    return found


def _waits(asked: QuerySet[Thread], at: datetime) -> dict[int, list[float]]:
    """Hours until the first official answer, by board; only of what has one."""
    official = Q(
        posts__is_official=True,
        posts__state=State.PUBLISHED,
        posts__floor__gt=1,
        posts__created_at__lte=at,
    )
    answered = asked.filter(official).annotate(answered_at=Min("posts__created_at"))
    waits: dict[int, list[float]] = {}
    for board, begun_at, answered_at in answered.values_list("board", "created_at", "answered_at"):
        waits.setdefault(board, []).append((answered_at - begun_at) / timedelta(hours=1))
    return waits


def _presence(board: Board | None, threads: int, waits: list[float]) -> Presence:
    return Presence(board, threads, len(waits), round(median(waits)) if waits else None)
