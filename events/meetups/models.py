"""Meetups: where and when fans and makers meet (spec §7)."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.feature_requests.models import FeatureRequest
from community.threads.models import Thread
from community.threads.slugs import slug_of
from events.chapters.models import Chapter
from fans.accounts.models import Fan, Reader
from fans.places.models import Place


class MeetupKind(models.TextChoices):
    FAN = "fan", _("Fan meetup")
    POPCORN = "popcorn", _("Popcorn meetup")
    SALON = "salon", _("Salon")
    LAUNCH = "launch", _("Launch")
    CLINIC = "clinic", _("Clinic")
    PHOTO_WALK = "photo_walk", _("Photo walk")


class MeetupState(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("waiting for approval")
    RETURNED = "returned", _("sent back")
    APPROVED = "approved", _("approved")
    RSVP_OPEN = "rsvp_open", _("open")
    RSVP_CLOSED = "rsvp_closed", _("closed for replies")
    IN_PROGRESS = "in_progress", _("happening now")
    COMPLETED = "completed", _("over")
    RECAP_PUBLISHED = "recap_published", _("told")
    CANCELLED = "cancelled", _("cancelled")
    POSTPONED = "postponed", _("postponed")


ANNOUNCED = [
    MeetupState.RSVP_OPEN,
    MeetupState.RSVP_CLOSED,
    MeetupState.IN_PROGRESS,
    MeetupState.COMPLETED,
    MeetupState.RECAP_PUBLISHED,
    MeetupState.CANCELLED,
    MeetupState.POSTPONED,
]


ON_THE_WAY = [
    MeetupState.RSVP_OPEN,
    MeetupState.RSVP_CLOSED,
    MeetupState.IN_PROGRESS,
    MeetupState.CANCELLED,
    MeetupState.POSTPONED,
]


class MeetupQuerySet(models.QuerySet["Meetup"]):
    def visible_to(self, reader: Reader) -> Self:
        """Announced ones whose thread is visible; before that its planner, hosts there and staff."""
        shown = Q(state__in=ANNOUNCED, thread__in=Thread.objects.visible_to(reader))
        if isinstance(reader, Fan):
            if reader.is_staff:
                return self.all()
            shown |= Q(organiser=reader.pk)
            shown |= Q(place__in=reader.hostings.filter(ended_at=None).values("place"))
        return self.filter(shown)

    def upcoming(self, at: datetime) -> Self:
        return self.filter(ends_at__gt=at).order_by("starts_at", "pk")


class Meetup(models.Model):
    """One gathering. Local times with the zone are the truth; the UTC columns follow from them."""

    chapter = models.ForeignKey(
        Chapter, models.PROTECT, null=True, blank=True, related_name="meetups"
    )
    place = models.ForeignKey(Place, models.PROTECT, related_name="meetups")
    organiser = models.ForeignKey(Fan, models.PROTECT, related_name="organised_meetups")
    kind = models.CharField(max_length=12, choices=MeetupKind, default=MeetupKind.FAN)
    title = models.CharField(max_length=120)
    description = models.TextField(max_length=5000, blank=True)
    language = models.CharField(max_length=10, default="en")
    venue = models.CharField(max_length=120)
    address = models.CharField(max_length=200)
    address_is_for_attendees = models.BooleanField(default=False)
    access_notes = models.CharField(max_length=300, blank=True)
    legal_capacity = models.PositiveIntegerField()

    starts_local = models.CharField(max_length=16)  # "2026-11-28T14:00", at the venue
    ends_local = models.CharField(max_length=16)
    timezone = models.CharField(max_length=40)  # IANA, of the venue
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    capacity = models.PositiveIntegerField()
    guests_allowed = models.PositiveSmallIntegerField(default=0)  # a fan may bring: 0 or 1
    reserve_share = models.PositiveSmallIntegerField(default=20)  # M2: percent for newcomers
    reserve_released_at = models.DateTimeField(null=True, blank=True)  # 72 h before
    # M1: Σ(1 + guests) over confirmed + attended + offered; kept with every change under this
    # row's lock, checked by the database, recounted by `manage.py recount_seats`.
    seats_taken = models.PositiveIntegerField(default=0)
    over_capacity = models.PositiveIntegerField(default=0)  # M3 alone; melts with cancellations

    state = models.CharField(max_length=16, choices=MeetupState, default=MeetupState.DRAFT)
    state_at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)  # sent back, cancelled, postponed
    created_at = models.DateTimeField()
    approved_by = models.ForeignKey(Fan, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)  # 48 h after: attended or no-show
    surveyed_at = models.DateTimeField(null=True, blank=True)  # attendees were asked
    sequence = models.PositiveIntegerField(default=0)  # of its calendar entry
    thread = models.OneToOneField(
        Thread, models.PROTECT, null=True, blank=True, related_name="meetup"
    )
    recap = models.OneToOneField(
        Thread, models.PROTECT, null=True, blank=True, related_name="recap_of"
    )
    submission_key = models.CharField(max_length=40, null=True, blank=True)

    objects = MeetupQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="seats_within_capacity",  # M1
                condition=Q(seats_taken__lte=F("capacity") + F("over_capacity")),
            ),
            models.CheckConstraint(
                name="capacity_within_the_law", condition=Q(capacity__lte=F("legal_capacity"))
            ),
            models.CheckConstraint(name="a_guest_at_most", condition=Q(guests_allowed__in=[0, 1])),
            models.CheckConstraint(
                name="ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.UniqueConstraint(
                fields=["organiser", "submission_key"], name="one_meetup_a_form"
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at", "id"], name="meetup_by_date"),
            models.Index(fields=["state", "starts_at"], name="meetup_state"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("meetup", args=[self.pk, slug_of(self.title)])

    @property
    def local_start(self) -> datetime:
        """On the wall at the venue."""
        return datetime.fromisoformat(self.starts_local)

    @property
    def is_stopped(self) -> bool:
        return self.state in {MeetupState.CANCELLED, MeetupState.POSTPONED}

    @property
    def is_over(self) -> bool:
        return self.state in {MeetupState.COMPLETED, MeetupState.RECAP_PUBLISHED}

    @property
    def subject(self) -> str:
        """How the ledger and the inbox call it."""
        return f"meetup:{self.pk}"


class AgendaItem(models.Model):
    """A wish that is talked about there."""

    meetup = models.ForeignKey(Meetup, models.CASCADE, related_name="agenda")
    feature_request = models.ForeignKey(FeatureRequest, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meetup", "feature_request"], name="on_the_agenda_once")
        ]

    def __str__(self) -> str:
        return f"{self.meetup_id} {self.feature_request_id}"
