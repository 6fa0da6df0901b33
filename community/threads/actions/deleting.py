from datetime import datetime, timedelta

from django.db import transaction

from community.threads.actions.counting import (
    lock_thread_of,
    remember_deletion,
    set_state,
    thread_state_over_deleted,
)
from community.threads.actions.refusals import (
    NotAllowed,
    NotInThatState,
    OthersStandBehindIt,
    TooLate,
)
from community.threads.models import Post, State, ThreadKind
from fans.accounts.models import Fan

UNDO_WITHIN = timedelta(hours=24)
# They are hidden when their thread is; votes, seats and thanks hang on them.
THINGS = {ThreadKind.REQUEST, ThreadKind.RELEASE, ThreadKind.MEETUP}


@transaction.atomic
def delete_post(*, post: Post, author: Fan, at: datetime) -> Post:
    """Take one's own words back; a tombstone keeps the floor. Twice is the same as once.

    Floor 1 with replies by others leaves its thread listed, title and all, over a tombstone:
    their words are not its author's to take away. Without such replies the thread goes with it,
    the author's own replies included. The opening words of a wish, a build or a meetup stay: each
    is ended on its own page, by its own rule.
    """
    locked = lock_thread_of(post)
    if locked.author_id != author.pk:
        raise NotAllowed
    if locked.state == State.DELETED:
        return locked
    if locked.state != State.PUBLISHED:
        raise NotInThatState
    if locked.floor == 1 and locked.thread.kind in THINGS:
        raise OthersStandBehindIt
    remember_deletion(locked, at)
    set_state(locked, State.DELETED, at, thread_state=thread_state_over_deleted(locked.thread))
    return locked


@transaction.atomic
def restore_post(*, post: Post, author: Fan, at: datetime) -> Post:
    """Undo a deletion within 24 hours: the post stands again where it stood.

    Not what a moderator took away meanwhile: deleting one's words is no way around a removal.
    """
    locked = lock_thread_of(post)
    if locked.author_id != author.pk:
        raise NotAllowed
    if locked.state == State.PUBLISHED:
        return locked
    if locked.state != State.DELETED:
        raise NotInThatState
    if at - locked.state_at > UNDO_WITHIN:
        raise TooLate
    remember_deletion(locked, None)
    set_state(locked, State.PUBLISHED, at)
    return locked
