"""Reads the written threads of the demo community.

`=== board kind word=value …` opens a thread, its first line is the title; `--- …` opens a reply.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from community.markdown import language_of
from config.demo.fridays import last_friday

FOLDER = Path(__file__).parent / "threads"


@dataclass(slots=True)
class PostScript:
    """One post as it is told: `marks` says who speaks and what became of it."""

    text: str
    marks: dict[str, str] = field(default_factory=dict)

    @property
    def language(self) -> str:
        return self.marks.get("lang") or language_of(self.text)

    def number(self, mark: str) -> int:
        return int(self.marks.get(mark, "0"))


@dataclass(slots=True)
class ThreadScript:
    board: str
    kind: str
    title: str
    posts: list[PostScript]
    created_at: datetime

    @property
    def marks(self) -> dict[str, str]:
        return self.posts[0].marks


def written_threads(random: Random, at: datetime) -> list[ThreadScript]:
    """Every thread in `threads/`, in the order of the files."""
    return [
        _thread(block, random, at)
        for file in sorted(FOLDER.glob("*.md"))
        for block in _blocks(file.read_text(encoding="utf-8"), "=== ")
    ]


def _blocks(text: str, opening: str) -> Iterator[str]:
    for block in f"\n{text}".split(f"\n{opening}")[1:]:
        yield block.strip("\n")


def _thread(block: str, random: Random, at: datetime) -> ThreadScript:
    first, *replies = f"{block}\n".split("\n--- ")
    head, title, words = first.split("\n", 2)
    board, kind, *marks = head.split()
    opening = PostScript(words.strip(), _marks(marks))
    return ThreadScript(
        board=board,
        kind=kind,
        title=title.strip(),
        posts=[opening, *map(_reply, replies)],
        created_at=_moment(opening.marks, random, at),
    )


def _moment(marks: dict[str, str], random: Random, at: datetime) -> datetime:
    """`friday=1`: with the build of a week ago. `days=3`: about three days ago."""
    if "friday" in marks:
        return last_friday(at, int(marks["friday"]))
    return at - timedelta(days=int(marks["days"]), hours=random.uniform(1, 9))


def _reply(text: str) -> PostScript:
    head, words = text.split("\n", 1)
    return PostScript(words.strip(), _marks(head.split()))


def _marks(words: list[str]) -> dict[str, str]:
    return {
        name: value or "yes" for name, _equals, value in (word.partition("=") for word in words)
    }
