"""Wishes as lists show them: all that a row says, and no more, for any length of list."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from community.feature_requests.budget import Voice, voice_of
from community.feature_requests.models import (
    ON_THE_WAY,
    OPEN,
    FeatureRequest,
    Lens,
    Stage,
    Status,
)
from community.feature_requests.permissions import casts_votes
from community.products.offered import offered
from community.threads.fragments import Store
from community.threads.prepared import ask, many
from community.threads.slugs import slug_of
from fans import clock
from fans.accounts.models import Fan, Reader
from fans.clock.weeks import week_at
from fans.site.freshness import current_stamp


class Seen(NamedTuple):
    """A wish through a lens: so many of its voices, and where that puts it. None: not told."""

    voices: int | None
    is_few: bool
    rank: int | None
    rank_for_everyone: int | None


class ThreadOfRow(NamedTuple):
    state: str
    reply_count: int


class Row(NamedTuple):
    """One wish in a list. Two that are equal look the same, so they are drawn once."""

    pk: int
    title: str
    language: str
    status: str
    stage: str
    product: str
    vote_count: int
    offline_count: int
    promised_for: str
    is_late: bool  # the promised week is over
    created_at: datetime
    author_id: int
    thread: ThreadOfRow
    is_answered: bool  # by the company, in writing
    labels: tuple[tuple[str, str], ...]  # of its tags: slug and name
    has_my_vote: bool
    is_mine: bool
    seen: Seen | None = None

    def get_absolute_url(self) -> str:
        return f"/requests/{self.pk}/{slug_of(self.title)}/"

    def get_status_display(self) -> str:
        return str(Status(self.status).label)

    def get_stage_display(self) -> str:
        return str(Stage(self.stage).label)

    @property
    def takes_votes(self) -> bool:
        return self.status in OPEN


FACTS = (
    *("pk", "title", "language", "status", "stage", "product__name", "vote_count"),
    *("offline_count", "promised_for", "created_at", "author_id"),
    *("thread__state", "thread__reply_count", "answered_at", "promise_met_at"),
)


def rows_of(pks: Sequence[int], reader: Reader, voice: Voice | None = None) -> list[Row]:
    """The wishes of these numbers that the reader may see, in this order."""
    wishes = FeatureRequest.objects.visible_to(reader).filter(pk__in=pks)
    voice = voice_of(reader, pks) if voice is None else voice
    found = {row.pk: row for row in made_of(wishes.values_list(*FACTS), reader, voice)}
    return [found[pk] for pk in pks if pk in found]


def made_of(facts: Iterable[tuple[Any, ...]], reader: Reader, voice: Voice) -> list[Row]:
    """Rows of what was read as `FACTS`, with their tags. One query."""
    wishes, week = list(facts), week_at(clock.now())
    labels = _labels_of([wish[0] for wish in wishes])
    rows = []
    for *plain, created_at, author, state, replies, answered_at, met_at in wishes:
        if met_at is not None:
            plain[8] = ""  # owed no more
        pk, status, promised_for = plain[0], plain[3], plain[8]
        rows.append(
            Row._make(
                (
                    *plain,
                    "" < promised_for < week and status in ON_THE_WAY,
                    *(created_at, author, ThreadOfRow(state, replies), answered_at is not None),
                    *(labels.get(pk, ()), pk in voice.mine, author == reader.pk, None),
                )
            )
        )
    return rows


def _labels_of(pks: Sequence[int]) -> dict[int, tuple[tuple[str, str], ...]]:
    """The tags of each, in the reader's language; retired ones are shown no more."""
    if not pks:
        return {}
    asked = many(pks)

    def question() -> QuerySet[Any, Any]:
        links = FeatureRequest.tags.through.objects.filter(featurerequest__in=[*asked])
        return links.values_list("featurerequest_id", "tag_id")

    carried: dict[int, set[int]] = {}
    for pk, tag in ask(("labels", len(asked)), question, asked):
        carried.setdefault(pk, set()).add(tag)
    tags = offered(current_stamp()).tags if carried else ()
    return {
        pk: tuple((tag.slug, tag.label) for tag in tags if tag.pk in own)
        for pk, own in carried.items()
    }


# --- Drawn once for all who see the same ------------------------------------------------------


class Drawn(NamedTuple):
    html: SafeString

    @property
    def size(self) -> int:
        return 4 * len(self.html)


# «5 min ago» may be half a minute old; what a row says is part of its key.
drawn: Store[Drawn] = Store(max_bytes=8 * 1024 * 1024, seconds=30)
_NEXT = SafeString("\ue001next\ue001")


def draw(
    rows: Iterable[Row], reader: Reader, *, lens: Lens = Lens.EVERYONE, page: str = ""
) -> SafeString:
    """The rows as HTML. `page` is where a guest comes back to, quoted for an address."""
    kind = ("fan" if casts_votes(reader) else "staff") if isinstance(reader, Fan) else "guest"
    place = (kind, lens, get_language(), timezone.get_current_timezone_name())
    pieces = [drawn.get_or_make((row, *place), partial(_drawn, row, kind, lens)) for row in rows]
    html = "".join(piece.html for piece in pieces)
    return SafeString(html.replace(_NEXT, page) if kind == "guest" else html)


def _drawn(row: Row, kind: str, lens: Lens) -> Drawn:
    context = {
        "wish": row,
        "may_vote": kind != "staff",
        "user": {"is_authenticated": kind != "guest"},
        "page": _NEXT,
        "lens": lens,
    }
    return Drawn(render_to_string("feature_requests/_row.html", context))
