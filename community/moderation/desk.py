"""What the moderators' pages show: a fixed number of queries, however long the lists."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.db.models.lookups import IsNull

from community.moderation.models import Case, Flag, Outcome, Sanction
from community.screening.rules import WatchedWords
from community.threads.models import Board, Post, Thread, moderated_boards
from fans.accounts.models import Fan
from fans.audit.models import AuditEntry

FLAGS_SHOWN = 50
RULES_SHOWN = 3
_ADDRESS = re.compile(r'href="(https?://[^"]{1,300})')


@dataclass(frozen=True)
class Record:
    """How a reporter's earlier flags were judged."""

    upheld_count: int
    decided_count: int


def open_cases(reader: Fan) -> QuerySet[Case]:
    return (
        Case.objects.visible_to(reader)
        .open()
        .select_related("post__thread__board", "about__standing", "claimed_by")
        .annotate(flag_count=Count("flags"))
        .prefetch_related(
            Prefetch("flags", Flag.objects.order_by("pk")[:RULES_SHOWN], to_attr="first_flags")
        )
    )


def proposals(reader: Fan) -> QuerySet[Sanction]:
    """Bans that wait for a second person (A3)."""
    return (
        Sanction.objects.visible_to(reader)
        .proposed()
        .select_related("fan__standing", "proposed_by", "case")
        .order_by("proposed_at", "pk")
    )


def waiting_posts(reader: Fan) -> QuerySet[Post]:
    """Posts that wait for this person, not their own; the oldest first."""
    return (
        Post.objects.visible_to(reader)
        .waiting()
        .filter(thread__in=Thread.objects.filter(moderated_boards(reader)))
        .exclude(author=reader.pk)
        .select_related("thread__board", "author__standing", "author__avatar")
    )


def with_what_to_look_at(posts: list[Post]) -> list[Post]:
    """Each post with where its links really lead, and the watched words in it."""
    watched = WatchedWords.current()
    for post in posts:
        post.links = [unescape(address) for address in _ADDRESS.findall(post.html)]  # type: ignore[attr-defined]
        title = post.thread.latest_title if post.floor == 1 else ""
        post.watched = watched.found_in(f"{title}\n{post.source}")  # type: ignore[attr-defined]
    return posts


def flags_of(case: Case) -> list[Flag]:
    """The first flags of a case, fans before guests, each reporter with their tier and record."""
    flags = list(
        case.flags.select_related("reporter__standing", "reporter__avatar").order_by(
            IsNull(F("reporter"), True), "pk"
        )[:FLAGS_SHOWN]
    )
    records = _records(flag.reporter_id for flag in flags if flag.reporter_id)
    for flag in flags:
        flag.record = records.get(flag.reporter_id or 0)  # type: ignore[attr-defined]
    return flags


def _records(reporters: Iterable[int]) -> dict[int, Record]:
    rows = (
        Flag.objects.filter(reporter__in=list(reporters), case__decided_at__isnull=False)
        .values("reporter")
        .annotate(
            decided_count=Count("pk"),
            upheld_count=Count("pk", filter=Q(case__outcome=Outcome.ACTIONED)),
        )
    )
    return {row["reporter"]: Record(row["upheld_count"], row["decided_count"]) for row in rows}


def context_of(post: Post) -> list[Post]:
    """The post between the two published floors before it and the one after."""
    around = Post.objects.select_related("author__standing", "author__avatar")
    neighbours = around.published().filter(thread=post.thread_id)
    before = list(neighbours.filter(floor__lt=post.floor).order_by("-floor")[:2])
    after = list(neighbours.filter(floor__gt=post.floor).order_by("floor")[:1])
    return [*reversed(before), post, *after]


def history_of(person: Fan, reader: Fan, *, besides: Case) -> tuple[list[Case], list[Sanction]]:
    """What was decided about a person before, as far as this reader may know."""
    cases = (
        Case.objects.visible_to(reader)
        .filter(about=person, decided_at__isnull=False)
        .exclude(pk=besides.pk)
        .select_related("post__thread", "decided_by")
        .order_by("-decided_at", "-pk")[:10]
    )
    sanctions = (
        Sanction.objects.visible_to(reader)
        .filter(fan=person)
        .select_related("proposed_by", "confirmed_by", "lifted_by")
        .order_by("-proposed_at", "-pk")[:10]
    )
    return list(cases), list(sanctions)


def log_of(reader: Fan) -> QuerySet[AuditEntry]:
    """Never an act about the reader: who decided about them is not theirs to know."""
    entries = AuditEntry.objects.exclude(concerns=reader.pk)
    if reader.is_staff:
        return entries
    return entries.within(_scopes_of(reader))


def _scopes_of(reader: Fan) -> set[str]:
    scopes = reader.moderation_scopes
    readable = {
        f"board:{pk}" for pk in Board.objects.visible_to(reader).values_list("pk", flat=True)
    }
    return readable | {"site"} if "site" in scopes else readable & scopes
