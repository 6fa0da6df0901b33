"""A page of somebody's inbox: what they may still see of it, in words (spec §8)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

import structlog
from django.db.models import Q
from django.utils import timezone

from fans.accounts.models import Fan
from fans.notifications.kinds import kind_of, kinds
from fans.notifications.models import Event, Notice, NoticeQuerySet

logger = structlog.get_logger(__name__)

SIZE = 30
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Line:
    """One notice as it is read, in the active language."""

    notice: Notice
    words: str
    why: str
    url: str
    mute_url: str = ""


@dataclass(frozen=True)
class Page:
    days: list[tuple[date, list[Line]]]
    older: str  # cursor, empty at the end


def page_of(notices: NoticeQuerySet, fan: Fan, before: str = "") -> Page:
    """The newest notices before the cursor, by the reader's day.

    Only what a page fetched is judged, so a page can be shorter than the next.
    """
    if (key := _decode(before)) is not None:
        notices = notices.filter(Q(created_at__lt=key[0]) | Q(created_at=key[0], pk__lt=key[1]))
    rows = list(notices.select_related("event").newest_first()[: SIZE + 1])
    shown = rows[:SIZE]
    older = _encode(shown[-1]) if len(rows) > SIZE else ""
    lines = lines_of(shown, fan)
    by_day = groupby(lines, key=lambda line: timezone.localdate(line.notice.created_at))
    return Page([(day, list(group)) for day, group in by_day], older)


def lines_of(notices: Iterable[Notice], fan: Fan) -> list[Line]:
    """In their order, without those whose thing the reader may not see any more."""
    rows = list(notices)
    seen = _seen_by(fan, [row.event for row in rows])
    return [line for row in rows if row.event_id in seen and (line := _line_if_told(row))]


def _line_if_told(notice: Notice) -> Line | None:
    """None for facts their room cannot put into words any more: no reason to lose the page."""
    try:
        return line_of(notice)
    except Exception:
        logger.exception("A notice has no words.", notice=notice.pk)
        return None


def line_of(notice: Notice) -> Line:
    kind, facts = kind_of(notice.event.kind), notice.event.facts
    return Line(
        notice,
        kind.words(facts),
        kind.why(notice.why),
        kind.url(facts),
        kind.mute_url(notice.event),
    )


def may_see(fan: Fan, notice: Notice) -> bool:
    return bool(_seen_by(fan, [notice.event]))


def _seen_by(fan: Fan, events: list[Event]) -> set[int]:
    """Each kind is asked once for all of its events; a kind no room has is seen by nobody."""
    of_kind: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        of_kind[event.kind].append(event)
    return {
        event.pk
        for name, group in of_kind.items()
        if name in kinds()
        for event in kind_of(name).events_seen_by(fan, group)
    }


def _encode(notice: Notice) -> str:
    return f"{(notice.created_at - _EPOCH) // timedelta(microseconds=1)}-{notice.pk}"


def _decode(cursor: str) -> tuple[datetime, int] | None:
    microseconds, _, pk = cursor.partition("-")
    if not (_is_number(microseconds) and _is_number(pk)):
        return None
    return _EPOCH + timedelta(microseconds=int(microseconds)), int(pk)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 17
