"""What a post said before, and what changed."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from community.threads.differences import Difference, difference
from community.threads.models import Post, PostRevision
from community.threads.pages import address_of
from community.threads.permissions import may_moderate_post
from fans import policy

SHOWN_AT_MOST = 100


@dataclass(frozen=True)
class Version:
    place: int  # 1 is the oldest that is shown; hidden ones leave no gap
    number: int  # of the revision, to hide it; 0 for what the post says now
    title: str
    source: str
    reason: str  # why it was written, where its writer said so
    written_at: datetime


@require_safe
@policy.anyone
def history(request: HttpRequest, pk: int) -> HttpResponse:
    posts = Post.objects.visible_to(request.user).select_related(
        "thread__board", "author__standing"
    )
    post = get_object_or_404(posts, pk=pk)
    versions = _versions(request, post)
    shown = _chosen(request.GET.get("version", ""), versions)
    before = versions[shown.place - 2] if shown.place > 1 else None
    context = {
        "post": post,
        "address": address_of(post.thread, post.floor),
        "versions": versions[::-1],
        "shown": shown,
        "before": before,
        "title": _compared(before.title if before else shown.title, shown.title),
        "words": _compared(before.source if before else shown.source, shown.source),
        "may_hide": may_moderate_post(request.user, post),
    }
    return render(request, "threads/history.html", context)


def _versions(request: HttpRequest, post: Post) -> list[Version]:
    """Oldest first. A revision holds what was said until its edit, and that edit's reason."""
    revisions = PostRevision.objects.visible_to(request.user).filter(post=post)
    newest = list(revisions.order_by("-number")[:SHOWN_AT_MOST])[::-1]
    versions: list[Version] = []
    reason, written_at = "", post.created_at
    for revision in newest:
        versions.append(
            Version(
                len(versions) + 1,
                revision.number,
                revision.title,
                revision.source,
                reason,
                written_at,
            )
        )
        reason, written_at = revision.reason, revision.replaced_at
    title = post.thread.title if post.floor == 1 else ""
    return [*versions, Version(len(versions) + 1, 0, title, post.source, reason, written_at)]


def _chosen(text: str, versions: list[Version]) -> Version:
    is_number = text.isascii() and text.isdigit() and len(text) < 6
    place = int(text) if is_number else len(versions)
    return versions[min(max(place, 1), len(versions)) - 1]


def _compared(before: str, after: str) -> list[Difference]:
    return difference(before, after) if before or after else []
