"""What the boards of an old forum are called here: the archive itself holds numbers alone."""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.text import slugify

from fans.accounts.naming import handle_from

LONGEST_NAME = LONGEST_SLUG = 60


class BoardsFileRefused(Exception):
    """The file of board names cannot be used; its words say why."""


@dataclass(frozen=True, slots=True)
class BoardName:
    name: str
    slug: str


def board_names(path: Path) -> dict[int, BoardName]:
    """Category number → name and slug, from JSON or CSV. Raises BoardsFileRefused.

    JSON: `{"7": "Protocol", "8": {"name": "实现", "slug": "implementation"}}`. CSV: one line
    each of number, name and, if wished, slug. A slug that exists puts the threads on that board.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        rows = _from_json(text) if path.suffix.lower() == ".json" else _from_csv(text)
        return {int(number): _checked(name, slug) for number, name, slug in rows}
    except (OSError, UnicodeDecodeError) as error:
        raise BoardsFileRefused(f"{path}: {error}") from error
    except (ValueError, TypeError, AttributeError, KeyError, csv.Error) as error:
        raise BoardsFileRefused(
            f"{path} is not understood ({error}). Each board needs its number and a name."
        ) from error


def _from_json(text: str) -> Iterator[tuple[Any, Any, Any]]:
    boards = json.loads(text)
    for number, board in boards.items():
        known: Mapping[str, Any] = board if isinstance(board, dict) else {"name": board}
        yield number, known["name"], known.get("slug", "")


def _from_csv(text: str) -> Iterator[tuple[Any, Any, Any]]:
    for row in csv.reader(text.splitlines()):
        cells = [cell.strip() for cell in row]
        if not any(cells) or not cells[0].isdecimal():
            continue  # an empty line, or the line of headings
        yield cells[0], cells[1] if len(cells) > 1 else "", cells[2] if len(cells) > 2 else ""


def _checked(name: Any, slug: Any) -> BoardName:
    words = " ".join(str(name).split())
    if not words or len(words) > LONGEST_NAME:
        raise ValueError(f"a name has 1 to {LONGEST_NAME} characters: «{words}»")
    wanted = str(slug or "") or slugify(words) or handle_from(words)
    if slugify(wanted) != wanted.lower():
        raise ValueError(f"a slug has letters a to z, digits and hyphens: «{wanted}»")
    return BoardName(words, wanted.lower()[:LONGEST_SLUG])
