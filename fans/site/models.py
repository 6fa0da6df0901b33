from __future__ import annotations

from datetime import date
from typing import Self

from django.core.cache import cache
from django.db import models
from django.utils.translation import get_language


class SiteIdentity(models.Model):
    """What a company calls its community. One row, with `pk` 1."""

    name = models.CharField(max_length=60, default="Orangery")
    tagline = models.CharField(max_length=160, blank=True)
    tagline_zh_hans = models.CharField(max_length=160, blank=True)  # empty: the one above
    tagline_zh_hant = models.CharField(max_length=160, blank=True)
    footer = models.CharField(max_length=300, blank=True)  # postal name, licence number: plain text
    contact_email = models.EmailField(blank=True)  # shown in security.txt and at the foot of mails

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_site_identity"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def motto(self) -> str:
        """The tagline in the reader's language."""
        language = (get_language() or "en").replace("-", "_")
        own: str = getattr(self, f"tagline_{language}", "")
        return own or self.tagline

    @classmethod
    def current(cls) -> SiteIdentity:
        """The site's identity; read once a minute at most, and anew after each change."""
        return cache.get_or_set("site-identity", cls._from_database, 60) or cls()

    @classmethod
    def _from_database(cls) -> SiteIdentity:
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class HolidayQuerySet(models.QuerySet["Holiday"]):
    def visible_to(self, reader: object) -> Self:
        """When the company works is no secret."""
        return self.all()

    def from_day(self, day: date) -> Self:
        return self.filter(date__gte=day).order_by("date")


class Holiday(models.Model):
    """A day that differs from Monday–Friday: closed on a weekday, or open at a weekend."""

    date = models.DateField(unique=True)
    name = models.CharField(max_length=80, blank=True)
    is_open = models.BooleanField(default=False)

    objects = HolidayQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class RestWeekQuerySet(models.QuerySet["RestWeek"]):
    def visible_to(self, reader: object) -> Self:
        """When everybody rests is no secret."""
        return self.all()


class RestWeek(models.Model):
    """A week announced ahead in which nothing is due: no build, no form, no decision (O8, T8)."""

    week = models.CharField(max_length=8, unique=True)  # ISO: "2027-W06"
    reason = models.CharField(max_length=120)  # "Spring Festival"
    announced_by = models.ForeignKey("fans.Fan", models.PROTECT, related_name="+")
    announced_at = models.DateTimeField()

    objects = RestWeekQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="resting_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.week} {self.reason}"
