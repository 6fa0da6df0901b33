"""Feedback on any day, and what people wrote on paper (spec §6)."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.feature_requests.models import FeatureRequest
from community.markdown import language_of
from community.products.models import Product, Team
from fans.accounts.models import Fan, Reader
from fans.images.models import Image
from fans.places.models import Place


class Channel(models.TextChoices):
    FORM = "form", _("feedback form")
    REPORT_CELL = "report_cell", _("four-grid report")
    MEETUP = "meetup", _("meetup")
    OFFLINE_FORM = "offline_form", _("paper form")
    HOTLINE = "hotline", _("hotline")
    SHOP = "shop", _("shop")
    SOCIAL = "social", _("social media")


class Category(models.TextChoices):
    BUG = "bug", _("Something is broken")
    PERFORMANCE = "performance", _("Too slow")
    USABILITY = "usability", _("Hard to use")
    MISSING_FEATURE = "missing_feature", _("Something is missing")
    CONTENT = "content", _("Content")
    SERVICE = "service", _("Service")
    EVENT = "event", _("Event")
    ACCOUNT = "account", _("Account")
    SAFETY = "safety", _("Safety")


class Severity(models.TextChoices):
    S1 = "S1", _("S1 · data loss, safety, unusable")
    S2 = "S2", _("S2 · a major function")
    S3 = "S3", _("S3 · minor")
    S4 = "S4", _("S4 · cosmetic, a wish")


class Frequency(models.TextChoices):
    Q1 = "Q1", _("Q1 · always")
    Q2 = "Q2", _("Q2 · often")
    Q3 = "Q3", _("Q3 · sometimes")
    Q4 = "Q4", _("Q4 · once")


class Priority(models.TextChoices):
    P0 = "P0", "P0"
    P1 = "P1", "P1"
    P2 = "P2", "P2"
    P3 = "P3", "P3"


class ItemState(models.TextChoices):
    NEW = "new", _("new")
    TRIAGED = "triaged", _("sorted")
    ASSIGNED = "assigned", _("assigned")
    IN_PROGRESS = "in_progress", _("in progress")
    RESOLVED = "resolved", _("resolved")
    VERIFIED = "verified", _("confirmed solved")
    REOPENED = "reopened", _("reopened")
    DUPLICATE = "duplicate", _("duplicate")
    DECLINED = "declined", _("declined")


OPEN_STATES = [
    ItemState.NEW,
    ItemState.TRIAGED,
    ItemState.ASSIGNED,
    ItemState.IN_PROGRESS,
    ItemState.REOPENED,
]


class DepartmentQuerySet(models.QuerySet["Department"]):
    def visible_to(self, reader: Reader) -> Self:
        """Who answers for what is no secret."""
        return self.all()


class Department(models.Model):
    """Which team answers for which categories (spec §6); a department is a team."""

    category = models.CharField(max_length=20, choices=Category, unique=True)
    team = models.ForeignKey(Team, models.PROTECT, related_name="departments")

    objects = DepartmentQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.category} → {self.team_id}"


class OfflineBatchQuerySet(models.QuerySet["OfflineBatch"]):
    def visible_to(self, reader: Reader) -> Self:
        """One's own; those who keep order see all, a host those of the city they host (O10)."""
        if not isinstance(reader, Fan):
            return self.none()
        if reader.moderates_anything:
            return self.all()
        hosted = reader.hostings.filter(ended_at=None).values("place")
        return self.filter(Q(recorder=reader.pk) | Q(place__in=hosted))

    def with_form_count(self) -> Self:
        """Annotate `form_count`."""
        standing = Q(items__isnull=False, items__taken_out_at=None)
        return self.annotate(form_count=models.Count("items", filter=standing))

    def to_accept(self) -> Self:
        """Handed in by one, and not yet looked at by another."""
        return self.filter(handed_in_at__isnull=False, accepted_at=None, refused_at=None)


