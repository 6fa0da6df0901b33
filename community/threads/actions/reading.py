from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from community.threads.models import Post, ReadPosition, Thread, ThreadQuerySet
from fans.accounts.models import Fan

READ_AT_ONCE = 500


def mark_read(*, fan: Fan, thread: Thread, floor: int, at: datetime) -> None:
    """Remember how far somebody has read; an older page never takes them back.

    Single statements, each right by itself: no transaction, no lock on the thread.
    """
    behind = ReadPosition.objects.filter(fan=fan, thread=thread, floor__lt=floor)
    if behind.update(floor=floor, read_at=at):
        return
    position = ReadPosition(fan=fan, thread=thread, floor=floor, read_at=at)
    ReadPosition.objects.bulk_create([position], ignore_conflicts=True)
    behind.update(floor=floor, read_at=at)  # another tab was first, with less


def read_own_words(*, post: Post, at: datetime) -> None:
    """Who had read to the end has read what they wrote there themselves."""
    ReadPosition.objects.filter(
        fan=post.author_id, thread=post.thread_id, floor=post.floor - 1
    ).update(floor=post.floor, read_at=at)


@transaction.atomic
def mark_all_read(*, fan: Fan, threads: ThreadQuerySet, at: datetime) -> dict[int, int]:
    """Count the newest of these threads as read to their end.

    Returns how far each was read before (0: never opened), which is what undoing it takes.
    """
    newest = threads.order_by("-last_post_at", "-pk").values_list("pk", "last_floor")
    ends = dict(newest[:READ_AT_ONCE])
    positions = ReadPosition.objects.filter(fan=fan, thread__in=ends)
    before = dict(positions.values_list("thread_id", "floor"))
    ReadPosition.objects.bulk_create(
        [
            ReadPosition(fan=fan, thread_id=pk, floor=floor, read_at=at)
            for pk, floor in ends.items()
        ],
        update_conflicts=True,
        unique_fields=["fan", "thread"],
        update_fields=["floor", "read_at"],
    )
    return {pk: before.get(pk, 0) for pk in ends}


@transaction.atomic
def undo_mark_all_read(*, fan: Fan, before: Mapping[int, int], at: datetime) -> None:
    """Put back what `mark_all_read` at that moment moved; what was read since stays read."""
    moved = ReadPosition.objects.filter(fan=fan, read_at=at, thread__in=before)
    moved.filter(thread__in=[pk for pk, floor in before.items() if not floor]).delete()
    positions = list(moved)
    for position in positions:
        position.floor = before[position.thread_id]
    ReadPosition.objects.bulk_update(positions, ["floor"])
