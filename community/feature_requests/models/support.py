"""Who follows a wish, and voices heard away from the site (F2, F3)."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.feature_requests.models.requests import FeatureRequest
from fans.accounts.models import Fan, Reader
from fans.places.models import Place


class Follow(models.Model):
    """Who wants to hear of a wish without voting for it, or voted and wants to hear no more (F2)."""

    feature_request = models.ForeignKey(
        FeatureRequest,
        models.CASCADE,
        related_name="follows",
        db_index=False,  # the constraint begins with it
    )
    fan = models.ForeignKey(Fan, models.CASCADE, related_name="request_follows")
    changed_at = models.DateTimeField()
    muted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["feature_request", "fan"], name="one_follow_per_fan")
        ]

    def __str__(self) -> str:
        return f"{self.fan_id} → {self.feature_request_id}"


class Channel(models.TextChoices):
    PAPER = "paper", _("on paper")
    HOTLINE = "hotline", _("by telephone")
    ROOM = "room", _("in a room")


class OfflineSupportQuerySet(models.QuerySet["OfflineSupport"]):
    def visible_to(self, reader: Reader) -> Self:
        """How many, and how they reached us, is seen where the wish is (F3)."""
        return self.filter(feature_request__in=FeatureRequest.objects.visible_to(reader))

    def counted_for(self, feature_request: FeatureRequest) -> Self:
        """What stands beside its votes: its own, and that of what is merged into it (F4)."""
        own = Q(feature_request=feature_request)
        merged = Q(feature_request__shown_as=feature_request)
        return self.filter(own | merged, withdrawn_at=None)


class OfflineSupport(models.Model):
    """Voices heard away from the site: beside the votes, never among them (F3)."""

    feature_request = models.ForeignKey(
        FeatureRequest, models.PROTECT, related_name="offline_support"
    )
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.PAPER)
    count = models.PositiveIntegerField()
    # The same voices are written down once: "batch:12", or the key of the form (C3).
    key = models.CharField(max_length=80)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=200, blank=True)  # where it can be looked up
    recorded_by = models.ForeignKey(Fan, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = OfflineSupportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["feature_request", "key"], name="offline_voices_once"),
            models.CheckConstraint(name="offline_voices_are_some", condition=Q(count__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.count} {self.channel}"
