"""The boards of an old forum: «Imported 7» until somebody gives it a name."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from django.db import transaction
from django.db.models import Max

from community.importers.board_names import BoardName
from community.threads.models import Board, PastBoardSlug


class _Counts(Protocol):
    boards: int


@transaction.atomic
def bring_boards(
    categories: Iterable[int], names: Mapping[int, BoardName], added: _Counts
) -> dict[int, Board]:
    """One board for each category. A name from the file whose slug exists means that board."""
    boards = {}
    for category in sorted(categories):
        wanted = names.get(category)
        board = _known(category, wanted)
        if board is None:
            board = _open(category, wanted)
            added.boards += 1
        boards[category] = board
    return boards


def _known(category: int, wanted: BoardName | None) -> Board | None:
    board = Board.objects.filter(imported_as=f"discourse:{category}").first()
    if wanted is None:
        return board
    if board is None:
        return Board.objects.filter(slug=wanted.slug).first()
    # Named after the first run: unless staff chose a name meanwhile, the file decides.
    if board.name == f"Imported {category}" and not _is_used(wanted.slug):
        PastBoardSlug.objects.get_or_create(slug=board.slug, defaults={"board": board})
        board.name, board.slug = wanted.name, wanted.slug
        board.name_zh_hans = board.name_zh_hant = ""
        board.save(update_fields=["name", "slug", "name_zh_hans", "name_zh_hant"])
    return board


def _open(category: int, wanted: BoardName | None) -> Board:
    last = Board.objects.aggregate(last=Max("position"))["last"]
    slug = f"imported-{category}"
    while _is_used(slug):
        slug += "-discourse"
    return Board.objects.create(
        name=wanted.name if wanted else f"Imported {category}",
        name_zh_hans="" if wanted else f"导入 {category}",
        name_zh_hant="" if wanted else f"匯入 {category}",
        slug=wanted.slug if wanted else slug,
        position=(last or 0) + 1,
        imported_as=f"discourse:{category}",
    )


def _is_used(slug: str) -> bool:
    return (
        Board.objects.filter(slug=slug).exists() or PastBoardSlug.objects.filter(slug=slug).exists()
    )
