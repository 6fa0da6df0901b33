"""P5: a reply with all that it triggers, against one transaction that does the bare work."""

import time
from collections.abc import Callable
from datetime import timedelta
from statistics import median

from django.db import transaction
from django.db.models import F

from bench.measure import Row, Sizes
from bench.seed import WORDS, Seeded
from bench.site import BenchSite
from community.threads import actions
from community.threads.models import Post, Thread
from fans import clock

BAR = 3
AT_ONCE = 20


def post_a_reply(site: BenchSite, seeded: Seeded, sizes: Sizes) -> Row:
    """P5: a reply, with all that it triggers before the answer."""
    times: dict[Callable[[Seeded, int], None], list[float]] = {_ours: [], _bare: []}
    for turn in range(sizes.rounds + 1):  # the first warms up
        for post, taken in times.items():
            begun = time.perf_counter()
            for number in range(AT_ONCE):
                post(seeded, turn * AT_ONCE + number)
            taken.append((time.perf_counter() - begun) * 1000 / AT_ONCE)
    ours, bare = (median(taken[1:]) for taken in times.values())
    return Row(
        scenario="P5 post a reply",
        ours=f"{ours:.1f} ms",
        reference=f"{bare:.1f} ms",
        ratio=f"{ours / bare:.2f}",
        bar=f"≤ {BAR}",
        ok=ours / bare <= BAR,
        note="action called · one transaction: insert and counter through the ORM",
    )


def _ours(seeded: Seeded, number: int) -> None:
    actions.reply(
        thread=seeded.small_thread,
        author=seeded.reader,
        source=f"{number}. {WORDS}",
        submission_key=f"bench-{number}",
        at=clock.now() + timedelta(minutes=number),
    )


@transaction.atomic
def _bare(seeded: Seeded, number: int) -> None:
    at = clock.now()
    Post.objects.create(
        thread=seeded.large_thread,
        author=seeded.reader,
        floor=1_000 + number,
        source=WORDS,
        html=WORDS,
        state_at=at,
        created_at=at,
    )
    Thread.objects.filter(pk=seeded.large_thread.pk).update(
        reply_count=F("reply_count") + 1, last_floor=1_000 + number, last_post_at=at
    )
