"""Seats, the waiting list, tickets (spec §7 M1–M5)."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.meetups.models import Meetup
from fans.accounts.models import Fan, Reader


class RsvpState(models.TextChoices):
    CONFIRMED = "confirmed", _("confirmed")
    WAITLISTED = "waitlisted", _("on the waiting list")
    OFFERED = "offered", _("offered a seat")
    CANCELLED = "cancelled", _("cancelled")
    ATTENDED = "attended", _("was there")
    NO_SHOW = "no_show", _("did not come")


SEATED = [RsvpState.CONFIRMED, RsvpState.ATTENDED, RsvpState.OFFERED]


class RsvpQuerySet(models.QuerySet["Rsvp"]):
    def visible_to(self, reader: Reader) -> Self:
        """One's own; hosts and staff see those of their meetups through the door."""
        return self.filter(fan=reader.pk) if isinstance(reader, Fan) else self.none()

    def waiting_in_order(self) -> Self:
        """As they came; who is held back comes behind everybody (M7)."""
        waiting = self.filter(state=RsvpState.WAITLISTED)
        return waiting.order_by("is_held_back", "queued_at", "pk")

    def seated(self) -> Self:
        return self.filter(state__in=SEATED)

    def standing(self) -> Self:
        return self.filter(state__in=[RsvpState.CONFIRMED, RsvpState.WAITLISTED, RsvpState.OFFERED])


class Rsvp(models.Model):
    """One fan's reply to one meetup, with what became of it."""

    meetup = models.ForeignKey(Meetup, models.PROTECT, related_name="rsvps")
    fan = models.ForeignKey(Fan, models.PROTECT, related_name="rsvps")
    guest_count = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=12, choices=RsvpState)
    state_at = models.DateTimeField()
    created_at = models.DateTimeField()
    queued_at = models.DateTimeField(null=True, blank=True)  # place on the waiting list
    passed_over_count = models.PositiveSmallIntegerField(default=0)
    offered_until = models.DateTimeField(null=True, blank=True)
    is_newcomer = models.BooleanField(default=False)  # M2: never attended anywhere, at that moment
    # Changes with every new seat; in the signed code, and its beginning is the short one.
    ticket_nonce = models.CharField(max_length=32)
    shows_name = models.BooleanField(default=False)  # M11: others may see the name
    cancelled_at = models.DateTimeField(null=True, blank=True)
    # M7: a seat given back less than 6 h before counts like not coming.
    cancelled_late = models.BooleanField(default=False)
    # M7: after two no-shows, behind everybody, and no seat before the last 72 h.
    is_held_back = models.BooleanField(default=False)

    objects = RsvpQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meetup", "fan"], name="one_rsvp_a_fan"),
            models.CheckConstraint(name="one_guest_at_most_each", condition=Q(guest_count__lte=1)),
            models.CheckConstraint(
                name="who_waits_has_a_place_in_line",
                condition=~Q(state="waitlisted") | Q(queued_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["meetup", "state", "queued_at", "id"], name="rsvp_line"),
            models.Index(fields=["fan", "state"], name="rsvp_of_fan"),
        ]

    def __str__(self) -> str:
        return f"{self.meetup_id} {self.fan_id} {self.state}"

    @property
    def party_size(self) -> int:
        return 1 + self.guest_count
