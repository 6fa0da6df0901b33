"""What a post must weigh, and whether it waits for a moderator first (A1)."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from community.screening.models import WatchedWord

FIRST_POSTS = 3  # A1: so many posts of a new account wait
MOST_WAITING = 20  # A1: with more waiting at once, nothing is released by itself
LIGHTEST_TITLE = 6
HEAVIEST_TITLE = 120
LIGHTEST_BODY = 8
LONGEST_SOURCE = 20_000  # characters

HAN_WEIGHT = 2.5  # a Han character says as much as 2.5 letters
_HAN = re.compile("[\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
# They print nothing although Unicode calls them letters or symbols.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")


@dataclass(frozen=True)
class Verdict:
    waits: bool
    release_at: datetime | None = None  # None: only a moderator publishes it


def verdict(
    *,
    approved_count: int,
    source: str,
    has_link: bool,
    has_picture: bool,
    every_post_waits: bool,
    release_minutes: int,
    at: datetime,
    keeps_order: bool = False,
) -> Verdict:
    """Whether a post waits, and when it appears by itself (A1).

    `source` is all that was typed, title included; `keeps_order` is true for moderators and
    staff, whose posts never wait. The sweep asks `releases_by_themselves` before it publishes.
    """
    if keeps_order:
        return Verdict(waits=False)
    is_watched = has_watched_word(source)
    is_first = approved_count < FIRST_POSTS
    if not (is_watched or is_first or every_post_waits):
        return Verdict(waits=False)
    needs_a_moderator = (
        is_watched or every_post_waits or has_link or has_picture or not release_minutes
    )
    return Verdict(
        waits=True,
        release_at=None if needs_a_moderator else at + timedelta(minutes=release_minutes),
    )


def releases_by_themselves(waiting_count: int) -> bool:
    """Whether waiting posts are few enough to appear without a moderator (A1)."""
    return waiting_count <= MOST_WAITING


def weight(text: str) -> float:
    """How much a text says: Han characters count 2.5, what cannot be seen counts nothing."""
    seen = [character for character in text if _is_seen(character)]
    han_count = len(_HAN.findall("".join(seen)))
    return len(seen) + han_count * (HAN_WEIGHT - 1)


def _is_seen(character: str) -> bool:
    # Separators, controls and formats (zero-width), and marks that need a letter to sit on.
    return unicodedata.category(character)[0] not in "ZCM" and character not in _BLANK


def has_watched_word(text: str) -> bool:
    """Whether a watched word stands in the text, however it is cased, spaced out or disguised."""
    return bool(WatchedWords.current().found_in(text))


@dataclass(frozen=True)
class WatchedWords:
    words: tuple[str, ...]  # as they were entered

    @classmethod
    def current(cls) -> "WatchedWords":
        return cls(tuple(WatchedWord.objects.values_list("word", flat=True)))

    def found_in(self, text: str) -> list[str]:
        folded = _fold(text)
        return [word for word in self.words if _stands_in(_fold(word), folded)]


def _stands_in(word: str, text: str) -> bool:
    return bool(word) and word in text and re.search(_as_pattern(word), text) is not None


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    kept = (c for c in plain if unicodedata.category(c) != "Cf" and c not in _BLANK)
    return " ".join("".join(kept).split())


def _as_pattern(word: str) -> str:
    # A Latin word is found as a word («ass» is not in «class»); Chinese has no spaces to go by.
    before = r"(?<![a-z0-9])" if re.match(r"[a-z0-9]", word) else ""
    after = r"(?![a-z0-9])" if re.search(r"[a-z0-9]\Z", word) else ""
    return before + re.escape(word) + after
