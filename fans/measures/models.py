"""What is counted of the community week by week, and what staff say of theirs (spec §10)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fans.accounts.models import Fan


class Snapshot(models.Model):
    """One figure of one week as it was counted when the week was over."""

    measure = models.CharField(max_length=40)  # "participation", "answers_in_time"
    segment = models.CharField(max_length=60, blank=True)  # "tier:core"; empty: the whole
    week = models.CharField(max_length=8)
    part = models.BigIntegerField()
    whole = models.BigIntegerField()
    definition = models.PositiveSmallIntegerField(default=1)  # which wording of the measure
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "segment", "week"], name="one_snapshot")
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.segment} {self.week}"


class PulseTurn(models.Model):
    """Who has answered the question of the week; what they said stands nowhere beside it."""

    week = models.CharField(max_length=8)
    fan = models.ForeignKey(Fan, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["week", "fan"], name="one_pulse_a_week")]

    def __str__(self) -> str:
        return self.week


class PulseTally(models.Model):
    """How many of the staff gave this answer, 1 to 5. Nothing leads back to a person."""

    week = models.CharField(max_length=8)
    score = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["week", "score"], name="one_tally_a_score"),
            models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="pulse_is_1_to_5"),
        ]

    def __str__(self) -> str:
        return f"{self.week} {self.score}"


class ShareVisits(models.Model):
    """How many came on one day through an address somebody shared; who, is not kept."""

    day = models.DateField(unique=True)
    count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.day}"
