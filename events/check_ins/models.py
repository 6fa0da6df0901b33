"""Who came, and how it was (spec §7 M6–M8)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.meetups.models import Meetup
from fans.accounts.models import Fan


class Way(models.TextChoices):
    TICKET = "ticket", _("ticket")
    LIST = "list", _("list")
    WALK_IN = "walk_in", _("walk-in")


class CheckIn(models.Model):
    """One fan came in, let in by somebody else; a ticket shown twice is one row (M6)."""

    meetup = models.ForeignKey(Meetup, models.PROTECT, related_name="check_ins")
    fan = models.ForeignKey(Fan, models.PROTECT, related_name="check_ins")
    checked_in_by = models.ForeignKey(Fan, models.PROTECT, related_name="+")
    checked_in_at = models.DateTimeField()
    way = models.CharField(max_length=8, choices=Way)
    undone_at = models.DateTimeField(null=True, blank=True)  # pressed in error

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meetup", "fan"], name="checked_in_once"),
            models.CheckConstraint(
                name="let_in_by_somebody_else", condition=~Q(fan=models.F("checked_in_by"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meetup_id} {self.fan_id}"


class SurveyAnswer(models.Model):
    """What somebody who was there said of it, the day after."""

    meetup = models.ForeignKey(Meetup, models.PROTECT, related_name="survey_answers")
    fan = models.ForeignKey(Fan, models.PROTECT, related_name="+")
    rating = models.PositiveSmallIntegerField()  # 1–5
    words = models.CharField(max_length=1000, blank=True)
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meetup", "fan"], name="answers_a_survey_once"),
            models.CheckConstraint(condition=Q(rating__gte=1, rating__lte=5), name="rates_1_to_5"),
        ]

    def __str__(self) -> str:
        return f"{self.meetup_id} {self.rating}"