class OfflineBatch(models.Model):
    """Paper forms of one place and date, typed in together (O10).

    Open until it is handed in. Its forms count from then on when its recorder records for
    themselves (staff, moderators, hosts of the city), else from when another accepts it; points
    wait for the other in either case.
    """

    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    gathered_on = models.DateField()
    week = models.CharField(max_length=8, blank=True)  # the cycle it stands beside
    recorder = models.ForeignKey(Fan, models.PROTECT, related_name="offline_batches")
    recorded_at = models.DateTimeField()
    handed_in_at = models.DateTimeField(null=True, blank=True)
    counted_at = models.DateTimeField(null=True, blank=True)  # its forms count since
    accepted_by = models.ForeignKey(Fan, models.PROTECT, null=True, blank=True, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    submission_key = models.CharField(max_length=40, null=True, blank=True)

    objects = OfflineBatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recorder", "submission_key"], name="one_batch_a_form"),
            models.CheckConstraint(
                name="nobody_accepts_their_own_batch", condition=~Q(accepted_by=F("recorder"))
            ),
            models.CheckConstraint(
                name="accepted_or_refused", condition=Q(accepted_at=None) | Q(refused_at=None)
            ),
        ]
        indexes = [
            models.Index(fields=["recorder", "-recorded_at", "-id"], name="batch_of_recorder")
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.gathered_on}"

    @property
    def subject(self) -> str:
        return f"batch:{self.pk}"

    def forms(self) -> FeedbackItemQuerySet:
        """Those in it; what was taken out may be put back until it is handed in."""
        return FeedbackItem.objects.filter(batch=self.pk, taken_out_at=None)


class FeedbackItemQuerySet(models.QuerySet["FeedbackItem"]):
    def visible_to(self, reader: Reader) -> Self:
        """One's own, those one wrote down, and public ones; staff see all.

        What waits for A1 only its author and staff.
        """
        if isinstance(reader, Fan):
            if reader.is_staff:
                return self.all()
            own = Q(reporter=reader.pk) | Q(recorder=reader.pk, batch=None)
            return self.filter(own | Q(is_public=True, hidden_at=None))
        return self.filter(is_public=True, hidden_at=None)

    def with_newest_answer(self) -> Self:
        """Annotate `newest_answer`: the last the company said to it."""
        said = ItemStep.objects.filter(item=models.OuterRef("pk")).exclude(answer="")
        said = said.exclude(actor=models.OuterRef("reporter")).order_by("-pk")
        return self.annotate(newest_answer=models.Subquery(said.values("answer")[:1]))

    def standing(self) -> Self:
        """All but the forms of batches that nobody has accepted yet (O10)."""
        return self.filter(Q(batch=None) | Q(batch__counted_at__isnull=False))

    def open(self) -> Self:
        return self.standing().filter(state__in=OPEN_STATES)

    def overdue(self, at: datetime) -> Self:
        """What should have been answered by now; listed by team, never by person."""
        return self.open().filter(answered_at=None, answer_due_at__lt=at)

    def waiting(self) -> Self:
        """Public ones whom A1, or staff, keeps from everybody's eyes."""
        return self.filter(is_public=True, hidden_at__isnull=False)

    def due_for_release(self, at: datetime) -> Self:
        """First words of newcomers that appear by themselves by now (A1)."""
        return self.waiting().filter(release_at__lte=at)

    def on_paper(self, product: Product, week: str) -> Self:
        """The paper forms that stand beside a cycle's figures, never among them (O10)."""
        return self.filter(
            channel=Channel.OFFLINE_FORM,
            product=product,
            batch__week=week,
            batch__counted_at__isnull=False,
        )


