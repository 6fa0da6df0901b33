"""Everything the page of one wish shows, for one reader."""

from typing import Any

from django.db.models import Q

from community.feature_requests.forms import MergeForm, NoteForm, StatusForm
from community.feature_requests.graph import steps_from
from community.feature_requests.models import FeatureRequest, Status
from community.feature_requests.permissions import (
    casts_votes,
    may_answer,
    may_triage,
    may_withdraw,
)
from community.feature_requests.timeline import official_answer, timeline
from community.threads.models import Post
from community.threads.permissions import may_reply
from fans.accounts.models import Fan, Reader

REPLIES_SHOWN = 3
MERGED_SHOWN = 20


def page_of(wish: FeatureRequest, reader: Reader, **forms: Any) -> dict[str, Any]:
    entries = timeline(wish)
    merged = _merged(wish, reader)
    return {
        "wish": wish,
        "words": _words_of(wish, reader),
        "entries": entries,
        "answer": official_answer(entries),
        "release_url": _release_url(wish),
        "merged": merged,
        "co_requesters": _co_requesters(wish, merged),
        "replies": _newest_replies(wish, reader),
        "may_reply": isinstance(reader, Fan) and may_reply(reader, wish.thread),
        "may_vote": not reader.is_authenticated or casts_votes(reader),
        "may_withdraw": may_withdraw(reader, wish),
        "may_answer_question": (wish.author_id == reader.pk and wish.status == Status.NEEDS_INFO),
        **desk_of(wish, reader, **forms),
    }


def _release_url(wish: FeatureRequest) -> str:
    if wish.status != Status.SHIPPED:
        return ""
    shipped = wish.story_steps.filter(kind="shipped").order_by("-happened_at", "-pk")
    return shipped.values_list("url", flat=True).first() or ""


def desk_of(wish: FeatureRequest, reader: Reader, **forms: Any) -> dict[str, Any]:
    """The panel of moderators and staff; nothing for anybody else."""
    if not isinstance(reader, Fan) or not may_triage(reader, wish):
        return {}
    steps = steps_from(wish.status, is_staff=reader.is_staff)
    desk: dict[str, Any] = {"may_triage": True}
    if steps:
        desk["status_form"] = StatusForm(wish=wish, actor=reader)
    if may_answer(reader) and wish.status != Status.MERGED:
        desk["note_form"] = NoteForm()
    if wish.takes_votes:
        desk["merge_form"] = MergeForm(wish=wish, actor=reader)
    return desk | forms


def _words_of(wish: FeatureRequest, reader: Reader) -> Post | None:
    """The first post of its thread: as edited, and gone when that is."""
    first = Post.objects.visible_to(reader).filter(thread=wish.thread_id, floor=1)
    return first.select_related("author__standing").first()


def _merged(wish: FeatureRequest, reader: Reader) -> list[FeatureRequest]:
    rows = FeatureRequest.objects.visible_to(reader).filter(shown_as=wish.pk)
    related = rows.select_related("author__standing", "thread", "merged_into")
    return list(related.order_by("pk")[:MERGED_SHOWN])


def _co_requesters(wish: FeatureRequest, merged: list[FeatureRequest]) -> list[Fan]:
    authors = {row.author_id: row.author for row in merged if row.author_id != wish.author_id}
    return list(authors.values())


def _newest_replies(wish: FeatureRequest, reader: Reader) -> list[Post]:
    """The newest words about it, those about what is merged into it among them (F4)."""
    posts = Post.objects.visible_to(reader).published().filter(floor__gt=1)
    here = posts.filter(Q(thread=wish.thread_id) | Q(thread__feature_request__shown_as=wish.pk))
    newest = here.select_related("author__standing", "author__avatar", "official_team", "thread")
    return list(newest.order_by("-created_at", "-pk")[:REPLIES_SHOWN])[::-1]
