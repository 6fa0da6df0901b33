from __future__ import annotations

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


class PlaceQuerySet(models.QuerySet["Place"]):
    def beginning_with(self, words: str) -> Self:
        """Places whose name in any language, or pinyin, begins like this; by English name."""
        words = " ".join(unicodedata.normalize("NFKC", words).casefold().split())
        plain = words.replace(" ", "").replace("'", "")
        return (
            self.filter(
                models.Q(name_en__istartswith=words)
                | models.Q(name_zh_hans__startswith=words)
                | models.Q(name_zh_hant__startswith=words)
                | (models.Q(pinyin__startswith=plain) if plain else models.Q())
            )
            .select_related("parent")
            .order_by("name_en", "pk")
        )


class Place(models.Model):
    """A city or county a fan can be at home in (spec §7)."""

    code = models.CharField(max_length=20, unique=True)  # GB/T 2260 in China, ISO-based elsewhere
    name_en = models.CharField(max_length=80)
    name_zh_hans = models.CharField(max_length=80)
    name_zh_hant = models.CharField(max_length=80)
    pinyin = models.CharField(max_length=120, blank=True)  # without tones or spaces, to be found by
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    region_level = models.CharField(max_length=20, choices=RegionLevel)
    timezone = models.CharField(max_length=40)  # IANA

    objects = PlaceQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["pinyin"], name="place_pinyin")]

    def __str__(self) -> str:
        return {"zh-hans": self.name_zh_hans, "zh-hant": self.name_zh_hant}.get(
            get_language() or "", self.name_en
        )

    @property
    def label(self) -> str:
        """«Gulou · Nanjing»: enough to tell two of one name apart. Fetch `parent` with it."""
        return f"{self} · {self.parent}" if self.parent else str(self)
