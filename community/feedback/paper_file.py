"""A file of paper forms: what is in it, and every line and column that is wrong (O10).

Nothing is written here. The same rules hold as for typing: each line goes through the same form.
"""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext as _

from community.feedback.rules import MOST_FORMS

if TYPE_CHECKING:
    from _csv import Reader

COLUMNS = (
    *("overall", "loved", "not_good", "not_good_words", "severity", "frequency"),
    *("wishes", "words", "consents"),
)
MOST_BYTES = 1024 * 1024
_SEPARATORS = (",", ";", "\t")
_YES = {"yes", "y", "1", "true", "x", "是", "✓", "☑"}
_NO = {"", "no", "n", "0", "false", "否", "☐"}


class Problem(NamedTuple):
    """`line` as an editor counts them; no column where it is the whole line."""

    line: int
    column: str
    words: str


class Row(NamedTuple):
    line: int
    cells: dict[str, str]


@dataclass
class Contents:
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """The same for the same forms, however the file was saved."""
        return sha256(self.kept.encode()).hexdigest()

    @property
    def kept(self) -> str:
        """What the page of the dry run hands on to the import."""
        return json.dumps(self.rows, ensure_ascii=False)


def read(data: bytes) -> Contents:
    """UTF-8, with or without a mark, UTF-16 with one, else GB18030; comma, semicolon or tab."""
    text = _text(data)
    if text is None or "\0" in text:
        return _unreadable(_("This is no text: save the table as CSV."))
    found = Contents()
    try:
        _take(_lines(text), found)
    except csv.Error:
        return _unreadable(_("A quotation mark is opened and never closed, or a cell is endless."))
    return found


def kept(words: str) -> Contents | None:
    """What the dry run handed on; None where somebody made it up."""
    try:
        rows = [Row(int(line), dict(cells)) for line, cells in json.loads(words)]
    except (ValueError, TypeError, RecursionError):
        return None
    is_sound = all(
        set(row.cells) == set(COLUMNS) and all(isinstance(cell, str) for cell in row.cells.values())
        for row in rows
    )
    return Contents(rows) if 0 < len(rows) <= MOST_FORMS and is_sound else None


def check(
    contents: Contents, errors_of: Callable[[Mapping[str, str]], Mapping[str, Sequence[str]]]
) -> None:
    """Add what each line's form says: `errors_of` gives the words by column."""
    for row in contents.rows:
        for column, words in errors_of(as_typed(row)).items():
            shown = column if column in COLUMNS else ""
            contents.problems.extend(Problem(row.line, shown, word) for word in words)
    contents.problems.sort()


def as_typed(row: Row) -> dict[str, str]:
    """As if it had been typed in; a box is ticked or is not."""
    typed = {name: cell for name, cell in row.cells.items() if cell or name != "consents"}
    typed["severity"] = typed["severity"].upper() or "S3"
    typed["frequency"] = typed["frequency"].upper() or "Q3"
    if row.cells["consents"].casefold() in _NO:
        typed.pop("consents", None)
    return typed


def _unreadable(words: str) -> Contents:
    return Contents(problems=[Problem(1, "", words)])


def _text(data: bytes) -> str | None:
    encodings = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _lines(text: str) -> "Reader":
    first = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)


def _take(lines: "Reader", found: Contents) -> None:
    head = [cell.strip().casefold() for cell in next(lines, [])]
    found.problems.extend(_problems_of_head(head))
    if found.problems:
        return
    for cells in lines:
        line = lines.line_num
        if not any(cell.strip() for cell in cells):
            continue
        if len(found.rows) == MOST_FORMS:
            most = _("More than %(most)d forms: divide the file.") % {"most": MOST_FORMS}
            found.problems.append(Problem(line, "", most))
            return
        if len(cells) > len(head):
            found.problems.append(Problem(line, "", _("More cells than columns.")))
        named = dict(zip(head, cells, strict=False))
        row = Row(line, {name: named.get(name, "").strip() for name in COLUMNS})
        if row.cells["consents"].casefold() not in _YES | _NO:
            found.problems.append(Problem(line, "consents", _("Write yes or no.")))
        found.rows.append(row)
    if not found.rows:
        found.problems.append(Problem(2, "", _("There is no form in this file.")))


def _problems_of_head(head: list[str]) -> list[Problem]:
    said = [(name, _("This column is missing.")) for name in COLUMNS if name not in head]
    said += [(name, _("There is no such column.")) for name in head if name not in COLUMNS]
    said += [(name, _("This column is there twice.")) for name in COLUMNS if head.count(name) > 1]
    return [Problem(1, name[:40], words) for name, words in said]
