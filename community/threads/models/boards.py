"""Where people talk, and who may read there (spec §4)."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from community.products.models import Product
from fans.accounts.models import Fan, Reader, Role
from fans.tiers.models import Tier, tier_of


class Audience(models.TextChoices):
    """Who may read a board."""

    EVERYONE = "everyone", _("everyone")
    CORE = "core", _("core fans and above")
    HONORARY_DEV = "honorary_dev", _("honorary developers")


def audiences_of(reader: Reader) -> list[Audience]:
    """The boards open to this reader, by spec §1: moderators read the core board, not the early one."""
    if isinstance(reader, Fan):
        tier = tier_of(reader)
        if reader.is_staff or tier == Tier.HONORARY_DEV:
            return [Audience.EVERYONE, Audience.CORE, Audience.HONORARY_DEV]
        if tier == Tier.CORE or reader.role == Role.MODERATOR:
            return [Audience.EVERYONE, Audience.CORE]
    return [Audience.EVERYONE]


class BoardQuerySet(models.QuerySet["Board"]):
    def visible_to(self, reader: Reader) -> Self:
        return self.filter(readable_by__in=audiences_of(reader))

    def open(self) -> Self:
        return self.filter(archived_at=None)

    def in_order(self) -> Self:
        return self.order_by("position", "pk")


class Board(models.Model):
    """A subject people talk about; ordered by staff."""

    name = models.CharField(max_length=60)
    name_zh_hans = models.CharField(max_length=60, blank=True)  # empty: the name above
    name_zh_hant = models.CharField(max_length=60, blank=True)
    description = models.CharField(max_length=300, blank=True)
    description_zh_hans = models.CharField(max_length=300, blank=True)
    description_zh_hant = models.CharField(max_length=300, blank=True)
    slug = models.SlugField(max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="boards"
    )
    readable_by = models.CharField(max_length=20, choices=Audience, default=Audience.EVERYONE)
    every_post_waits = models.BooleanField(default=False)
    slow_mode_seconds = models.PositiveIntegerField(default=0)  # between two posts of one fan
    release_minutes = models.PositiveIntegerField(default=10)  # A1; 0: never by themselves
    # Where a room opens the threads of its things: "requests", "releases", "meetups". Nobody
    # starts a thread there by hand; everybody who may read it may reply.
    kept_for = models.CharField(max_length=12, blank=True)
    announcements_only = models.BooleanField(default=False)  # staff open threads, all may reply
    archived_at = models.DateTimeField(null=True, blank=True)
    imported_as = models.CharField(max_length=80, blank=True)  # "discourse:7"

    objects = BoardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "imported_as", name="board_imported_once", condition=~Q(imported_as="")
            ),
            models.UniqueConstraint("kept_for", name="one_board_a_room", condition=~Q(kept_for="")),
        ]

    def __str__(self) -> str:
        return self._in_language("name")

    def get_absolute_url(self) -> str:
        return reverse("board", args=[self.slug])

    @property
    def described(self) -> str:
        """The description in the reader's language."""
        return self._in_language("description")

    def _in_language(self, field: str) -> str:
        language = (get_language() or "en").replace("-", "_")
        own: str = getattr(self, f"{field}_{language}", "")
        fallback: str = getattr(self, field)
        return own or fallback


class PastBoardSlug(models.Model):
    """An address a board had before; it redirects."""

    slug = models.SlugField(max_length=60, unique=True)
    board = models.ForeignKey(Board, models.CASCADE, related_name="past_slugs")

    def __str__(self) -> str:
        return self.slug
