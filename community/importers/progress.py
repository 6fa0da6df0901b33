"""How far a long job is: a bar on a terminal, a line now and then in a log."""

import time
from typing import Protocol

BAR_WIDTH = 30
SECONDS_BETWEEN_LINES = 10


class Out(Protocol):
    """A terminal, a file, or what a command writes to."""

    def write(self, words: str, /) -> object: ...
    def flush(self) -> object: ...
    def isatty(self) -> bool: ...


class Progress:
    """Tells of `count` out of `total`; an unknown total is 0."""

    def __init__(self, out: Out, label: str, total: int = 0) -> None:
        self._out, self._label, self._total = out, label, total
        self._is_terminal = out.isatty()
        self._told_at = time.monotonic()
        self._began_at = self._told_at

    def tell(self, count: int) -> None:
        now = time.monotonic()
        if now - self._told_at < (0.1 if self._is_terminal else SECONDS_BETWEEN_LINES):
            return
        self._told_at = now
        self._out.write(
            f"\r{self._bar(count)}\x1b[K" if self._is_terminal else f"{self._line(count)}\n"
        )
        self._out.flush()

    def finish(self) -> float:
        """Clear the bar; the seconds it took."""
        if self._is_terminal:
            self._out.write("\r\x1b[K")
            self._out.flush()
        return time.monotonic() - self._began_at

    def _line(self, count: int) -> str:
        of_total = f" of {self._total:,}" if self._total else ""
        return f"{self._label}: {count:,}{of_total}"

    def _bar(self, count: int) -> str:
        if not self._total:
            return self._line(count)
        done = min(1.0, count / self._total)
        filled = round(done * BAR_WIDTH)
        return f"{self._line(count)} [{'█' * filled}{'·' * (BAR_WIDTH - filled)}] {done:4.0%}"
