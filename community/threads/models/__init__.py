"""Boards, threads and posts (spec §4), in a file each."""

from community.threads.models.boards import (
    Audience,
    Board,
    BoardQuerySet,
    PastBoardSlug,
    audiences_of,
)
from community.threads.models.marks import (
    Reaction,
    ReactionKind,
    ReadPosition,
)
from community.threads.models.posts import (
    Post,
    PostQuerySet,
    PostRevision,
    PostRevisionQuerySet,
)
from community.threads.models.states import (
    Rule,
    State,
)
from community.threads.models.threads import (
    STARTED_BY_HAND,
    Thread,
    ThreadKind,
    ThreadQuerySet,
    moderated_boards,
)

__all__ = [
    "STARTED_BY_HAND",
    "Audience",
    "Board",
    "BoardQuerySet",
    "PastBoardSlug",
    "Post",
    "PostQuerySet",
    "PostRevision",
    "PostRevisionQuerySet",
    "Reaction",
    "ReactionKind",
    "ReadPosition",
    "Rule",
    "State",
    "Thread",
    "ThreadKind",
    "ThreadQuerySet",
    "audiences_of",
    "moderated_boards",
]
