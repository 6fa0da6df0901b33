from __future__ import annotations

import functools
import operator
import unicodedata
from typing import Self

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class RegionLevel(models.TextChoices):
    MUNICIPALITY = "municipality", _("municipality")
    PREFECTURE = "prefecture", _("prefecture")
    COUNTY = "county", _("county")
    TOWNSHIP = "township", _("township")
    UNKNOWN = "unknown", _("unknown")


# The larger of two places is meant more often.
_BY_SIZE = models.Case(
    models.When(region_level=RegionLevel.MUNICIPALITY, then=0),
    models.When(region_level=RegionLevel.PREFECTURE, then=1),
    default=2,
)


class PlaceQuerySet(models.QuerySet["Place"]):
    def beginning_with(self, words: str) -> Self:
        """Places whose name in any language, or pinyin, begins like this, or whose initials these are.

        The one that is called exactly so comes first, then the larger ones, then by English name.
        """
        words = _folded(words)
        begins = models.Q(name_zh_hans__startswith=words) | models.Q(name_zh_hant__startswith=words)
        if plain := plain_latin(words):
            begins |= models.Q(plain_en__startswith=plain) | models.Q(pinyin__startswith=plain)
            begins |= models.Q(initials=plain)
        exact = models.Case(models.When(_called(words), then=0), default=1)
        return (
            self.filter(begins)
            .select_related("parent")
            .order_by(exact, _BY_SIZE, "name_en", "code")
        )

    def called(self, words: str) -> Self:
        """Places of exactly this name in any language or pinyin, or of this label."""
        name, _dot, parent = _folded(words).partition(" · ")
        rows = self.filter(_called(name)).select_related("parent")
        return (rows.filter(_called(parent, "parent__")) if parent else rows).order_by(
            _BY_SIZE, "name_en", "code"
        )


def _folded(words: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", words).casefold().split())


def plain_latin(words: str) -> str:
    """As names stand in `plain_en` and `pinyin`: «Xi'an» is `xian`, «Ürümqi» is `urumqi`.

    Empty when they are in another script.
    """
    letters = unicodedata.normalize("NFKD", words.casefold())
    plain = "".join(
        letter for letter in letters if letter not in " '’" and not unicodedata.combining(letter)
    )
    return plain if plain.isascii() else ""


def _called(name: str, whose: str = "") -> models.Q:
    same = {"name_zh_hans": name, "name_zh_hant": name}
    if plain := plain_latin(name):
        same |= {"plain_en": plain, "pinyin": plain}
    terms = (models.Q((whose + key, value)) for key, value in same.items())
    return functools.reduce(operator.or_, terms)


class Place(models.Model):
    """A city or county a fan can be at home in (spec §7)."""

    code = models.CharField(max_length=20, unique=True)  # GB/T 2260 in China, ISO-based elsewhere
    name_en = models.CharField(max_length=80)
    name_zh_hans = models.CharField(max_length=80)
    name_zh_hant = models.CharField(max_length=80)
    pinyin = models.CharField(max_length=120, blank=True)  # without tones or spaces, to be found by
    plain_en = models.CharField(max_length=80, blank=True)  # the English name for the same end
    initials = models.CharField(max_length=40, blank=True)  # of its syllables: "sjz"
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    region_level = models.CharField(max_length=20, choices=RegionLevel)
    timezone = models.CharField(max_length=40)  # IANA

    objects = PlaceQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["pinyin"], name="place_pinyin"),
            models.Index(fields=["initials"], name="place_initials"),
            models.Index(fields=["plain_en"], name="place_plain_en"),
        ]

    def __str__(self) -> str:
        return {"zh-hans": self.name_zh_hans, "zh-hant": self.name_zh_hant}.get(
            get_language() or "", self.name_en
        )

    @property
    def label(self) -> str:
        """«Gulou · Nanjing»: enough to tell two of one name apart. Fetch `parent` with it."""
        return f"{self} · {self.parent}" if self.parent else str(self)
