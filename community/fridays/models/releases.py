"""Builds, what is in them, and whom they thank (spec §6)."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.feature_requests.models import FeatureRequest
from community.feedback.models import FeedbackItem
from community.fridays.models.weeks import Cycle
from community.products.models import Product, Team
from community.threads.models import Thread
from fans.accounts.models import Fan, Reader
from fans.tiers.models import Tier, tier_of


class ReleaseState(models.TextChoices):
    DRAFT = "draft", _("draft")
    READY = "ready", _("ready")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ReleaseQuerySet(models.QuerySet["Release"]):
    def visible_to(self, reader: Reader, at: datetime | None = None) -> Self:
        """Published and withdrawn ones, hidden when their thread is; core fans read a ready one
        from 24 h before, where `at` says what time it is (spec §6).
        """
        if isinstance(reader, Fan) and reader.is_staff:
            return self.all()
        shown = Q(
            state__in=[ReleaseState.PUBLISHED, ReleaseState.WITHDRAWN],
            thread__in=Thread.objects.visible_to(reader),
        )
        if at is not None and _reads_early(reader):
            shown |= Q(state=ReleaseState.READY, early_from__lte=at)
        return self.filter(shown)

    def newest_first(self) -> Self:
        return self.order_by("-published_at", "-pk")


def _reads_early(reader: Reader) -> bool:
    return isinstance(reader, Fan) and (
        tier_of(reader) in {Tier.CORE, Tier.HONORARY_DEV} or reader.moderates_anything
    )


class Release(models.Model):
    """A build and what is in it."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="releases")
    cycle = models.ForeignKey(
        Cycle, models.PROTECT, null=True, blank=True, related_name="releases"
    )  # hotfixes join the week's cycle
    version = models.CharField(max_length=40)  # "4.2.0"
    notes = models.TextField(max_length=10000, blank=True)  # Markdown
    known_defects = models.TextField(max_length=5000, blank=True)
    has_no_known_defects = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=ReleaseState, default=ReleaseState.DRAFT)
    early_from = models.DateTimeField(null=True, blank=True)  # core fans read it from then
    created_by = models.ForeignKey(Fan, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawal_reason = models.CharField(max_length=300, blank=True)
    thread = models.OneToOneField(
        Thread, models.PROTECT, null=True, blank=True, related_name="release"
    )

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "version"], name="one_release_a_version"),
            models.CheckConstraint(
                name="ready_says_its_defects",
                condition=Q(state__in=["draft"])
                | (~Q(notes="") & (~Q(known_defects="") | Q(has_no_known_defects=True))),
            ),
        ]
        indexes = [models.Index(fields=["-published_at", "-id"], name="release_newest")]

    def __str__(self) -> str:
        return f"{self.product} {self.version}"

    def get_absolute_url(self) -> str:
        """Fetch `product` with it."""
        return reverse("release", args=[self.product.slug, self.version])

    @property
    def subject(self) -> str:
        """How the log and the inbox call it."""
        return f"release:{self.pk}"


class ItemKind(models.TextChoices):
    NEW = "new", _("New")
    IMPROVED = "improved", _("Improved")
    FIXED = "fixed", _("Fixed")


class ReleaseItemQuerySet(models.QuerySet["ReleaseItem"]):
    def visible_to(self, reader: Reader) -> Self:
        """What is in the builds this reader sees."""
        return self.filter(release__in=Release.objects.visible_to(reader))


class ReleaseItem(models.Model):
    """One thing in a build, and the team it came from."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField()  # as on the paper form
    kind = models.CharField(max_length=10, choices=ItemKind)
    title = models.CharField(max_length=120)
    feature_request = models.ForeignKey(
        FeatureRequest, models.PROTECT, null=True, blank=True, related_name="release_items"
    )
    team = models.ForeignKey(Team, models.PROTECT, related_name="release_items")
    fixes = models.ManyToManyField(
        FeedbackItem, blank=True, related_name="fixed_in"
    )  # whoever told us of these found the fault (O6)

    objects = ReleaseItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "number"], name="item_number_once"),
            models.UniqueConstraint(
                fields=["release", "feature_request"], name="a_wish_once_a_release"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CreditRole(models.TextChoices):
    AUTHOR = "author", _("asked for it")
    CO_REQUESTER = "co_requester", _("asked for it too")
    BUG_FINDER = "bug_finder", _("found the fault")
    TESTER = "tester", _("tested it")
    TRANSLATOR = "translator", _("translated it")


class CreditQuerySet(models.QuerySet["Credit"]):
    def visible_to(self, reader: Reader) -> Self:
        """Credits of builds that are out, not withdrawn, and not hidden with their thread."""
        out = Release.objects.visible_to(reader).filter(state=ReleaseState.PUBLISHED)
        return self.standing().filter(release__in=out)

    def standing(self) -> Self:
        """Without those for asking the same, where a merge was undone since (F4)."""
        named = OuterRef("item__feature_request")
        together = Q(pk=named) | Q(shown_as=named)
        together |= Q(shown_as=OuterRef("item__feature_request__shown_as"))
        asked = FeatureRequest.objects.filter(together, author=OuterRef("fan"))
        return self.filter(~Q(role=CreditRole.CO_REQUESTER) | Exists(asked))


class Credit(models.Model):
    """Whom a build thanks (O6)."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="credits")
    item = models.ForeignKey(
        ReleaseItem, models.PROTECT, null=True, blank=True, related_name="credits"
    )
    fan = models.ForeignKey(Fan, models.PROTECT, related_name="credits")
    role = models.CharField(max_length=12, choices=CreditRole)
    is_anonymous = models.BooleanField(default=False)  # the fan's choice
    credited_at = models.DateTimeField()

    objects = CreditQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["release", "item", "fan", "role"], name="credited_once"
            ),
            models.UniqueConstraint(
                fields=["release", "fan", "role"],
                condition=Q(item=None),
                name="credited_once_for_all",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.release_id} {self.fan_id}"
