"""What the site is compared with: the fewest lines that do the bare work."""

import os
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from community.threads.models import Board, Thread


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
