from datetime import datetime

from django.db import transaction

from community.moderation import notices
from community.threads import actions as threads
from community.threads.models import Post, State
from fans.accounts.models import Fan


def publish_post(*, post: Post, by: Fan, at: datetime) -> None:
    """Let a waiting post appear (A1)."""
    threads.publish_waiting(post=post, by=by, at=at)


@transaction.atomic
def reject_post(*, post: Post, by: Fan, rule: str, at: datetime, note: str = "") -> None:
    """Turn a waiting post down by a rule (C1). Its author is told once, and may mend it."""
    if threads.reject(post=post, by=by, rule=rule, at=at, note=note):
        message = notices.about_post(post=post, became=State.REJECTED, rule=rule, note=note)
        notices.tell(post.author, message)
