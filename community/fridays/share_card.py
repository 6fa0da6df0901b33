"""The picture of a counted week where its address is shared: 1200 × 630, drawn by Pillow.

Words stand in it as far as a font of this machine has their script; numbers always do.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.cache import cache

if TYPE_CHECKING:  # it loads Pillow, which few pages need
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

WIDTH, HEIGHT, MARGIN = 1200, 630, 72
KEPT_SECONDS = 24 * 3600
PAPER, INK, QUIET, BRAND, DEEP = "#fffaf4", "#2b1a10", "#6b4e3c", "#e5660a", "#b34700"
_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts", "/Library/Fonts")
# File, and which of its faces: those with Chinese first, for they have Latin too.
_FONTS = (
    *(("NotoSansCJK-Bold.ttc", 2), ("NotoSansCJK-Regular.ttc", 2), ("NotoSansCJKsc-Bold.otf", 0)),
    *(("NotoSansSC-Bold.otf", 0), ("SourceHanSansSC-Bold.otf", 0), ("PingFang.ttc", 0)),
    *(("wqy-microhei.ttc", 0), ("wqy-zenhei.ttc", 0), ("DroidSansFallbackFull.ttf", 0)),
    *(("DejaVuSans-Bold.ttf", 0), ("LiberationSans-Bold.ttf", 0)),
)
_NO_GLYPH = "\U0010ffff"


@dataclass(frozen=True)
class ShareCard:
    """Its words, in the language of whoever asks."""

    site: str
    name: str  # «Orange OS · 2026-W47»
    heading: str
    number: str  # «84 %»; of a small week nothing
    number_words: str
    beside: str
    lines: tuple[tuple[str, str], ...]  # «Popcorn award», «Copy the text in a screenshot»

    @property
    def stamp(self) -> str:
        return hashlib.blake2b(repr(astuple(self)).encode(), digest_size=12).hexdigest()

    @property
    def png(self) -> bytes:
        """Drawn once for what it says; another version says something else."""
        key = f"share-card:{self.stamp}"
        made: bytes | None = cache.get(key)
        if made is None:
            made = _drawn(self)
            cache.set(key, made, KEPT_SECONDS)
        return made


def _drawn(card: ShareCard) -> bytes:
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, WIDTH, 20), fill=BRAND)
    pen.pieslice((MARGIN, 62, MARGIN + 64, 126), 180, 360, fill=BRAND)
    for x in (18, 32, 46):
        pen.line((MARGIN + 32, 94, MARGIN + x, 66), fill=PAPER, width=3)
    _write(pen, (MARGIN + 84, 58), card.site, 36, QUIET)
    _write(pen, (MARGIN, 126), card.name, 44, DEEP)
    _write(pen, (MARGIN, 190), card.heading, 60, INK)
    top = 290
    if card.number:
        width = _write(pen, (MARGIN, top - 18), card.number, 132, INK)
        _write(pen, (MARGIN + width + 32, top + 16), card.number_words, 40, INK)
        _write(pen, (MARGIN + width + 32, top + 72), card.beside, 40, QUIET)
        top = 470
    else:
        _write(pen, (MARGIN, top), card.beside, 44, QUIET)
        top = 400
    for label, words in card.lines[:2]:
        width = _write(pen, (MARGIN, top), label, 34, DEEP)
        _write(pen, (MARGIN + width + 20, top), words, 34, INK)
        top += 62
    written = BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()


def _write(pen: "ImageDraw", at: tuple[int, int], words: str, size: int, colour: str) -> int:
    """How wide it became; what is too long is cut, what no font has is left out."""
    font = _font_for(words, size)
    room = WIDTH - MARGIN - at[0]
    if font is None or not words or room <= 0:
        return 0
    shown = words
    while shown and font.getlength(shown) > room:
        shown = shown.rstrip("…")[:-1].rstrip() + "…" if len(shown) > 2 else ""
    pen.text(at, shown, font=font, fill=colour)
    return round(font.getlength(shown))


def _font_for(words: str, size: int) -> "FreeTypeFont | None":
    from PIL import ImageFont

    for path, face in _found():
        font = ImageFont.truetype(path, size, index=face)
        if _has(font, words):
            return font
    own = ImageFont.load_default(size)  # Pillow's, for Latin alone
    return own if isinstance(own, ImageFont.FreeTypeFont) and _has(own, words) else None


def _has(font: "FreeTypeFont", words: Sequence[str]) -> bool:
    nothing = bytes(font.getmask(_NO_GLYPH))
    return all(bytes(font.getmask(each)) != nothing for each in set(words) if not each.isspace())


@lru_cache(maxsize=1)
def _found() -> list[tuple[str, int]]:
    """The fonts of this machine that we know, best first."""
    there = {path.name: str(path) for folder in _FOLDERS for path in _files(folder)}
    return [(there[name], face) for name, face in _FONTS if name in there]


def _files(folder: str) -> Iterator[Path]:
    for parent, _, names in os.walk(folder):
        yield from (Path(parent) / name for name in names)
