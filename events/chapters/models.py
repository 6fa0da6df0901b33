"""City chapters, 同城会 (spec §7)."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fans.accounts.models import Fan, Reader
from fans.places.models import Place


class ChapterState(models.TextChoices):
    FORMING = "forming", _("forming")
    ACTIVE = "active", _("active")
    DORMANT = "dormant", _("dormant")


class ChapterQuerySet(models.QuerySet["Chapter"]):
    def visible_to(self, reader: Reader) -> Self:
        """Chapters are public; who is in them is not (A4)."""
        return self.all()

    def idle_since(self, at: datetime) -> Self:
        """Active ones where nothing has happened since."""
        return self.filter(
            Q(last_meetup_at=None) | Q(last_meetup_at__lte=at),
            state=ChapterState.ACTIVE,
            active_at__lte=at,
        )


class Chapter(models.Model):
    """The fans of one city or prefecture. Its hosts are `fans.accounts.Hosting` of its place."""

    place = models.OneToOneField(Place, models.PROTECT, related_name="chapter")
    slug = models.SlugField(max_length=80, unique=True)
    state = models.CharField(max_length=10, choices=ChapterState, default=ChapterState.FORMING)
    founded_at = models.DateTimeField()
    member_count = models.PositiveIntegerField(default=0)  # cached beside the rows of Membership
    last_meetup_at = models.DateTimeField(null=True, blank=True)
    active_at = models.DateTimeField(null=True, blank=True)  # when it became so, the last time

    objects = ChapterQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.place)

    def get_absolute_url(self) -> str:
        return reverse("city", args=[self.slug])


class Membership(models.Model):
    chapter = models.ForeignKey(Chapter, models.CASCADE, related_name="memberships")
    fan = models.ForeignKey(Fan, models.CASCADE, related_name="memberships")
    joined_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chapter", "fan"], name="member_once")]

    def __str__(self) -> str:
        return f"{self.fan_id} in {self.chapter_id}"
