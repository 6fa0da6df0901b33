"""Wishes and votes (spec §5)."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from community.feature_requests.models.states import OPEN, Stage, Status
from community.products.models import Product, Tag, Team
from community.threads.models import Post, State, Thread
from community.threads.slugs import slug_of
from fans.accounts.models import Fan, Reader
from fans.places.models import RegionLevel

LIGHTEST_TITLE = 10  # Han × 2.5 (spec §5)


class FeatureRequestQuerySet(models.QuerySet["FeatureRequest"]):
    def visible_to(self, reader: Reader) -> Self:
        """The only way from a view to a row (R1, R2): a wish is hidden when its thread is."""
        return self.filter(Exists(Thread.objects.visible_to(reader).filter(pk=OuterRef("thread"))))

    def listed(self) -> Self:
        """What lists, counts and rankings show: published, and not merged into another."""
        return self.filter(thread__state=State.PUBLISHED, merged_into=None)

    def shown_with(self, *pks: int) -> Self:
        """These wishes and all that is merged into them, however long the chain (F4)."""
        return self.filter(Q(pk__in=pks) | Q(shown_as__in=pks))

    def open(self) -> Self:
        return self.filter(status__in=OPEN)

    def with_vote_of(self, reader: Reader) -> Self:
        """Annotate `has_my_vote`, through every wish merged into it; one query for any list (F4)."""
        mine = Vote.objects.filter(fan=reader.pk).annotate(
            shown=Coalesce("feature_request__shown_as", "feature_request")
        )
        return self.annotate(
            has_my_vote=Exists(mine.filter(shown=Coalesce(OuterRef("shown_as"), OuterRef("pk"))))
        )

    def answered_by_author(self) -> Self:
        """Asked for more, and their author has said something in the discussion since."""
        replies = Post.objects.published().filter(
            thread=OuterRef("thread"),
            author=OuterRef("author"),
            created_at__gt=OuterRef("status_at"),
            floor__gt=1,
        )
        return self.filter(Exists(replies), status=Status.NEEDS_INFO)

    def overdue(self, at: datetime) -> Self:
        """Past the day on which their first answer was due (F1)."""
        return self.listed().filter(answer_due_at__lt=at, answered_at=None, status__in=OPEN)


class FeatureRequest(models.Model):
    """One wish. Its discussion is its thread, whose first post says the same words.

    Its counts are cached: distinct fans with a counted vote here or on what is merged into it
    (F3, F4), of everyone and through each lens; written in the transaction of the vote, under the
    lock of this row. The heats are the same votes, each weighing twice as much as one cast a week
    before it: what trends is an order of stored numbers. `manage.py recount_requests` repairs.
    """

    thread = models.OneToOneField(Thread, models.PROTECT, related_name="feature_request")
    author = models.ForeignKey(Fan, models.PROTECT, related_name="feature_requests")
    product = models.ForeignKey(Product, models.PROTECT, related_name="feature_requests")
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="feature_requests"
    )  # who answers for it
    title = models.CharField(max_length=120)
    problem = models.TextField(max_length=5000)
    proposal = models.TextField(max_length=5000, blank=True)
    language = models.CharField(max_length=10, default="en")
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.DESIGN)
    status = models.CharField(max_length=20, choices=Status, default=Status.SUBMITTED)
    status_at = models.DateTimeField()
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)  # the first official response
    answer_due_at = models.DateTimeField(null=True, blank=True)  # F1; set once, by votes
    progress_at = models.DateTimeField(null=True, blank=True)  # of the newest progress note
    promised_for = models.CharField(max_length=8, blank=True)  # a week, "2026-W50"; optional
    # When it shipped, and was opened again since: that promise is owed no more.
    promise_met_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_from"
    )
    # Where the chain of merges ends (F4): the wish its votes and words are seen through now.
    shown_as = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="shown_here"
    )
    tags = models.ManyToManyField(Tag, blank=True, related_name="feature_requests")
    vote_count = models.PositiveIntegerField(default=0)
    county_count = models.PositiveIntegerField(default=0)
    newcomer_count = models.PositiveIntegerField(default=0)
    without_busiest_count = models.PositiveIntegerField(default=0)
    heat = models.FloatField(default=0)
    county_heat = models.FloatField(default=0)
    newcomer_heat = models.FloatField(default=0)
    without_busiest_heat = models.FloatField(default=0)
    # Cached: the voices of its `offline_support`, with those of what is merged into it (F3).
    offline_count = models.PositiveIntegerField(default=0)
    submission_key = models.CharField(max_length=40, null=True, blank=True)  # C3

    objects = FeatureRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["author", "submission_key"], name="one_request_per_form"
            ),
            models.CheckConstraint(
                name="merged_names_its_target",
                condition=Q(status="merged", merged_into__isnull=False, shown_as__isnull=False)
                | (~Q(status="merged") & Q(merged_into=None, shown_as=None)),
            ),
            models.CheckConstraint(
                name="merged_not_into_itself", condition=~Q(merged_into=F("id"))
            ),
        ]
        indexes = [
            models.Index(fields=["-vote_count", "-id"], name="request_most_wanted"),
            models.Index(fields=["-heat", "-id"], name="request_trending"),
            models.Index(fields=["-county_count", "-id"], name="request_county_wanted"),
            models.Index(fields=["-county_heat", "-id"], name="request_county_trending"),
            models.Index(fields=["-newcomer_count", "-id"], name="request_newcomer_wanted"),
            models.Index(fields=["-newcomer_heat", "-id"], name="request_newcomer_trending"),
            models.Index(fields=["-without_busiest_count", "-id"], name="request_calm_wanted"),
            models.Index(fields=["-without_busiest_heat", "-id"], name="request_calm_trending"),
            models.Index(fields=["-offline_count", "-id"], name="request_offline_wanted"),
            models.Index(fields=["author", "-created_at"], name="request_by_author"),
            models.Index(fields=["status", "-vote_count", "-id"], name="request_by_status"),
            models.Index(fields=["status", "-status_at", "-id"], name="request_moved"),
            models.Index(
                fields=["progress_at", "id"], name="request_silent", condition=Q(status="planned")
            ),
            models.Index(
                fields=["promised_for", "id"],
                name="request_promised",
                condition=~Q(promised_for=""),
            ),
            models.Index(
                fields=["answer_due_at"],
                name="request_answer_due",
                condition=Q(answer_due_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("feature_request", args=[self.pk, slug_of(self.title)])

    @property
    def takes_votes(self) -> bool:
        return self.status in OPEN

    @property
    def owed_week(self) -> str:
        """The promised week; empty once it shipped, even if it was opened again since (F8)."""
        return "" if self.promise_met_at else self.promised_for

    @property
    def subject(self) -> str:
        """How the ledger and the inbox call it."""
        return f"request:{self.pk}"


class VotingRight(models.Model):
    """The row a fan's votes queue up behind; how many may stand open at once (F2)."""

    fan = models.OneToOneField(Fan, models.CASCADE, primary_key=True, related_name="voting_right")
    limit = models.PositiveSmallIntegerField(default=10)

    def __str__(self) -> str:
        return f"{self.fan_id}: {self.limit}"


