"""A piece of page made once for many readers, with cuts where each reader's own things go.

A template marks a cut with five times the same secret token around four texts: its name, what
others see there, what one sees who pressed the button, and what the author sees.
"""

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from django.utils.safestring import SafeString, mark_safe


@dataclass(frozen=True, slots=True)
class Cut:
    index: int  # of the piece that others see
    pressed: str
    mine: str


@dataclass(frozen=True, slots=True)
class Pieces:
    texts: list[str]
    cuts: dict[str, list[Cut]]

    @classmethod
    def made_by(cls, render: Callable[[SafeString], str]) -> "Pieces":
        """Let `render` write with a token nobody can guess, and cut where it stands."""
        token = SafeString(f"\ue001{secrets.token_hex(8)}\ue001")
        written = render(token).split(token)
        texts = [written[0]]
        cuts: dict[str, list[Cut]] = {}
        for at in range(1, len(written), 5):
            name, others, pressed, mine, following = written[at : at + 5]
            cuts.setdefault(name, []).append(Cut(len(texts), pressed, mine))
            texts += [others, following]
        return cls(texts, cuts)

    @property
    def size(self) -> int:
        own = (cut.pressed + cut.mine for cuts in self.cuts.values() for cut in cuts)
        return sum(4 * len(text) + 60 for text in (*self.texts, *own))

    def joined(
        self,
        *,
        pressed: Iterable[str] = (),
        mine: Iterable[str] = (),
        own: Mapping[str, str] | None = None,
    ) -> SafeString:
        """For one reader: `pressed` and `mine` name cuts, `own` brings words for some."""
        texts, cuts = self.texts.copy(), self.cuts
        for name in pressed:
            for cut in cuts.get(name, ()):
                texts[cut.index] = cut.pressed
        for name in mine:
            for cut in cuts.get(name, ()):
                texts[cut.index] = cut.mine
        for name, words in (own or {}).items():
            for cut in cuts.get(name, ()):
                texts[cut.index] = words
        return mark_safe("".join(texts))


def cut_named(name: str, token: SafeString) -> SafeString:
    """A cut that is empty for others, to stand where a template expects a value."""
    return mark_safe(f"{token}{name}{token * 4}")


class Sized(Protocol):
    @property
    def size(self) -> int: ...


T = TypeVar("T", bound=Sized)


class Store(Generic[T]):
    """What one process keeps: bounded in bytes, for some seconds, least recently used out first."""

    def __init__(self, max_bytes: int, seconds: float) -> None:
        self._kept: OrderedDict[Hashable, tuple[T, float, int]] = OrderedDict()
        self._lock = threading.Lock()
        self._bytes = 0
        self._max_bytes = max_bytes
        self._seconds = seconds

    def get_or_make(self, key: Hashable, make: Callable[[], T]) -> T:
        with self._lock:
            kept = self._kept.get(key)
            if kept and kept[1] > time.monotonic():
                self._kept.move_to_end(key)
                return kept[0]
        made = make()
        self._keep(key, made)
        return made

    def _keep(self, key: Hashable, made: T) -> None:
        size = made.size
        with self._lock:
            if replaced := self._kept.pop(key, None):
                self._bytes -= replaced[2]
            self._kept[key] = (made, time.monotonic() + self._seconds, size)
            self._bytes += size
            while self._bytes > self._max_bytes:
                self._bytes -= self._kept.popitem(last=False)[1][2]

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self._bytes = 0
