"""Whom the builds thank, as a list to look through (O6)."""

import re
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Q

from community.fridays.models import Credit, CreditQuerySet, CreditRole, Release
from fans.accounts.models import Fan, Reader

ROWS_A_PAGE = 60
OWN_SHOWN = 5
_PLACE = re.compile(r"(\d{1,9})\.(\d{1,18})", re.ASCII)


@dataclass(frozen=True)
class Sought:
    """What of the thanks somebody wants to see; nothing said is all of them."""

    role: str = ""
    release: int | None = None
    name: str = ""
    is_own: bool = False

    @property
    def kept(self) -> dict[str, str]:
        said = {"kind": self.role, "release": self.release, "q": self.name}
        own = {"mine": "1"} if self.is_own else {}
        return {key: str(value) for key, value in said.items() if value} | own


def sought(asked: dict[str, str]) -> Sought:
    """What an address asks for; what makes no sense in it is left out."""
    number = asked.get("release", "")
    return Sought(
        role=asked.get("kind", "") if asked.get("kind") in CreditRole.values else "",
        release=int(number) if re.fullmatch(r"\d{1,9}", number, re.ASCII) else None,
        name=" ".join(asked.get("q", "").replace("\0", "").split())[:60],
        is_own="mine" in asked,
    )


def page_of_thanks(
    reader: Reader, wanted: Sought, before: str
) -> tuple[list[tuple[Release, list[Credit]]], str]:
    """The newest builds first, each with those it thanks, and the cursor of what comes after."""
    rows = _sought(reader, wanted)
    if place := _PLACE.fullmatch(before):
        release, pk = int(place[1]), int(place[2])
        rows = rows.filter(Q(release=release, pk__gt=pk) | Q(release__lt=release))
    related = rows.select_related("release__product", "item", "fan__standing", "fan__avatar")
    found = list(related.order_by("-release", "pk")[: ROWS_A_PAGE + 1])
    shown = found[:ROWS_A_PAGE]
    older = f"{shown[-1].release_id}.{shown[-1].pk}" if len(found) > len(shown) else ""
    builds = groupby(shown, key=lambda credit: credit.release)
    return [(release, list(credits)) for release, credits in builds], older


def own_thanks(reader: Reader) -> list[Credit]:
    """The reader's newest, with whose name they decide."""
    if not isinstance(reader, Fan):
        return []
    own = Credit.objects.visible_to(reader).filter(fan=reader)
    return list(own.select_related("release__product", "item").order_by("-pk")[:OWN_SHOWN])


def _sought(reader: Reader, wanted: Sought) -> CreditQuerySet:
    rows = Credit.objects.visible_to(reader)
    if wanted.role:
        rows = rows.filter(role=wanted.role)
    if wanted.release is not None:
        rows = rows.filter(release=wanted.release)
    if wanted.is_own:
        rows = rows.filter(fan=reader.pk or 0)
    if wanted.name:  # of those who go by it
        handle = wanted.name.removeprefix("@")
        called = Q(fan__display_name__icontains=wanted.name)
        if handle:
            called |= Q(fan__handle__istartswith=handle)
        rows = rows.filter(called, is_anonymous=False, fan__erased_at=None)
    return rows
