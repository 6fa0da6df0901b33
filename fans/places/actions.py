import csv
from pathlib import Path

from django.db import transaction

from fans.places.models import Place, plain_latin

FIXTURE = Path(__file__).with_name("places.csv")
BATCH = 500  # rows in one statement
CORRECTED = (
    "name_en",
    "name_zh_hans",
    "name_zh_hant",
    "pinyin",
    "plain_en",
    "initials",
    "parent_id",
    "region_level",
    "timezone",
)


@transaction.atomic
def load_places() -> int:
    """Bring the table up to the list that ships with the site; how many places it now has.

    Existing rows are corrected in place and none is removed: people live there. Only rows
    that differ are written, so a start without a new list writes nothing.
    """
    with FIXTURE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    # Cities first, so that a county finds the city it belongs to.
    _write([row for row in rows if not row["parent"]])
    _write([row for row in rows if row["parent"]])
    return Place.objects.count()


def _write(rows: list[dict[str, str]]) -> None:
    numbers = dict(Place.objects.values_list("code", "pk"))
    present = {
        code: fields for code, *fields in Place.objects.values_list("code", *CORRECTED).iterator()
    }
    wanted = [_place(row, numbers.get(row["parent"])) for row in rows]
    Place.objects.bulk_create(
        [place for place in wanted if present.get(place.code) != _fields_of(place)],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[name.removesuffix("_id") for name in CORRECTED],
    )


def _place(row: dict[str, str], parent: int | None) -> Place:
    syllables = row["pinyin"].split()
    return Place(
        code=row["code"],
        name_en=row["en"],
        name_zh_hans=row["hans"],
        name_zh_hant=row["hant"],
        pinyin="".join(syllables),
        plain_en=plain_latin(row["en"]),
        initials="".join(syllable[0] for syllable in syllables),
        parent_id=parent,
        region_level=row["level"],
        timezone=row["zone"],
    )


def _fields_of(place: Place) -> list[object]:
    return [getattr(place, name) for name in CORRECTED]
