"""Decode one hostile picture and write it anew; run as a process of its own that may die.

    python -I recode.py post|avatar < upload > answer

The answer is one line of JSON, `{"width": …, "height": …}` or `{"refused": "<reason>"}`, then
the bytes of a WebP. Nothing of ours is imported here, and of Pillow only four formats.
"""

import io
import json
import resource
import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import (
    GifImagePlugin,
    Image,
    ImageCms,
    ImageOps,
    ImageSequence,
    JpegImagePlugin,
    PngImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MAX_PIXELS = 24_000_000
MAX_SIDE = 12_000
MAX_FRAMES = 60
MAX_PIXELS_OF_ALL_FRAMES = 60_000_000  # beyond it, decoding alone takes too long
MEMORY_BYTES = 512 * 1024 * 1024  # beyond what the interpreter needs
CPU_SECONDS = 8
SHOWN_SIDE = 2_560
SHOWN_PIXELS_OF_ALL_FRAMES = 12_000_000
AVATAR_SIDE = 256
LOSSLESS_PIXELS = 1_000_000  # screenshots and drawings up to this size stay exact

_SCALED_AS_THEY_ARE = {"RGB", "RGBA", "L", "CMYK"}  # before colours are converted: fewer pixels
_PLUGINS = (GifImagePlugin, JpegImagePlugin, PngImagePlugin, WebPImagePlugin)


class Refused(Exception):
    """The picture is none of those we show; says which limit it breaks."""


def restrict() -> None:
    """Take from this process what decoding does not need."""
    if sys.platform == "linux":  # elsewhere the kernel does not keep this limit
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY_BYTES,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    Image._initialized = 2  # an unknown format makes Pillow load no further decoder
    Image.MAX_IMAGE_PIXELS = None  # ours is below, and asked before a pixel is decoded


def recode(data: bytes, purpose: str) -> tuple[bytes, int, int]:
    """The picture as WebP, upright, in sRGB, without a word of metadata; its width and height."""
    image = _opened(data)
    frames = getattr(image, "n_frames", 1) if image.format != "MPO" else 1
    if frames > MAX_FRAMES:
        raise Refused("frames")
    if purpose == "avatar" or frames == 1:
        return _still(image, purpose)
    if frames * image.width * image.height > MAX_PIXELS_OF_ALL_FRAMES:
        raise Refused("animation")
    return _animation(image, frames)


def _opened(data: bytes) -> Image.Image:
    """Only the header has been read; the limits on size are kept before anything is decoded."""
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError:
        raise Refused("kind") from None
    if max(image.size) > MAX_SIDE:
        raise Refused("side")
    if image.width * image.height > MAX_PIXELS:
        raise Refused("pixels")
    return image


def _still(image: Image.Image, purpose: str) -> tuple[bytes, int, int]:
    exact = image.format in {"PNG", "GIF"}
    side = AVATAR_SIDE * 2 if purpose == "avatar" else SHOWN_SIDE
    image.draft("RGB", (side, side))  # a JPEG is decoded no larger than needed
    if purpose == "post" and image.mode in _SCALED_AS_THEY_ARE and "transparency" not in image.info:
        image.thumbnail((SHOWN_SIDE, SHOWN_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    plain = _upright(_in_srgb(image), image)
    if purpose == "avatar":
        plain = ImageOps.fit(plain, (AVATAR_SIDE, AVATAR_SIDE), Image.Resampling.LANCZOS)
    else:
        plain.thumbnail((SHOWN_SIDE, SHOWN_SIDE), Image.Resampling.LANCZOS)
    exact = exact and plain.width * plain.height <= LOSSLESS_PIXELS
    out = io.BytesIO()
    _bare(plain).save(out, "WEBP", lossless=exact, quality=60 if exact else 82, method=3)
    return out.getvalue(), plain.width, plain.height


def _animation(image: Image.Image, frames: int) -> tuple[bytes, int, int]:
    scale = min(
        1.0,
        SHOWN_SIDE / max(image.size),
        (SHOWN_PIXELS_OF_ALL_FRAMES / (frames * image.width * image.height)) ** 0.5,
    )
    size = (max(1, int(image.width * scale)), max(1, int(image.height * scale)))
    durations: list[int] = []

    def shown() -> Iterator[Image.Image]:
        for frame in ImageSequence.Iterator(image):
            durations.append(min(max(int(frame.info.get("duration", 100) or 100), 20), 10_000))
            yield _bare(frame.convert("RGBA").resize(size, Image.Resampling.BILINEAR))

    first, *rest = shown()
    out = io.BytesIO()
    first.save(
        out, "WEBP", save_all=True, append_images=rest, duration=durations, loop=0,
        quality=75, method=1, allow_mixed=True,
    )  # fmt: skip
    return out.getvalue(), *size


def _in_srgb(image: Image.Image) -> Image.Image:
    """RGB or RGBA in the colours every screen expects, whatever the file had."""
    profile = image.info.get("icc_profile")
    has_alpha = "A" in image.getbands() or "transparency" in image.info
    if image.mode.startswith(("I", "F")):  # 16 bits of grey
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if profile and image.mode in {"RGB", "CMYK", "L"} and not has_alpha:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None  # a broken profile is no profile
        if converted is not None:
            return converted
    return image.convert("RGBA" if has_alpha else "RGB")


def _upright(plain: Image.Image, original: Image.Image) -> Image.Image:
    """Turn it as the camera's note says; a note that cannot be read says nothing."""
    turns = Image.Transpose
    ways = {
        2: turns.FLIP_LEFT_RIGHT, 3: turns.ROTATE_180, 4: turns.FLIP_TOP_BOTTOM,
        5: turns.TRANSPOSE, 6: turns.ROTATE_270, 7: turns.TRANSVERSE, 8: turns.ROTATE_90,
    }  # fmt: skip
    try:
        way = ways.get(original.getexif().get(0x0112, 1))
    except Exception:
        way = None
    return plain if way is None else plain.transpose(way)


def _bare(image: Image.Image) -> Image.Image:
    """Pixels alone: EXIF, XMP, ICC and comments travel in `info`."""
    image.info = {}
    return image


def answer(data: bytes, purpose: str) -> tuple[dict[str, int | str], bytes]:
    """What to say of a picture, and the new picture; raises nothing."""
    try:
        recoded, width, height = recode(data, purpose)
    except Refused as refusal:
        return {"refused": str(refusal)}, b""
    except MemoryError:
        return {"refused": "memory"}, b""
    except Exception:
        return {"refused": "damaged"}, b""
    return {"width": width, "height": height}, recoded


def main() -> None:
    restrict()
    said, data = answer(sys.stdin.buffer.read(), sys.argv[1])
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + data)


if __name__ == "__main__":
    main()
