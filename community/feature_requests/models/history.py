"""What happened to a wish: steps, notes, merges, its story."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext

from community.feature_requests.models.requests import FeatureRequest
from community.feature_requests.models.states import Status
from community.products.models import Team
from community.threads.models import Thread
from fans.accounts.models import Fan, Reader

JUDGED_BROKEN = "judged_broken"  # the reason of a count; people write theirs in words


class StatusChange(models.Model):
    """One step in the life of a wish, with what the company said (F1). Public, dated, signed."""

    feature_request = models.ForeignKey(
        FeatureRequest, models.PROTECT, related_name="status_changes"
    )
    was = models.CharField(max_length=20, choices=Status, blank=True)
    became = models.CharField(max_length=20, choices=Status)
    response = models.TextField(max_length=3000, blank=True)  # the official words
    reason = models.CharField(max_length=300, blank=True)
    promised_for = models.CharField(max_length=8, blank=True)  # the week that was named with it
    actor = models.ForeignKey(Fan, models.PROTECT, null=True, blank=True, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="declined_says_why",
                condition=~Q(became="declined") | (~Q(response="") & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="these_need_a_response",
                condition=~Q(became__in=["needs_info", "planned", "shipped"])
                | ~Q(response="")
                | Q(was="merged")  # taken out again, it stands where it stood
                | Q(was=F("became")),
            ),
            models.CheckConstraint(
                name="going_back_says_why",
                condition=~Q(reason="")
                | Q(was="merged")
                | ~Q(became="reopened")
                & ~Q(became="under_review", was__in=["planned", "in_development", "in_testing"]),
            ),
            models.CheckConstraint(  # a week was named or moved
                name="the_same_status_names_a_week",
                condition=~Q(was=F("became")) | ~Q(promised_for=""),
            ),
            models.CheckConstraint(  # the others are steps of a sweep, too
                name="somebody_took_this_step",
                condition=Q(actor__isnull=False)
                | Q(became__in=["submitted", "reopened", "closed_stale", "in_testing", "shipped"]),
            ),
        ]
        indexes = [models.Index(fields=["feature_request", "id"], name="status_change_order")]

    def __str__(self) -> str:
        return f"{self.was} → {self.became}"

    @property
    def reason_words(self) -> str:
        if self.reason == JUDGED_BROKEN:
            return gettext(
                "More than half of those who asked for it and answered say it is broken."
            )
        return self.reason


class ProgressNote(models.Model):
    """What a team says on the way, without a change of status."""

    feature_request = models.ForeignKey(
        FeatureRequest, models.PROTECT, related_name="progress_notes"
    )
    author = models.ForeignKey(Fan, models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    words = models.TextField(max_length=3000)
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.words[:60]


class Merge(models.Model):
    """A wish was linked to another that asks for the same (F4), and perhaps unlinked again."""

    source = models.ForeignKey(FeatureRequest, models.PROTECT, related_name="merges")
    target = models.ForeignKey(FeatureRequest, models.PROTECT, related_name="merges_here")
    was = models.CharField(max_length=20, choices=Status)  # what the source goes back to
    merged_at = models.DateTimeField()
    merged_by = models.ForeignKey(Fan, models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(Fan, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source"], name="merged_into_one", condition=Q(undone_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.target_id}"


class StoryStepQuerySet(models.QuerySet["StoryStep"]):
    def visible_to(self, reader: Reader) -> Self:
        """A step that tells of a build or a meetup is told to whoever may see that (R1, R2)."""
        return self.filter(Q(thread=None) | Q(thread__in=Thread.objects.visible_to(reader)))


class StoryStep(models.Model):
    """What another room has to tell of a wish, written down when it happened (spec §5).

    Statuses are not written twice: the story reads them where they are.
    """

    feature_request = models.ForeignKey(FeatureRequest, models.PROTECT, related_name="story_steps")
    kind = models.CharField(max_length=20)  # "paper", "room", "shipped", "verdict", "credited"
    key = models.CharField(max_length=80)  # the same step twice is one: "release:3"
    url = models.TextField(blank=True)
    # Of the build or meetup it tells of: when that is hidden, so is the step.
    thread = models.ForeignKey(Thread, models.PROTECT, null=True, blank=True, related_name="+")
    facts = models.JSONField(default=dict)
    happened_at = models.DateTimeField()

    objects = StoryStepQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["feature_request", "kind", "key"], name="one_step_once")
        ]
        indexes = [
            models.Index(fields=["feature_request", "happened_at"], name="story_order"),
            models.Index(fields=["kind", "-happened_at", "-id"], name="story_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.feature_request_id} {self.kind}"
