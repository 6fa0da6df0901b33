import json
from pathlib import Path
from typing import Any

from django.db import transaction

from fans.places.models import Place

FIXTURE = Path(__file__).with_name("places.json")


@transaction.atomic
def load_places() -> int:
    """Bring the table up to the list that ships with the site; how many places it now has.

    Existing rows are corrected in place and none is removed: people live there.
    """
    rows = json.loads(FIXTURE.read_text(encoding="utf-8"))
    # Cities first, so that a county finds the city it belongs to.
    for row in sorted(rows, key=lambda row: row["parent"] is not None):
        _write(row)
    return Place.objects.count()


def _write(row: dict[str, Any]) -> None:
    parent = Place.objects.get(code=row["parent"]) if row["parent"] else None
    Place.objects.update_or_create(
        code=row["code"],
        defaults={
            "name_en": row["en"],
            "name_zh_hans": row["hans"],
            "name_zh_hant": row["hant"],
            "pinyin": row["pinyin"],
            "parent": parent,
            "region_level": row["level"],
            "timezone": row["zone"],
        },
    )
