from datetime import datetime

from django.db import transaction

from community.threads import earning
from community.threads.actions.counting import lock_thread_of
from community.threads.models import Post
from fans.ledger.actions import record


@transaction.atomic
def count_post(*, post: Post, at: datetime) -> bool:
    """A post earns its point (spec §2, post.basic); asked again under its thread's lock."""
    locked = lock_thread_of(post)
    if not earning.weighs_enough(locked) or not earning.posts_to_count(at).filter(pk=post.pk):
        return False
    record(
        fan=locked.author,
        kind="post.basic",
        subject=f"post:{locked.pk}",
        effective_at=locked.waited_until or locked.created_at,
        at=at,
    )
    return True
