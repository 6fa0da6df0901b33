from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from community.threads.models import Post, ReadPosition, Thread, ThreadQuerySet
from fans.accounts.models import Fan

READ_AT_ONCE = 500  # rows in a statement


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
    """Count these threads as read to their end, however many.

    Returns how far each was read before (0: never opened), which is what undoing it takes.
    """
    ends = dict(threads.order_by("pk").values_list("pk", "last_floor"))
    positions = ReadPosition.objects.filter(fan=fan)
    before = dict(positions.values_list("thread_id", "floor"))
    ReadPosition.objects.bulk_create(
        [
            ReadPosition(fan=fan, thread_id=pk, floor=floor, read_at=at)
            for pk, floor in ends.items()
        ],
        batch_size=READ_AT_ONCE,
        update_conflicts=True,
        unique_fields=["fan", "thread"],
        update_fields=["floor", "read_at"],
    )
    return {pk: before.get(pk, 0) for pk in ends}


@transaction.atomic
def undo_mark_all_read(*, fan: Fan, before: Mapping[int, int], at: datetime) -> None:
    """Put back what `mark_all_read` at that moment moved; what was read since stays read.

    A thread that `before` does not name was never opened.
    """
    moved = list(ReadPosition.objects.filter(fan=fan, read_at=at).order_by("thread"))
    opened = [position for position in moved if before.get(position.thread_id)]
    for position in opened:
        position.floor = before[position.thread_id]
    ReadPosition.objects.bulk_update(opened, ["floor"], batch_size=READ_AT_ONCE)
    unopened = [position.pk for position in moved if not before.get(position.thread_id)]
    for start in range(0, len(unopened), READ_AT_ONCE):
        chunk = unopened[start : start + READ_AT_ONCE]
        ReadPosition.objects.filter(pk__in=chunk, read_at=at).delete()
