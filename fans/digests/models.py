"""Letters that tell everyone what came of it (spec §8)."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from fans.accounts.models import Fan, Reader
from fans.mail.models import QueuedMail


class IssueQuerySet(models.QuerySet["Issue"]):
    def visible_to(self, reader: Reader) -> Self:
        """The mail room is the staff's."""
        return self.all() if isinstance(reader, Fan) and reader.is_staff else self.none()

    def with_counts(self) -> Self:
        """How many of its letters wait, leave, were sent, are unknown, given up or not needed."""
        queued = Q(deliveries__state=DeliveryState.QUEUED)
        unknown = Q(deliveries__mail__unknown_at__isnull=False)
        given_up = Q(deliveries__mail__given_up_at__isnull=False)
        sent = Q(deliveries__mail__sent_at__isnull=False)
        return self.annotate(
            due_count=Count("deliveries", Q(deliveries__state=DeliveryState.DUE)),
            leaving_count=Count("deliveries", queued & ~unknown & ~given_up & ~sent),
            sent_count=Count("deliveries", queued & sent),
            unknown_count=Count("deliveries", queued & unknown),
            given_up_count=Count("deliveries", queued & given_up),
            empty_count=Count("deliveries", Q(deliveries__state=DeliveryState.EMPTY)),
            unwanted_count=Count("deliveries", Q(deliveries__state=DeliveryState.UNWANTED)),
        )


class Issue(models.Model):
    """One Orange weekly: what happened between two instants, and when it was ready."""

    week = models.CharField(max_length=8, unique=True)  # "2026-W47", of its Friday
    since_at = models.DateTimeField()
    until_at = models.DateTimeField()
    ready_at = models.DateTimeField()
    opened_from = models.PositiveBigIntegerField(default=0)  # the last fan with a row so far
    opened_at = models.DateTimeField(null=True, blank=True)  # everyone has a row

    objects = IssueQuerySet.as_manager()

    def __str__(self) -> str:
        return self.week


class DeliveryState(models.TextChoices):
    DUE = "due", _("waiting for its hour")
    QUEUED = "queued", _("with the mail server")
    EMPTY = "empty", _("nothing to tell")
    UNWANTED = "unwanted", _("not wanted any more")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, reader: Reader) -> Self:
        """One's own letters; staff see to all of them."""
        if not isinstance(reader, Fan):
            return self.none()
        return self.all() if reader.is_staff else self.filter(fan=reader.pk)

    def unknown(self) -> Self:
        """Letters nobody knows the fate of (D1)."""
        return self.filter(mail__unknown_at__isnull=False)

    def due(self, at: datetime) -> Self:
        return self.filter(state=DeliveryState.DUE, due_at__lte=at)


class Delivery(models.Model):
    """One issue for one fan: one row, and at most one mail (D1)."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="deliveries")
    fan = models.ForeignKey(Fan, models.CASCADE, related_name="deliveries")
    due_at = models.DateTimeField()  # the first local 18:00 after the issue was ready
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.DUE)
    mail = models.OneToOneField(
        QueuedMail, models.SET_NULL, null=True, blank=True, related_name="delivery"
    )
    done_at = models.DateTimeField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issue", "fan"], name="one_letter_each")]
        indexes = [
            models.Index(
                fields=["due_at", "id"], name="delivery_due", condition=models.Q(state="due")
            )
        ]

    def __str__(self) -> str:
        return f"{self.issue_id} → {self.fan_id}"
