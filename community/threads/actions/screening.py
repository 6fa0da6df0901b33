"""Whether words wait for a moderator first (A1), and whether they were said a moment ago."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q

from community.screening.rules import FIRST_POSTS, Verdict, verdict
from community.threads.actions.prepared import ANY_NUMBER, ANY_TEXT, Prepared, RowLock
from community.threads.actions.refusals import AlreadyPosted, MayNotWrite, SlowMode
from community.threads.actions.words import Words
from community.threads.models import Board, Post, State
from fans.accounts.models import Fan

SAME_WORDS_WITHIN = timedelta(minutes=5)
LOOK_BACK = 20  # posts

# What the rules ask of a writer.
_WRITER = RowLock(
    Fan,
    "role",
    "founding_since_date",
    "verified_at",
    "leaving_at",
    "suspended_until",
    "muted_until",
)


class _Recent(NamedTuple):
    pk: int
    state: str
    created_at: datetime
    submission_key: str | None
    says_the_same: bool


@dataclass(frozen=True)
class RecentPosts:
    """The author's newest posts, read once under their lock for every rule that asks."""

    author: Fan
    rows: list[_Recent]

    def of_form(self, submission_key: str) -> int | None:
        """The post this form made already (C3)."""
        return next((row.pk for row in self.rows if row.submission_key == submission_key), None)

    def refuse_repetition(self, at: datetime) -> None:
        for row in self.rows:
            is_fresh = abs(at - row.created_at) < SAME_WORDS_WITHIN
            if row.says_the_same and is_fresh and row.state != State.DELETED:
                raise AlreadyPosted(Post.objects.select_related("thread").get(pk=row.pk))

    def refuse_haste(self, board: Board, at: datetime) -> None:
        """Slow mode: a pause between two posts of one fan on one board."""
        if not board.slow_mode_seconds or self.author.moderates_anything:
            return
        pause = timedelta(seconds=board.slow_mode_seconds)
        within = self.author.posts.filter(
            thread__board=board, created_at__gt=at - pause, created_at__lte=at
        )
        if last := within.order_by("-created_at", "-pk").first():
            raise SlowMode(last.created_at + pause)

    def approved_count(self) -> int:
        """Published posts, counted no further than A1 asks."""
        seen = sum(row.state == State.PUBLISHED for row in self.rows)
        if seen >= FIRST_POSTS or len(self.rows) < LOOK_BACK:
            return seen
        return self.author.posts.filter(state=State.PUBLISHED)[:FIRST_POSTS].count()


def lock_author(author: Fan, at: datetime) -> Fan:
    """Their posts queue up behind their row, and a mute that came first is seen."""
    locked = _WRITER.take(author.pk)
    if reason := locked.writing_refusal(at):
        raise MayNotWrite(reason)
    return locked


_NEWEST_POSTS = Prepared(
    lambda: (
        Post.objects.filter(author=ANY_NUMBER)
        .annotate(says_the_same=Q(source=ANY_TEXT))
        .order_by("-created_at", "-pk")
        .values_list("pk", "state", "created_at", "submission_key", "says_the_same")[:LOOK_BACK]
    )
)


def recent_posts(author: Fan, source: str) -> RecentPosts:
    rows = _NEWEST_POSTS.rows(number=author.pk, text=source)
    return RecentPosts(author, [_Recent(*row) for row in rows])


def judge(
    *,
    author: Fan,
    approved_count: int,
    board: Board,
    title: str,
    words: Words,
    at: datetime,
    release_minutes: int | None = None,
) -> Verdict:
    """A1. Founding fans are no newcomers; moderators and staff never wait."""
    return verdict(
        approved_count=FIRST_POSTS if author.founding_since_date else approved_count,
        source=f"{title}\n{words.source}",
        has_link=words.has_link,
        has_picture=bool(words.image_keys),
        every_post_waits=board.every_post_waits,
        release_minutes=board.release_minutes if release_minutes is None else release_minutes,
        at=at,
        keeps_order=author.moderates_anything,
    )
