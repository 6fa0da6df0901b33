"""Everything the page of one wish shows, for one reader."""

from datetime import datetime
from typing import Any

from django.db.models import Sum, prefetch_related_objects

from community.feature_requests.cards import card_of
from community.feature_requests.desk import desk_of
from community.feature_requests.following import follow_state
from community.feature_requests.models import (
    Channel,
    FeatureRequest,
    OfflineSupport,
    Status,
    StoryStep,
)
from community.feature_requests.moves import told_of_judgement
from community.feature_requests.permissions import casts_votes, may_withdraw
from community.feature_requests.promises import promise_of
from community.feature_requests.timeline import Entry, official_answer, timeline
from community.products.models import Tag
from community.threads.models import Post
from community.threads.permissions import may_reply
from community.threads.rendering import plain
from fans.accounts.models import Fan, Reader

REPLIES_SHOWN = 3
MERGED_SHOWN = 20
EXCERPT = 150


def page_of(wish: FeatureRequest, reader: Reader, at: datetime, **forms: Any) -> dict[str, Any]:
    entries = timeline(wish)
    merged = _merged(wish, reader)
    words = _words_of(wish, reader)
    return {
        "wish": wish,
        "words": words,
        "tags": _tags_of(wish),
        "entries": entries,
        "answer": official_answer(entries),
        "is_late": wish.answer_due_at is not None and wish.answer_due_at < at,
        "promise": promise_of(wish, at),
        **_shipping_of(wish, reader, entries),
        "joint": joint_of(wish, reader),
        "merged": merged,
        "co_requesters": _co_requesters(wish, merged),
        "offline": _offline_of(wish),
        "replies": _newest_replies(wish, reader),
        "follow": follow_state(wish, reader),
        "may_reply": isinstance(reader, Fan) and may_reply(reader, wish.thread),
        "may_vote": not reader.is_authenticated or casts_votes(reader),
        "may_withdraw": may_withdraw(reader, wish),
        "may_answer_question": (wish.author_id == reader.pk and wish.status == Status.NEEDS_INFO),
        **card_of(wish, reader, wish.get_absolute_url(), _excerpt(words)),
        **desk_of(wish, reader, at, **forms),
    }


def joint_of(wish: FeatureRequest, reader: Reader) -> FeatureRequest | None:
    """The wish this one is shown as (F4), for who may see that (R2)."""
    if wish.shown_as_id is None:
        return None
    return FeatureRequest.objects.visible_to(reader).filter(pk=wish.shown_as_id).first()


def _shipping_of(wish: FeatureRequest, reader: Reader, entries: list[Entry]) -> dict[str, str]:
    """The build it came with, and what those who voted for it said of that (F8)."""
    if not any(entry.change and entry.change.became == Status.SHIPPED for entry in entries):
        return {}
    steps = StoryStep.objects.visible_to(reader).filter(feature_request=wish)
    newest = steps.filter(kind__in=["shipped", "judged"]).order_by("-happened_at", "-pk").first()
    if newest is None:
        return {}
    return {
        "release_url": newest.url if wish.status == Status.SHIPPED else "",
        "judgement": told_of_judgement(newest.facts) if newest.kind == "judged" else "",
    }


def _words_of(wish: FeatureRequest, reader: Reader) -> Post | None:
    """The first post of its thread: as edited, and gone when that is."""
    first = Post.objects.visible_to(reader).filter(thread=wish.thread_id, floor=1)
    return first.select_related("author__standing").first()


def _excerpt(words: Post | None) -> str:
    return plain(words.html, EXCERPT) if words else ""


def _tags_of(wish: FeatureRequest) -> list[Tag]:
    """Those that are still in use; the desk reads the same rows."""
    prefetch_related_objects([wish], "tags")
    return sorted((tag for tag in wish.tags.all() if not tag.retired_at), key=lambda tag: tag.name)


def _merged(wish: FeatureRequest, reader: Reader) -> list[FeatureRequest]:
    rows = FeatureRequest.objects.visible_to(reader).filter(shown_as=wish.pk)
    related = rows.select_related("author__standing", "thread", "merged_into")
    return list(related.order_by("pk")[:MERGED_SHOWN])


def _co_requesters(wish: FeatureRequest, merged: list[FeatureRequest]) -> list[Fan]:
    authors = {row.author_id: row.author for row in merged if row.author_id != wish.author_id}
    return list(authors.values())


def _offline_of(wish: FeatureRequest) -> list[tuple[str, int]]:
    """How the voices heard away from the site reached us: «on paper», 12 (F3)."""
    if not wish.offline_count:
        return []
    rows = OfflineSupport.objects.counted_for(wish).order_by().values_list("channel")
    sums = dict(rows.annotate(voices=Sum("count")))
    return [(str(channel.label), sums[channel]) for channel in Channel if channel in sums]


def _newest_replies(wish: FeatureRequest, reader: Reader) -> list[Post]:
    """The newest words about it, those about what is merged into it among them (F4)."""
    posts = Post.objects.visible_to(reader).published().filter(floor__gt=1)
    cluster = FeatureRequest.objects.shown_with(wish.pk)
    here = posts.filter(thread__in=cluster.values("thread")).order_by("-created_at", "-pk")
    # Which ones, and then all of them: asked for at once, every reply there is would be read.
    newest = Post.objects.filter(pk__in=here.values("pk")[:REPLIES_SHOWN])
    related = newest.select_related("author__standing", "author__avatar", "official_team", "thread")
    return list(related.order_by("created_at", "pk"))