class FeedbackItem(models.Model):
    """One thing somebody told the company, through exactly one channel."""

    channel = models.CharField(max_length=14, choices=Channel)
    reporter = models.ForeignKey(
        Fan, models.PROTECT, null=True, blank=True, related_name="feedback_items"
    )  # null: somebody who is not online
    product = models.ForeignKey(Product, models.PROTECT, related_name="feedback_items")
    category = models.CharField(max_length=20, choices=Category)
    severity = models.CharField(max_length=2, choices=Severity)
    frequency = models.CharField(max_length=2, choices=Frequency)
    priority = models.CharField(max_length=2, choices=Priority)
    department = models.ForeignKey(Team, models.PROTECT, related_name="feedback_items")
    title = models.CharField(max_length=120)  # what
    words = models.TextField(max_length=5000, blank=True)  # where, and how it came about
    language = models.CharField(max_length=10, default="en")
    build = models.CharField(max_length=60, blank=True)
    about = models.CharField(max_length=200, blank=True)  # the things in the build it is about
    is_public = models.BooleanField(default=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    release_at = models.DateTimeField(null=True, blank=True)  # A1: shown by itself from then on
    pictures = models.ManyToManyField(Image, blank=True, related_name="+")
    log_file = models.FileField(upload_to="logs/", max_length=200, blank=True)
    log_name = models.CharField(max_length=120, blank=True)

    state = models.CharField(max_length=12, choices=ItemState, default=ItemState.NEW)
    state_at = models.DateTimeField()
    created_at = models.DateTimeField()
    answer_due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    duplicate_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="duplicates"
    )
    became_request = models.ForeignKey(
        FeatureRequest, models.PROTECT, null=True, blank=True, related_name="from_feedback"
    )
    bug_confirmed_at = models.DateTimeField(null=True, blank=True)
    me_too_count = models.PositiveIntegerField(default=0)  # cached beside the rows of MeToo
    publication_asked_at = models.DateTimeField(null=True, blank=True)  # its reporter was asked

    # On paper (O10), or recorded by somebody for whoever rang, came by or wrote elsewhere.
    batch = models.ForeignKey(
        OfflineBatch, models.PROTECT, null=True, blank=True, related_name="items"
    )
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    recorder = models.ForeignKey(Fan, models.PROTECT, null=True, blank=True, related_name="+")
    consents = models.BooleanField(default=False)  # the person agreed to be counted by place
    paper = models.JSONField(default=dict)  # the four grids as they stood on the paper
    taken_out_at = models.DateTimeField(null=True, blank=True)  # until its batch is handed in
    submission_key = models.CharField(max_length=40, null=True, blank=True)

    objects = FeedbackItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reporter", "submission_key"], name="one_item_per_form"
            ),
            models.UniqueConstraint(
                fields=["recorder", "submission_key"],
                name="one_item_per_recorded_form",
                condition=Q(reporter=None),
            ),
            models.CheckConstraint(
                name="somebody_said_it",
                condition=Q(reporter__isnull=False) | Q(recorder__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "answer_due_at", "id"], name="feedback_due"),
            models.Index(fields=["reporter", "-created_at", "-id"], name="feedback_of_fan"),
            models.Index(fields=["recorder", "-id"], name="feedback_of_recorder"),
            models.Index(fields=["created_at"], name="feedback_by_hour"),
            models.Index(
                fields=["priority", "answer_due_at", "id"],
                name="feedback_at_desk",
                condition=Q(state__in=OPEN_STATES),
            ),
            models.Index(
                fields=["-me_too_count", "-id"],
                name="feedback_most_affected",
                condition=Q(is_public=True, hidden_at=None),
            ),
            models.Index(
                fields=["-created_at", "-id"],
                name="feedback_public_newest",
                condition=Q(is_public=True, hidden_at=None),
            ),
            models.Index(
                fields=["release_at"],
                name="feedback_to_release",
                condition=Q(hidden_at__isnull=False, release_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("feedback_item", args=[self.pk])

    @property
    def subject(self) -> str:
        """How the ledger, the log and the inbox call it."""
        return f"feedback:{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class MeToo(models.Model):
    """«I have this too» instead of a duplicate."""

    item = models.ForeignKey(FeedbackItem, models.CASCADE, related_name="me_toos")
    fan = models.ForeignKey(Fan, models.CASCADE, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "fan"], name="me_too_once")]

    def __str__(self) -> str:
        return f"{self.fan_id} + {self.item_id}"


class ItemStep(models.Model):
    """What was done about an item, and what the company said."""

    item = models.ForeignKey(FeedbackItem, models.PROTECT, related_name="steps")
    became = models.CharField(max_length=12, choices=ItemState)
    answer = models.TextField(max_length=3000, blank=True)
    actor = models.ForeignKey(Fan, models.PROTECT, null=True, blank=True, related_name="+")
    happened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="declining_an_item_says_why",
                condition=~Q(became="declined") | ~Q(answer=""),
            )
        ]
        indexes = [models.Index(fields=["item", "id"], name="item_step_order")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.became}"

    @property
    def language(self) -> str:
        return language_of(self.answer)
