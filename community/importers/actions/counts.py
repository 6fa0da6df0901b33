"""The cached numbers of threads, where many posts came or changed hands at once."""

from collections.abc import Collection

from django.db.models import Count, F, Max, OuterRef, PositiveIntegerField, QuerySet, Subquery
from django.db.models.functions import Coalesce

from community.threads.models import Post, State, Thread


def count_anew(thread_ids: Collection[int]) -> None:
    """Bring counts, newest post and highest floor of these threads in line with their posts."""
    every = Post.objects.filter(thread=OuterRef("pk"))
    shown = every.filter(state=State.PUBLISHED)
    replies = shown.filter(floor__gt=1)
    newest = shown.order_by("-floor", "-pk")
    Thread.objects.filter(pk__in=thread_ids).update(
        reply_count=_number(replies, Count("pk")),
        answering_count=_number(replies.exclude(author=OuterRef("author")), Count("pk")),
        last_floor=_number(shown, Max("floor"), otherwise=1),
        last_given_floor=_number(every, Max("floor"), otherwise=1),
        last_post_at=Coalesce(Subquery(newest.values("created_at")[:1]), F("created_at")),
        last_author=Coalesce(Subquery(newest.values("author")[:1]), F("author")),
        change_count=F("change_count") + 1,
    )


def _number(posts: QuerySet[Post], measure: Count | Max, *, otherwise: int = 0) -> Coalesce:
    number = posts.order_by().values("thread").annotate(number=measure).values("number")
    return Coalesce(Subquery(number, output_field=PositiveIntegerField()), otherwise)
