"""What words earn (spec §2); each is written down with the act itself, its thread being locked."""

from datetime import datetime, timedelta

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat, Length

from community.screening.rules import HAN_WEIGHT, weight
from community.threads.models import Post, Reaction, ReactionKind, State, Thread
from fans.accounts.models import Fan
from fans.ledger import actions as ledger
from fans.ledger.models import Contribution

LIGHTEST_WEIGHT = 20
VISIBLE_FOR = timedelta(hours=24)
ANSWERED_WITHIN = timedelta(days=14)
LOOKED_AT_FOR = ANSWERED_WITHIN + timedelta(days=2)  # a worker may stand still for a day
HELPFUL_FROM = 3
ASKER_IS_OLD_AFTER = timedelta(days=14)
_OF_A_POST = ("post.basic", "reply.helpful", "answer.accepted")
_OUT_OF_SIGHT = "out of sight"


def feature_counts(thread: Thread, at: datetime) -> None:
    ledger.record(
        fan=thread.author,
        kind="thread.featured",
        subject=f"thread:{thread.pk}",
        effective_at=at,
        at=at,
    )


def feature_counts_no_more(thread: Thread, at: datetime) -> None:
    ledger.reverse(kind="thread.featured", subject=f"thread:{thread.pk}", at=at, reason="withdrawn")


def helpful_marks_count(post: Post, at: datetime) -> None:
    """From the third distinct fan on; when marks are taken back and fewer stand, no more.

    Otherwise three friends could mark and unmark their way through a thread.
    """
    if post.floor == 1:
        return
    marks = post.reactions.filter(kind=ReactionKind.HELPFUL)
    givers = list(marks.order_by("fan").values_list("fan", flat=True))
    subject = f"post:{post.pk}"
    if len(givers) >= HELPFUL_FROM:
        ledger.record(
            fan=post.author,
            kind="reply.helpful",
            subject=subject,
            effective_at=at,
            at=at,
            givers=givers,
        )
    else:
        ledger.reverse(kind="reply.helpful", subject=subject, at=at, reason="withdrawn")


def answer_counts(post: Post, asker: Fan, at: datetime) -> None:
    """Asker and author are two people who did not come together (spec §2)."""
    is_old = asker.joined_at <= at - ASKER_IS_OLD_AFTER
    if not is_old or post.author_id in {asker.pk, asker.invited_by_id}:
        return
    ledger.record(
        fan=post.author,
        kind="answer.accepted",
        subject=f"post:{post.pk}",
        effective_at=at,
        at=at,
        givers=[asker],
    )


def answer_counts_no_more(post_id: int, at: datetime) -> None:
    ledger.reverse(kind="answer.accepted", subject=f"post:{post_id}", at=at, reason="withdrawn")


def removal_counts(post: Post, at: datetime) -> None:
    ledger.record(
        fan=post.author,
        kind="sanction.removed",
        subject=f"post:{post.pk}",
        effective_at=at,
        at=at,
    )


def removal_counts_no_more(post: Post, at: datetime) -> None:
    ledger.reverse(kind="sanction.removed", subject=f"post:{post.pk}", at=at, reason="overturned")


def sight_changed(post: Post, is_shown: bool, at: datetime) -> None:
    """What a post earned counts while it stands; shown again, it counts as it did before."""
    for kind in _OF_A_POST:
        _follow_sight(kind, f"post:{post.pk}", is_shown, at)
    if post.floor == 1:
        _follow_sight("thread.featured", f"thread:{post.thread_id}", is_shown, at)


def _follow_sight(kind: str, subject: str, is_shown: bool, at: datetime) -> None:
    if is_shown:
        ledger.reinstate(kind=kind, subject=subject, at=at, reversed_for=_OUT_OF_SIGHT)
    else:
        ledger.reverse(kind=kind, subject=subject, at=at, reason=_OUT_OF_SIGHT)


# --- post.basic ----------------------------------------------------------------------------------


def posts_to_count(at: datetime) -> QuerySet[Post]:
    """Posts somebody else answered or marked, visible for a day and not yet in the ledger."""
    appeared = Coalesce("waited_until", "created_at")
    soon = Q(created_at__lte=OuterRef("appeared_at") + ANSWERED_WITHIN)
    others = Post.objects.published().exclude(author=OuterRef("author")).filter(soon)
    marked = Reaction.objects.filter(
        post=OuterRef("pk"), reacted_at__lte=OuterRef("appeared_at") + ANSWERED_WITHIN
    ).exclude(fan=OuterRef("author"))
    counted = Contribution.objects.filter(
        kind="post.basic",
        subject=Concat(Value("post:"), Cast(OuterRef("pk"), CharField())),
    )
    return (
        Post.objects.published()
        .alias(appeared_at=appeared, source_length=Length("source"))
        .filter(
            Q(Exists(others.filter(reply_to=OuterRef("pk"))))
            | Q(floor=1) & Q(Exists(others.filter(thread=OuterRef("thread"), floor__gt=1)))
            | Q(Exists(marked)),
            ~Exists(counted),
            thread__state=State.PUBLISHED,
            thread__last_post_at__gt=at - LOOKED_AT_FOR,
            appeared_at__gt=at - LOOKED_AT_FOR,
            state_at__lte=at - VISIBLE_FOR,
            source_length__gte=int(LIGHTEST_WEIGHT / HAN_WEIGHT),
            imported_as="",
            is_official=False,
        )
        .select_related("author", "thread")
        .order_by("appeared_at", "pk")
    )


def weighs_enough(post: Post) -> bool:
    return weight(post.source) >= LIGHTEST_WEIGHT
