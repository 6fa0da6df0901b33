"""The repair of everything that is cached on threads and posts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, Max, Q
from django.db.models.functions import Coalesce

from community.threads.actions.counting import newest_post
from community.threads.models import Post, ReactionKind, State, Thread

# A reply that never appeared holds a number nobody was told of.
_UNSEEN = Q(state__in=[State.WAITING, State.REJECTED], waited_until=None)


@dataclass(frozen=True)
class Wrong:
    """A cached value that differed from the rows it sums up."""

    subject: str
    name: str
    cached: object
    counted: object


def recount_thread(*, thread: Thread, repairs: bool = True) -> list[Wrong]:
    """Compare what is cached on a thread and its posts with the rows; put right what differs."""
    with transaction.atomic():
        locked = Thread.objects.select_for_update(no_key=True).get(pk=thread.pk)
        wrong = [*_wrong_on_thread(locked), *_wrong_on_posts(locked)]
        if repairs:
            for each in wrong:
                kind, _, pk = each.subject.partition(":")
                model = Thread if kind == "thread" else Post
                model.objects.filter(pk=int(pk)).update(**{each.name: each.counted})
            if wrong:
                Thread.objects.filter(pk=locked.pk).update(change_count=F("change_count") + 1)
    return wrong


def _wrong_on_thread(thread: Thread) -> Iterator[Wrong]:
    for name, counted in _counted(thread).items():
        cached = getattr(thread, name)
        if cached != counted:
            yield Wrong(f"thread:{thread.pk}", name, cached, counted)


def _counted(thread: Thread) -> dict[str, int | datetime]:
    reply = Q(floor__gt=1, state=State.PUBLISHED)
    found = thread.posts.aggregate(
        reply_count=Count("pk", filter=reply),
        answering_count=Count("pk", filter=reply & ~Q(author=thread.author_id)),
        shown=Coalesce(Max("floor", filter=~_UNSEEN), 1),
        given=Coalesce(Max("floor"), 1),
    )
    last_post_at, last_author_id = newest_post(thread)
    # Numbers are never taken back, so a higher one is right; imports leave it below `last_floor`.
    given_enough = max(thread.last_given_floor, found["shown"]) >= found["given"]
    return {
        "reply_count": found["reply_count"],
        "answering_count": found["answering_count"],
        "last_floor": found["shown"],
        "last_given_floor": thread.last_given_floor if given_enough else found["given"],
        "last_post_at": last_post_at,
        "last_author_id": last_author_id,
    }


def _wrong_on_posts(thread: Thread) -> Iterator[Wrong]:
    for kind in ReactionKind:
        name = f"{kind.value}_count"
        counted = Count("reactions", filter=Q(reactions__kind=kind))
        posts = thread.posts.annotate(counted=counted).exclude(**{name: F("counted")})
        for pk, cached, right in posts.values_list("pk", name, "counted"):
            yield Wrong(f"post:{pk}", name, cached, right)
