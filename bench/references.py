"""What the site is compared with: the fewest lines that do the bare work."""

import os
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from community.feature_requests.models import FeatureRequest, Vote
from community.products.models import Product
from community.threads.models import Board, ReadPosition, Thread

ROWS = 30


@cache
def _bytes() -> bytes:
    return Path(os.environ["BENCH_SAME_BYTES"]).read_bytes()


def same_bytes(request: HttpRequest) -> HttpResponse:
    """P1: a Django view that returns the bytes of the hot page, and does nothing else."""
    body = _bytes()
    return HttpResponse(body, headers={"Content-Length": str(len(body))})


def plain_thread(request: HttpRequest, pk: int) -> HttpResponse:
    """P2: a thread as one writes it without a second thought: session, user, three queries."""
    thread = get_object_or_404(Thread.objects.select_related("board", "author"), pk=pk)
    posts = thread.posts.select_related("author").order_by("floor")[:25]
    context = {"thread": thread, "posts": posts, "boards": Board.objects.order_by("position")}
    return render(request, "bench/thread.html", context)


def plain_threads(request: HttpRequest) -> HttpResponse:
    """P3: the latest threads, each with what this reader has read of it; three queries."""
    found = Thread.objects.select_related("board", "author", "last_author")
    rows = list(found.order_by("-last_post_at")[:ROWS])
    read = ReadPosition.objects.filter(fan=request.user.pk, thread__in=rows)
    floors = dict(read.values_list("thread", "floor"))
    for row in rows:
        row.is_unread = floors.get(row.pk, 0) < row.last_floor
    context = {"threads": rows, "boards": Board.objects.order_by("position")}
    return render(request, "bench/threads.html", context)


def plain_wishes(request: HttpRequest) -> HttpResponse:
    """P3: the wishes most fans stand behind, each with the vote of this reader; three queries."""
    found = FeatureRequest.objects.select_related("product", "team", "thread")
    rows = list(found.order_by("-vote_count")[:ROWS])
    mine = Vote.objects.filter(fan=request.user.pk, feature_request__in=rows)
    voted = set(mine.values_list("feature_request", flat=True))
    for row in rows:
        row.has_my_vote = row.pk in voted
    context = {"wishes": rows, "products": Product.objects.order_by("position")}
    return render(request, "bench/wishes.html", context)
