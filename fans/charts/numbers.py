"""Numbers as a chart writes them."""

from math import floor, log10
from zlib import crc32

NO_BREAK = "\u00a0"


def written(value: float | None, unit: str = "", digits: int = 0) -> str:
    """`84 %`, `1,204`, `−3`; nothing where nothing is known."""
    if value is None:
        return ""
    rounded = round(value, digits) + 0.0  # no «−0»
    number = f"{rounded:,.{digits}f}".replace("-", "−")
    return f"{number}{NO_BREAK}{unit}" if unit else number


def scale_end(value: float) -> float:
    """The next round number away from zero: 1, 2, 4, 6 or 8 times a power of ten."""
    if value <= 0:
        return 0.0 if value == 0 else -scale_end(-value)
    size = 10 ** floor(log10(value))
    return float(next(step * size for step in (1, 2, 4, 6, 8, 10) if step * size >= value))


def percent(share: float) -> str:
    """A place in a drawing, which no language writes with a comma."""
    return f"{share:.2f}"


def name_of(chart: object) -> str:
    """What the parts of a drawing call each other on the page."""
    return f"chart-{crc32(repr(chart).encode()):08x}"