class VoteQuerySet(models.QuerySet["Vote"]):
    def counted(self) -> Self:
        """Votes that are in the shown count (F2, F3)."""
        return self.filter(counted_at__isnull=False)

    def due(self, at: datetime) -> Self:
        """Votes of young accounts whose 7th day has come (F2), and those set aside while their
        fan was suspended or leaving (F3)."""
        waiting = self.filter(counted_at=None, counts_from__lte=at, fan__leaving_at=None)
        return waiting.exclude(fan__suspended_until__gt=at)

    def with_region(self) -> Self:
        """Votes that carry where their fan lived when they were cast, with consent."""
        return self.exclude(region_level=RegionLevel.UNKNOWN)

    def shown_with(self, feature_request: FeatureRequest) -> Self:
        """Votes on this wish and on all that is merged into it (F4)."""
        return self.filter(
            Q(feature_request=feature_request.pk) | Q(feature_request__shown_as=feature_request.pk)
        )

    def on_open_wishes(self) -> Self:
        """Votes that stand: the wish they are shown with has not ended (F2, F4)."""
        return self.filter(
            Q(feature_request__shown_as=None, feature_request__status__in=OPEN)
            | Q(feature_request__shown_as__status__in=OPEN)
        )

    def open_wishes_of(self, fan: Fan, *, listed_alone: bool = True) -> models.QuerySet[Vote, int]:
        """Numbers of the open wishes this fan's votes stand for, each once: what the limit
        counts. What a moderator took away, or its author, holds no vote back.
        """
        standing = self.on_open_wishes().filter(fan=fan.pk)
        shown = standing.annotate(shown=Coalesce("feature_request__shown_as", "feature_request"))
        if listed_alone:
            shown = shown.filter(
                shown__in=FeatureRequest.objects.filter(thread__state=State.PUBLISHED)
            )
        return shown.order_by().values_list("shown", flat=True).distinct()


class Vote(models.Model):
    """One fan's voice for one wish, with what the fan was when it was cast (the lens)."""

    feature_request = models.ForeignKey(
        FeatureRequest,
        models.PROTECT,
        related_name="votes",
        db_index=False,  # the constraint begins with it
    )
    fan = models.ForeignKey(Fan, models.CASCADE, related_name="votes")
    cast_at = models.DateTimeField()
    counts_from = models.DateTimeField()  # the 7th day of a young account
    counted_at = models.DateTimeField(null=True, blank=True)  # in the count since
    region_level = models.CharField(
        max_length=20, choices=RegionLevel, default=RegionLevel.UNKNOWN
    )  # only with the fan's consent
    is_newcomer = models.BooleanField(default=False)  # < 90 days
    is_busiest = models.BooleanField(default=False)  # the busiest 1 % of the last weekly run

    objects = VoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["feature_request", "fan"], name="one_vote_per_fan")
        ]
        indexes = [
            models.Index(
                fields=["counts_from", "id"], name="vote_due", condition=Q(counted_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fan_id} → {self.feature_request_id}"
