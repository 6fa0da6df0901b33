"""Reads posts as Discourse's posts API gives them: a line each, or a JSON file each."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

REGULAR_POST = 1  # 2 and 3 note what moderators did, 4 is whispered among staff
LIKE = 2
# What a post may weigh as JSON: `raw` and `cooked` of the longest post many times over.
MAX_BYTES_A_POST = 32 * 1024 * 1024
LONGEST_LINE = 1_000  # characters of a title or a name; the old forum allows 255
MOST_POSTS_IN_A_TOPIC = 1_000_000
MOST_LIKES = 1_000_000
LARGEST_ID = 2**31 - 1
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
SLACK = timedelta(days=1)  # clocks differ, and an archive may be minutes old


class NotAPost(Exception):
    """A line or file that holds no post; its words say what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that was left out, and why."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class OldPost:
    """One post of the old forum, its texts cleaned of what no database takes."""

    post_id: int
    topic_id: int
    number: int
    category_id: int
    topic_title: str
    reply_to_number: int | None
    author_key: str  # "discourse:42"
    username: str
    name: str
    created_at: datetime
    updated_at: datetime
    version: int
    read_count: int
    raw: str
    cooked: str
    is_hidden: bool
    is_deleted: bool
    is_deleted_by_author: bool
    post_type: int
    like_count: int

    @property
    def age(self) -> tuple[datetime, int, int]:
        """Orders copies of one post, taken at different times: the greatest is the newest."""
        return self.updated_at, self.version, self.read_count


def old_posts(path: Path, at: datetime) -> Iterator[OldPost | Broken]:
    """Every post of a .jsonl, a .jsonl.gz or a folder of .json files, one at a time.

    `at` is the moment of the import: a post from later than that is broken.
    """
    for place, text in _texts(path):
        if text is not None and not text.strip():
            continue
        try:
            yield post_from(text, at)
        except NotAPost as refusal:
            yield Broken(place, str(refusal))


def _texts(path: Path) -> Iterator[tuple[str, bytes | None]]:
    if path.is_dir():
        for file in sorted(path.rglob("*.json")):
            fits = file.stat().st_size <= MAX_BYTES_A_POST
            yield str(file.relative_to(path)), file.read_bytes() if fits else None
        return
    opened: IO[bytes] = gzip.open(path) if path.suffix == ".gz" else path.open("rb")  # type: ignore[assignment]  # noqa: SIM115
    with opened as lines:
        number = 0
        while line := lines.readline(MAX_BYTES_A_POST):
            number += 1
            yield f"line {number}", line if _ends_here(line, lines) else None


def _ends_here(line: bytes, lines: IO[bytes]) -> bool:
    """Whether this is a whole line; the rest of one nobody wrote by hand is passed over."""
    if len(line) < MAX_BYTES_A_POST or line.endswith(b"\n"):
        return True
    while (more := lines.readline(MAX_BYTES_A_POST)) and not more.endswith(b"\n"):
        pass
    return False


def post_from(text: bytes | None, at: datetime) -> OldPost:
    """The post in these bytes. Raises NotAPost."""
    if text is None:
        raise NotAPost("longer than any post")
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        raise NotAPost("not JSON") from None
    if not isinstance(fields, dict):
        raise NotAPost("not a JSON object")
    return _post(fields, at + SLACK)


def _post(fields: dict[str, Any], latest: datetime) -> OldPost:
    created_at = _instant(fields, "created_at", latest)
    raw, cooked = _words(fields, "raw"), _words(fields, "cooked")
    if not raw.strip() and not cooked.strip():
        raise NotAPost("neither «raw» nor «cooked»")
    return OldPost(
        post_id=_number(fields, "id"),
        topic_id=_number(fields, "topic_id"),
        number=_number(fields, "post_number", most=MOST_POSTS_IN_A_TOPIC),
        category_id=_optional_number(fields, "category_id", least=0) or 0,
        topic_title=_line(fields, "topic_title"),
        reply_to_number=_optional_number(
            fields, "reply_to_post_number", most=MOST_POSTS_IN_A_TOPIC
        ),
        author_key=_author_key(fields),
        username=_line(fields, "username"),
        name=_line(fields, "name"),
        created_at=created_at,
        updated_at=_instant(fields, "updated_at", latest, created_at),
        version=_optional_number(fields, "version", least=0) or 0,
        read_count=_optional_number(fields, "reads", least=0) or 0,
        raw=raw,
        cooked=cooked,
        is_hidden=bool(fields.get("hidden")),
        is_deleted=bool(fields.get("deleted_at")),
        is_deleted_by_author=bool(fields.get("user_deleted")),
        post_type=_optional_number(fields, "post_type") or REGULAR_POST,
        like_count=_likes(fields.get("actions_summary")),
    )


def _author_key(fields: dict[str, Any]) -> str:
    # The software of the old forum writes under negative numbers.
    number = _optional_number(fields, "user_id", least=-LARGEST_ID)
    if number is not None:
        return f"discourse:{number}"
    # A person who was deleted there has no number any more.
    return f"discourse:@{_line(fields, 'username').casefold()}"[:80]


def _number(fields: dict[str, Any], key: str, *, most: int = LARGEST_ID) -> int:
    number = _optional_number(fields, key, most=most)
    if number is None:
        raise NotAPost(f"no «{key}»")
    return number


def _optional_number(
    fields: dict[str, Any], key: str, *, least: int = 1, most: int = LARGEST_ID
) -> int | None:
    value = fields.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise NotAPost(f"«{key}» is not a number")
    if not least <= value <= most:
        raise NotAPost(f"«{key}» is not between {least:,} and {most:,}")
    return value


def _words(fields: dict[str, Any], key: str) -> str:
    value = fields.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise NotAPost(f"«{key}» is not text")
    # PostgreSQL stores no NUL, and nothing encodes half of a surrogate pair.
    return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _line(fields: dict[str, Any], key: str) -> str:
    """Words on one line: a name or a title."""
    return " ".join(_words(fields, key).split())[:LONGEST_LINE].rstrip()


def _instant(
    fields: dict[str, Any], key: str, latest: datetime, otherwise: datetime | None = None
) -> datetime:
    value = fields.get(key)
    if value is None and otherwise is not None:
        return otherwise
    try:
        instant = datetime.fromisoformat(value)  # type: ignore[arg-type]
        instant = (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise NotAPost(f"«{key}» is not a time") from None
    if not EARLIEST <= instant <= latest:
        raise NotAPost(f"«{key}» is before {EARLIEST.year} or still to come")
    return instant


def _likes(summary: object) -> int:
    """Likes without names: nobody in an archive is counted as having pressed a button here."""
    if not isinstance(summary, list):
        return 0
    counts = [
        entry.get("count", 0)
        for entry in summary
        if isinstance(entry, dict) and entry.get("id") == LIKE
    ]
    # `True` is an integer in Python, and no count.
    return min(MOST_LIKES, sum(max(0, count) for count in counts if type(count) is int))
