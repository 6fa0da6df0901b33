from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.threads.models import Post, Rule, Thread
from fans.accounts.models import Fan, Reader, Role


class Outcome(models.TextChoices):
    NO_ACTION = "no_action", _("No action")
    ACTIONED = "actioned", _("Action taken")


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, reader: Reader) -> Self:
        """Cases about posts this moderator may read, in their scope, not about themselves (spec §1)."""
        if not isinstance(reader, Fan) or not reader.moderates_anything:
            return self.none()
        scopes = reader.moderation_scopes
        mine = Q()
        if "site" not in scopes:
            boards = [int(scope[6:]) for scope in scopes if scope.startswith("board:")]
            mine = Q(post__thread__board__in=boards)
        readable = Q(post=None) | Q(post__thread__in=Thread.objects.visible_to(reader))
        return self.filter(mine & readable).exclude(about=reader.pk)

    def open(self) -> Self:
        return self.filter(decided_at=None)


class Case(models.Model):
    """Something that was flagged, and what became of it. One open case per post or person."""

    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="cases")
    about = models.ForeignKey(Fan, models.PROTECT, related_name="cases_about")  # author or person
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_by = models.ForeignKey(Fan, models.SET_NULL, null=True, blank=True, related_name="+")
    claimed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    rule = models.CharField(max_length=30, choices=Rule, blank=True)
    note = models.TextField(blank=True)
    decided_by = models.ForeignKey(Fan, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "post",
                name="one_open_case_per_post",
                condition=Q(decided_at=None, post__isnull=False),
            ),
            models.UniqueConstraint(
                "about", name="one_open_case_per_person", condition=Q(decided_at=None, post=None)
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="case_due", condition=Q(decided_at=None))
        ]

    def __str__(self) -> str:
        return f"case {self.pk}"


class Flag(models.Model):
    """One person's report of a post or person; guests report by a form, without an account."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="flags")
    reporter = models.ForeignKey(Fan, models.PROTECT, null=True, blank=True, related_name="+")
    rule = models.CharField(max_length=30, choices=Rule)
    note = models.CharField(max_length=500, blank=True)
    flagged_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "reporter"],
                name="one_flag_per_fan_and_case",
                condition=Q(reporter__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.rule


class SanctionKind(models.TextChoices):
    WARN = "warn", _("Warning")
    MUTE = "mute", _("Mute")
    SUSPEND = "suspend", _("Suspension")
    BAN = "ban", _("Ban")


class SanctionQuerySet(models.QuerySet["Sanction"]):
    def visible_to(self, reader: Reader) -> Self:
        """Sanctions are never public (A4): for moderators and staff, and not their own."""
        if not isinstance(reader, Fan) or not reader.moderates_anything:
            return self.none()
        if reader.role == Role.MODERATOR and "site" not in reader.moderation_scopes:
            return self.filter(proposed_by=reader.pk)
        return self.exclude(fan=reader.pk)


class Sanction(models.Model):
    """What was done to a person, by which rule, by whom. A ban takes a second person (A3)."""

    fan = models.ForeignKey(Fan, models.PROTECT, related_name="sanctions")
    kind = models.CharField(max_length=10, choices=SanctionKind)
    rule = models.CharField(max_length=30, choices=Rule)
    reason = models.TextField()
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="sanctions")
    proposed_by = models.ForeignKey(Fan, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Fan, models.PROTECT, null=True, blank=True, related_name="+")
    effective_at = models.DateTimeField(null=True, blank=True)  # null: waits for a second person
    until_at = models.DateTimeField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(Fan, models.PROTECT, null=True, blank=True, related_name="+")

    objects = SanctionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="second_person_is_another",
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=models.F("proposed_by")),
            ),
            models.UniqueConstraint(
                fields=["fan", "kind"],
                name="one_proposal_at_a_time",
                condition=Q(effective_at=None, lifted_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.kind
