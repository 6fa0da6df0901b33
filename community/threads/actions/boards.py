"""What admins do with boards. A board is archived, never deleted: its threads stay readable."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from django.db import transaction

from community.products.models import Product
from community.threads.models import Audience, Board, PastBoardSlug
from fans.accounts.models import Fan
from fans.audit.actions import record
from fans.site.freshness import renew_stamp


class SlugTaken(Exception):
    """The address leads to another board, now or from before it was renamed."""


@dataclass(frozen=True, kw_only=True)
class BoardDetails:
    name: str
    slug: str
    name_zh_hans: str = ""
    name_zh_hant: str = ""
    description: str = ""
    description_zh_hans: str = ""
    description_zh_hant: str = ""
    product: Product | None = None
    readable_by: str = Audience.EVERYONE
    announcements_only: bool = False
    every_post_waits: bool = False
    slow_mode_seconds: int = 0
    release_minutes: int = 10


@transaction.atomic
def create_board(*, details: BoardDetails, actor: Fan, at: datetime) -> Board:
    """Open a place to talk, after all others. Sent twice, it is opened once."""
    boards = _all_boards_locked()
    same = next((board for board in boards if board.slug == details.slug), None)
    if same is not None and not _differing(same, details):
        return same
    _refuse_taken(details.slug, None)
    position = max((board.position for board in boards), default=0) + 1
    board = Board.objects.create(position=position, **_values(details))
    record(actor=actor, verb="board created", subject=f"board:{board.pk}", at=at, slug=board.slug)
    transaction.on_commit(renew_stamp)
    return board


@transaction.atomic
def change_board(*, board: Board, details: BoardDetails, actor: Fan, at: datetime) -> bool:
    """Change what a board is called and how it is kept; False when it was so already.

    Its old address goes on leading to it.
    """
    locked = Board.objects.select_for_update(no_key=True).get(pk=board.pk)
    differing = _differing(locked, details)
    if not differing:
        return False
    if "slug" in differing:
        _refuse_taken(details.slug, locked)
        locked.past_slugs.filter(slug=details.slug).delete()
        PastBoardSlug.objects.get_or_create(slug=locked.slug, defaults={"board": locked})
    for field in differing:
        setattr(locked, field, getattr(details, field))
    locked.save(update_fields=differing)
    record(actor=actor, verb="board changed", subject=f"board:{board.pk}", at=at, changed=differing)
    transaction.on_commit(renew_stamp)
    return True


@transaction.atomic
def place_board(*, board: Board, before: Board | None, actor: Fan, at: datetime) -> bool:
    """Put a board in front of another, or at the end; False when it stands there already."""
    boards = _all_boards_locked()
    others = [other for other in boards if other.pk != board.pk]
    places = [other.pk for other in others]
    index = places.index(before.pk) if before and before.pk in places else len(others)
    wanted = [*others[:index], board, *others[index:]]
    if [one.pk for one in wanted] == [one.pk for one in boards]:
        return False
    for position, one in enumerate(wanted, start=1):
        Board.objects.filter(pk=one.pk).exclude(position=position).update(position=position)
    record(actor=actor, verb="board placed", subject=f"board:{board.pk}", at=at)
    transaction.on_commit(renew_stamp)
    return True


@transaction.atomic
def archive_board(*, board: Board, actor: Fan, at: datetime) -> bool:
    """Close a board for writing and take it off the lists; False when it was closed."""
    if not Board.objects.filter(pk=board.pk, archived_at=None).update(archived_at=at):
        return False
    record(actor=actor, verb="board archived", subject=f"board:{board.pk}", at=at)
    transaction.on_commit(renew_stamp)
    return True


@transaction.atomic
def reopen_board(*, board: Board, actor: Fan, at: datetime) -> bool:
    """Take an archived board up again; False when it was open."""
    closed = Board.objects.filter(pk=board.pk, archived_at__isnull=False)
    if not closed.update(archived_at=None):
        return False
    record(actor=actor, verb="board reopened", subject=f"board:{board.pk}", at=at)
    transaction.on_commit(renew_stamp)
    return True


def _all_boards_locked() -> Sequence[Board]:
    """Every board in its order; two admins who sort at once wait for each other."""
    locked = Board.objects.select_for_update(no_key=True).order_by("pk")
    return sorted(locked, key=lambda board: (board.position, board.pk))


def _refuse_taken(slug: str, board: Board | None) -> None:
    present, past = Board.objects.filter(slug=slug), PastBoardSlug.objects.filter(slug=slug)
    if board is not None:
        present, past = present.exclude(pk=board.pk), past.exclude(board=board)
    if present.exists() or past.exists():
        raise SlugTaken


def _differing(board: Board, details: BoardDetails) -> list[str]:
    return [field for field, value in _values(details).items() if getattr(board, field) != value]


def _values(details: BoardDetails) -> dict[str, object]:
    return {field.name: getattr(details, field.name) for field in fields(details)}
