from datetime import datetime

from community.threads.models import ReadPosition, Thread
from fans.accounts.models import Fan


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
