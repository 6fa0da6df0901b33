"""Whether words wait for a moderator first (A1), and whether they were said a moment ago."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q

from community.screening.rules import FIRST_POSTS, Verdict, verdict
from community.threads.actions.refusals import AlreadyPosted, MayNotWrite, SlowMode
from community.threads.actions.words import Words
from community.threads.models import Board, Post, State
from fans.accounts.models import Fan

SAME_WORDS_WITHIN = timedelta(minutes=5)
LOOK_BACK = 20  # posts


class _Recent(NamedTuple):
    pk: int
    state: str
    created_at: datetime
    board_id: int
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
        for row in self.rows:
            if row.board_id == board.pk and row.created_at <= at < row.created_at + pause:
                raise SlowMode(row.created_at + pause)

    def approved_count(self) -> int:
        """Published posts, counted no further than A1 asks."""
        seen = sum(row.state == State.PUBLISHED for row in self.rows)
        if seen >= FIRST_POSTS or len(self.rows) < LOOK_BACK:
            return seen
        return self.author.posts.filter(state=State.PUBLISHED)[:FIRST_POSTS].count()


def lock_author(author: Fan, at: datetime) -> Fan:
    """Their posts queue up behind their row, and a mute that came first is seen."""
    locked = (
        Fan.objects.select_for_update(of=("self",), no_key=True)
        .select_related("standing")
        .get(pk=author.pk)
    )
    if reason := locked.writing_refusal(at):
        raise MayNotWrite(reason)
    return locked


def recent_posts(author: Fan, source: str) -> RecentPosts:
    rows = (
        Post.objects.filter(author=author)
        .annotate(says_the_same=Q(source=source))
        .order_by("-created_at", "-pk")
        .values_list(
            "pk", "state", "created_at", "thread__board_id", "submission_key", "says_the_same"
        )[:LOOK_BACK]
    )
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
