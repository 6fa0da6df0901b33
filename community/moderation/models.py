from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.threads.models import Post, Rule, Thread
from fans.accounts.models import Fan, Reader, Role

# What hurts people or the product while it stands (spec §9): looked at first.
SAFETY_RULES = frozenset(
    {
        Rule.SPAM,
        Rule.ABUSE,
        Rule.SCALPING,
        Rule.LEAKED_BUILD,
        Rule.PERSONAL_DATA,
        Rule.ILLEGAL,
    }
)
CLAIM_LASTS = timedelta(minutes=30)
HIDDEN_AT_MOST = timedelta(hours=24)  # by flags alone, until somebody looks
ALONE_AFTER = timedelta(hours=48)  # A3: when there is no second person


def due_at(rule: str, at: datetime) -> datetime:
    """By when a flag for this rule is to be decided."""
    return at + (timedelta(hours=24) if rule in SAFETY_RULES else timedelta(hours=72))


class Outcome(models.TextChoices):
    NO_ACTION = "no_action", _("No action")
    ACTIONED = "actioned", _("Action taken")


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, reader: Reader) -> Self:
        """Cases in this moderator's scope, about what they may read, and not about themselves.

        So the early board's go to staff (A3): moderators do not read it.
        """
        if not isinstance(reader, Fan) or not reader.moderates_anything:
            return self.none()
        scopes = reader.moderation_scopes
        mine = Q()
        if "site" not in scopes:
            boards = [int(scope[6:]) for scope in scopes if scope.startswith("board:")]
            mine = Q(post__thread__board__in=boards)
        readable = Q(post=None) | Q(post__thread__in=Thread.objects.visible_to(reader))
        return self.filter(mine & readable).exclude(Q(about=reader.pk) | Q(post__author=reader.pk))

    def open(self) -> Self:
        return self.filter(decided_at=None)

    def hidden_too_long(self, at: datetime) -> Self:
        """Posts that flags alone have kept out of sight for 24 h."""
        return self.open().filter(hidden_by_flags_at__lte=at - HIDDEN_AT_MOST, shown_again_at=None)


class Case(models.Model):
    """Something that was flagged, and what became of it. One open case per post or person."""

    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="cases")
    about = models.ForeignKey(Fan, models.PROTECT, related_name="cases_about")  # author or person
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_by = models.ForeignKey(Fan, models.SET_NULL, null=True, blank=True, related_name="+")
    claimed_at = models.DateTimeField(null=True, blank=True)
    hidden_by_flags_at = models.DateTimeField(null=True, blank=True)  # once in a case, at most
    shown_again_at = models.DateTimeField(null=True, blank=True)  # nobody had looked for 24 h
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

    def get_absolute_url(self) -> str:
        return reverse("moderation_case", args=[self.pk])

    @property
    def scope(self) -> str:
        """Where it belongs in the log; the caller fetches `post__thread`."""
        return f"board:{self.post.thread.board_id}" if self.post else "site"

    @property
    def person(self) -> Fan:
        """Whom a sanction meets: who the post belongs to by now (an imported author may have
        become a fan). The caller fetches `post__author`."""
        return self.post.author if self.post else self.about

    def holder(self, at: datetime) -> Fan | None:
        """Who is working on it; a claim lasts half an hour."""
        if self.claimed_at is None or at - self.claimed_at >= CLAIM_LASTS:
            return None
        return self.claimed_by


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
        """Sanctions are never public (A4): for those who judge people, and not their own."""
        if not isinstance(reader, Fan) or not reader.moderates_anything:
            return self.none()
        readable = self.filter(Q(case=None) | Q(case__in=Case.objects.visible_to(reader)))
        if reader.role == Role.MODERATOR and "site" not in reader.moderation_scopes:
            return readable.filter(proposed_by=reader.pk)
        return readable.exclude(fan=reader.pk)

    def proposed(self) -> Self:
        """Waiting for a second person (A3)."""
        return self.filter(effective_at=None, lifted_at=None)

    def standing(self) -> Self:
        return self.filter(effective_at__isnull=False, lifted_at=None)


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
