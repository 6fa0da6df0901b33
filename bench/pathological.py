"""R4: the slowest of the shapes that make Markdown parsers slow."""

import time

from bench.measure import Row, Sizes
from bench.seed import Seeded
from bench.site import BenchSite
from community.markdown import render
from tests.pathological import SHAPES, SIZE

BAR_MS = 300


def slowest_markdown(site: BenchSite, seeded: Seeded, sizes: Sizes) -> Row:
    """R4: the slowest of so many pathological posts, in milliseconds of processor time."""
    render("warm")
    worst, name = max((_best_of_three(text), name) for name, text in SHAPES.items())
    ordinary = _best_of_three(("Some **words** of a post, and `code`.\n\n" * SIZE)[:SIZE])
    return Row(
        scenario=f"R4 pathological Markdown ({len(SHAPES)} shapes of {SIZE:,} characters)",
        ours=f"{worst:.0f} ms",
        reference=f"{ordinary:.0f} ms",
        ratio=f"{worst / ordinary:.2f}",
        bar=f"≤ {BAR_MS} ms",
        ok=worst <= BAR_MS,
        note=f"slowest: {name}; reference: as many ordinary words",
    )


def _best_of_three(text: str) -> float:
    def once() -> float:
        begun = time.process_time()
        render(text)
        return (time.process_time() - begun) * 1000

    return min(once() for _ in range(3))
