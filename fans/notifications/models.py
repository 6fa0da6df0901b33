"""What happened, and who is told of it (spec §8)."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Count, Subquery
from django.db.models.functions import Coalesce

from fans.accounts.models import Fan, Reader


class EventQuerySet(models.QuerySet["Event"]):
    def due(self) -> Self:
        """Events whose followers, voters or attendees have not all got their notice yet."""
        return self.filter(spread_at=None)


class Event(models.Model):
    """One fact, written in the transaction that made it true."""

    kind = models.CharField(max_length=40)  # a kind of one of settings.NOTICES
    subject = models.CharField(max_length=80)  # "request:12"; the inbox imports nobody
    key = models.CharField(max_length=120, unique=True)  # the same fact told twice is one event
    actor = models.ForeignKey(Fan, models.PROTECT, null=True, blank=True, related_name="+")
    facts = models.JSONField(default=dict)  # what the words need: titles, numbers, addresses
    occurred_at = models.DateTimeField()
    # Those the fact does not name are told by the sweep, in chunks, from here on.
    spread_from = models.PositiveBigIntegerField(default=0)  # the last fan of the chunk before
    spread_at = models.DateTimeField(null=True, blank=True)  # all are told

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="event_to_spread", condition=models.Q(spread_at=None)),
            models.Index(fields=["subject"], name="event_subject"),
        ]

    def __str__(self) -> str:
        return self.key


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, reader: Reader) -> Self:
        """One's own. Whether the thing itself may still be seen, its kind is asked again."""
        return self.filter(fan=reader.pk) if isinstance(reader, Fan) else self.none()

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")


class Notice(models.Model):
    """One fan told of one event, once, however many reasons there were."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="notices")
    fan = models.ForeignKey(Fan, models.CASCADE, related_name="notices")
    why = models.CharField(
        max_length=20
    )  # "author", "voter", "co_requester", "attendee", "follower" …
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "fan"], name="told_once")]
        indexes = [
            models.Index(fields=["fan", "-created_at", "-id"], name="notice_newest"),
            models.Index(fields=["fan"], name="notice_unread", condition=models.Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} → {self.fan_id}"


def unread_of(fan: models.expressions.Combinable) -> Coalesce:
    """How many notices a fan has not read, to count beside the fan in one query."""
    unread = Notice.objects.unread().filter(fan=fan).order_by().values("fan")
    return Coalesce(Subquery(unread.annotate(number=Count("pk")).values("number")), 0)


def unread_count(reader: Reader) -> int:
    """The number beside the bell; it came with whoever is signed in (`fans.tiers.backends`)."""
    return int(getattr(reader, "unread_notices", 0))


class MutedKindQuerySet(models.QuerySet["MutedKind"]):
    def visible_to(self, reader: Reader) -> Self:
        return self.filter(fan=reader.pk) if isinstance(reader, Fan) else self.none()


class MutedKind(models.Model):
    """A kind of notice somebody does not want."""

    fan = models.ForeignKey(Fan, models.CASCADE, related_name="muted_kinds")
    kind = models.CharField(max_length=40)

    objects = MutedKindQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fan", "kind"], name="mutes_a_kind_once")]

    def __str__(self) -> str:
        return self.kind
