"""The models of all rooms, for Django; code imports them from their room."""

from community.importers.models import AccountClaim
from community.moderation.models import Case, Flag, Sanction
from community.products.models import Product, Team
from community.screening.models import WatchedWord
from community.threads.models import (
    Board,
    PastBoardSlug,
    Post,
    PostRevision,
    Reaction,
    ReadPosition,
    Thread,
)

__all__ = [
    "AccountClaim",
    "Board",
    "Case",
    "Flag",
    "PastBoardSlug",
    "Post",
    "PostRevision",
    "Product",
    "Reaction",
    "ReadPosition",
    "Sanction",
    "Team",
    "Thread",
    "WatchedWord",
]
