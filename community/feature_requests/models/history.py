"""What happened to a wish: steps, notes, merges, its story."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from community.feature_requests.models.requests import FeatureRequest
from community.feature_requests.models.states import Status
from community.products.models import Team
from fans.accounts.models import Fan


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
                condition=~Q(became__in=["needs_info", "planned", "shipped"]) | ~Q(response=""),
            ),
        ]
        indexes = [models.Index(fields=["feature_request", "id"], name="status_change_order")]

    def __str__(self) -> str:
        return f"{self.was} → {self.became}"


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


class StoryStep(models.Model):
    """One step of the story of a wish, written down by the room where it happened (spec §5)."""

    feature_request = models.ForeignKey(FeatureRequest, models.PROTECT, related_name="story_steps")
    # "asked", "paper", "planned", "shipped", "verdict", "credited" …
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=80)  # the same step twice is one: "release:3"
    url = models.CharField(max_length=200, blank=True)
    facts = models.JSONField(default=dict)
    happened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["feature_request", "kind", "key"], name="one_step_once")
        ]
        indexes = [models.Index(fields=["feature_request", "happened_at"], name="story_order")]

    def __str__(self) -> str:
        return f"{self.feature_request_id} {self.kind}"
