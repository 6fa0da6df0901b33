"""Pictures that are odd, broken or not pictures at all, made here from nothing."""

import io
import random
import struct
import zlib
from collections.abc import Iterator
from functools import cache
from typing import Any

from PIL import Image, ImageCms, PngImagePlugin

PAYLOAD = b"<script>alert('0123456789abcdef')</script><?php system($_GET['c']); ?>"
GPS = b"Orangery secret place 48.2082N 16.3738E"


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def noise(width: int = 64, height: int = 48, mode: str = "RGB") -> Image.Image:
    """The same grain every time, so failures can be seen again."""
    bands = [
        Image.frombytes("L", (width, height), random.Random(band).randbytes(width * height))
        for band in range(3)
    ]
    return Image.merge("RGB", bands).convert(mode)


def photo_with_metadata() -> bytes:
    """A JPEG as a phone writes it: on its side, with place, profile, comment and XMP."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = GPS.decode()
    exif.get_ifd(0x8825)[29] = GPS.decode()
    return encoded(
        noise(), "JPEG", exif=exif, comment=GPS, xmp=b"<x:xmpmeta>" + GPS + b"</x:xmpmeta>",
        icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    )  # fmt: skip


def png_with_words() -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", GPS.decode())
    words.add_itxt("XML:com.adobe.xmp", GPS.decode())
    exif = Image.Exif()
    exif[0x010E] = GPS.decode()
    return encoded(noise(), "PNG", pnginfo=words, exif=exif)


def animation(frames: int, kind: str = "GIF", side: int = 24) -> bytes:
    first, *rest = (
        Image.new("RGB", (side, side), (n * 37 % 256, n * 91 % 256, n // 4)) for n in range(frames)
    )
    return encoded(first, kind, save_all=True, append_images=rest, duration=40)


def _png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_claiming(width: int, height: int, *, data: bytes = b"", extra: bytes = b"") -> bytes:
    """A PNG that says it is so large, with whatever pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _png_chunk(b"IHDR", header)
        + extra
        + _png_chunk(b"IDAT", data)
        + _png_chunk(b"IEND", b"")
    )


def bomb(width: int, height: int) -> bytes:
    """A few kilobytes that unpack to so many pixels."""
    packer = zlib.compressobj(9)
    line = b"\0" * (width + 1)
    packed = b"".join(packer.compress(line) for _ in range(height)) + packer.flush()
    return png_claiming(width, height, data=packed)


@cache
def refused() -> dict[str, bytes]:
    """What must be refused, by name."""
    jpeg, png = encoded(noise(), "JPEG"), encoded(noise(), "PNG")
    return {
        "nothing": b"",
        "one byte": b"\xff",
        "words": PAYLOAD,
        "SVG": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        "HEIF": b"\0\0\0\x18ftypheic\0\0\0\0heicmif1" + bytes(400),
        "AVIF": encoded(noise(), "AVIF"),
        "TIFF": encoded(noise(), "TIFF"),
        "BMP": encoded(noise(), "BMP"),
        "ICO": encoded(noise(), "ICO"),
        "PPM": encoded(noise(), "PPM"),
        "EPS": encoded(noise(), "EPS"),
        "PDF": encoded(noise(), "PDF"),
        "a fax": encoded(noise(mode="1"), "TIFF", compression="group4"),
        "half a JPEG": jpeg[: len(jpeg) // 2],
        "half a PNG": png[: len(png) // 2],
        "81 megapixels": bomb(9_000, 9_000),
        "a bomb": png_claiming(30_000, 30_000, data=zlib.compress(bytes(1_000_000))),
        "too long": png_claiming(12_001, 10, data=zlib.compress(bytes(120_020))),
        "a bomb of words": png_claiming(
            8, 8, extra=_png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(80_000_000), 9))
        ),
        "no pixels": png_claiming(0, 0),
        "1 000 frames": animation(1_000, side=4),
        "61 frames": animation(61),
    }


@cache
def odd_but_fine() -> dict[str, bytes]:
    """Unusual pictures that must be taken, by name."""
    sixteen_bits = Image.frombytes("I;16", (32, 32), random.Random(1).randbytes(2048))
    palette = noise(mode="P")
    palette.paste(3, (0, 0, 20, 20))
    return {
        "JPEG": encoded(noise(), "JPEG"),
        "progressive JPEG": encoded(noise(), "JPEG", progressive=True),
        "CMYK": encoded(noise(mode="CMYK"), "JPEG"),
        "grey": encoded(noise(mode="L"), "JPEG"),
        "black and white": encoded(noise(mode="1"), "PNG"),
        "16 bits": encoded(sixteen_bits, "PNG"),
        "palette with a transparent colour": encoded(palette, "PNG", transparency=3),
        "transparent": encoded(noise(mode="RGBA"), "PNG"),
        "grey and transparent": encoded(noise(mode="LA"), "PNG"),
        "one pixel": encoded(noise(1, 1), "PNG"),
        "a thread": encoded(noise(12_000, 1), "PNG"),
        "WebP": encoded(noise(), "WEBP"),
        "GIF": encoded(palette, "GIF", transparency=3),
        "60 frames": animation(60),
        "moving WebP": animation(5, "WEBP"),
        "moving PNG": animation(5, "PNG"),
        "a photo with metadata": photo_with_metadata(),
        "a PNG with words": png_with_words(),
        "a broken profile": encoded(noise(), "JPEG", icc_profile=b"no profile" * 30),
        **polyglots(),
    }


def polyglots() -> dict[str, bytes]:
    """Pictures that are also something else."""
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", PAYLOAD.decode())
    return {
        "JPEG and HTML": encoded(noise(), "JPEG") + b"<html>" + PAYLOAD,
        "JPEG with script in a comment": encoded(noise(), "JPEG", comment=PAYLOAD),
        "JPEG and ZIP": encoded(noise(), "JPEG") + b"PK\x03\x04" + PAYLOAD * 3 + b"PK\x05\x06",
        "PNG with PHP": encoded(noise(), "PNG", pnginfo=words),
        "PNG and PDF": encoded(noise(), "PNG") + b"%PDF-1.4\n" + PAYLOAD,
        "GIF and JavaScript": encoded(noise(mode="P"), "GIF", comment=b"*/=1;" + PAYLOAD),
        "WebP and HTML": encoded(noise(), "WEBP", exif=PAYLOAD, xmp=PAYLOAD) + PAYLOAD,
    }


def mutated(count: int) -> Iterator[bytes]:
    """Pictures with bytes changed, cut out or doubled; the same ones every time."""
    chance = random.Random(2026)
    seeds = [
        data for data in [*odd_but_fine().values(), *refused().values()] if 100 < len(data) < 30_000
    ]
    for _ in range(count):
        data = bytearray(chance.choice(seeds))
        for _ in range(chance.choice((1, 2, 5, 40))):
            place = chance.randrange(len(data))
            match chance.randrange(4):
                case 0:
                    data[place] = chance.randrange(256)
                case 1:
                    data[place : place + 4] = chance.choice(
                        (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\xff\xff")
                    )
                case 2:
                    del data[place : place + chance.randrange(1, 30)]
                case _:
                    data[place:place] = data[place : place + 50]
            if not data:
                break
        yield bytes(data)
