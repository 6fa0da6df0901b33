"""Where an archive of a real forum lies, for who has one: it holds other people's words."""

import os
from pathlib import Path

BESIDE_THE_CHECKOUT = Path(__file__).parents[2] / "shared" / "data" / "delving-posts.jsonl.gz"


def real_archive() -> Path | None:
    """The one DISCOURSE_ARCHIVE names, or ../shared/data/delving-posts.jsonl.gz, or none."""
    if named := os.environ.get("DISCOURSE_ARCHIVE"):
        return Path(named)
    return BESIDE_THE_CHECKOUT if BESIDE_THE_CHECKOUT.exists() else None
