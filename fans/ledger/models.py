"""What fans did and what it counted for (spec §2). Rows are written once and for all (L1)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fans.accounts.models import Fan, Reader


class NeverChanged(Exception):
    """Somebody tried to change what was written down for good (L1)."""


class Family(models.TextChoices):
    TALK = "talk", _("Talk")
    HELP = "help", _("Help")
    PRODUCT = "product", _("Product")
    FEEDBACK = "feedback", _("Feedback")
    OFFLINE = "offline", _("Offline")
    SANCTION = "sanction", _("Sanction")


class _WrittenOnce(models.Model):
    """A row that no code changes or deletes; a database trigger refuses it too (L1)."""

    class Meta:
        abstract = True

    def save(self, **kwargs: Any) -> None:
        if not self._state.adding:
            raise NeverChanged
        super().save(**{**kwargs, "force_insert": True})

    def delete(self, **kwargs: Any) -> tuple[int, dict[str, int]]:  # type: ignore[override]
        raise NeverChanged


class ContributionQuerySet(models.QuerySet["Contribution"]):
    def update(self, **kwargs: Any) -> int:
        raise NeverChanged

    def delete(self) -> tuple[int, dict[str, int]]:
        raise NeverChanged

    def visible_to(self, reader: Reader) -> Self:
        """One's own deeds; nobody else's (A4 names attendance and sanctions among them)."""
        return self.filter(fan=reader.pk) if isinstance(reader, Fan) else self.none()

    def counting(self, at: datetime, days: int, known_at: datetime) -> Self:
        """What a score at `at` over so many days adds up, as known then (L3)."""
        from datetime import timedelta

        return self.filter(
            recorded_at__lte=known_at,
            effective_at__gt=at - timedelta(days=days),
            effective_at__lte=at,
        )


class Contribution(_WrittenOnce):
    """One deed of one fan, or the reversal of one (spec §2)."""

    fan = models.ForeignKey(Fan, models.PROTECT, related_name="contributions")
    kind = models.CharField(max_length=40)  # a key of `fans.ledger.kinds.KINDS`
    family = models.CharField(max_length=10, choices=Family)
    points = models.SmallIntegerField()
    validated = models.BooleanField()  # somebody else confirmed the outcome
    effective_at = models.DateTimeField()  # the moment of the deed
    recorded_at = models.DateTimeField()  # when the ledger learned of it
    subject = models.CharField(max_length=80)  # what earned it: "post:123"; imports nobody
    rule_version = models.PositiveSmallIntegerField(default=1)
    reversal_of = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversal"
    )
    reason = models.CharField(max_length=40, blank=True)  # a word: "cap", "collusion", "withdrawn"

    objects: ClassVar[Any] = ContributionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject", "fan"],
                name="same_deed_is_one_row",
                condition=Q(reversal_of=None),
            ),
        ]
        indexes = [
            models.Index(fields=["fan", "effective_at"], name="contribution_of_fan"),
            models.Index(fields=["kind", "subject"], name="contribution_subject"),
            models.Index(fields=["kind", "effective_at"], name="contribution_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.points:+d}"


class Giving(_WrittenOnce):
    """Whose confirmation made a deed count; for L5 and for «from at least 4 different fans»."""

    contribution = models.ForeignKey(Contribution, models.PROTECT, related_name="givings")
    giver = models.ForeignKey(Fan, models.PROTECT, related_name="+")
    receiver = models.ForeignKey(Fan, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contribution", "giver"], name="gives_once_for_a_deed")
        ]
        indexes = [models.Index(fields=["receiver", "giver", "given_at"], name="giving_between")]

    def __str__(self) -> str:
        return f"{self.giver_id} → {self.receiver_id}"


class ActiveDay(models.Model):
    """A day on which a fan did something (post, vote, report, ballot, RSVP, check-in), and how often."""

    fan = models.ForeignKey(Fan, models.CASCADE, related_name="+")
    day = models.DateField()  # of the platform
    act_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fan", "day"], name="one_active_day")]
        indexes = [models.Index(fields=["day", "fan"], name="active_day")]

    def __str__(self) -> str:
        return f"{self.fan_id} {self.day}"


class SiteSize(models.Model):
    """n of spec §0: fans with an act in the 28 days before `day`; counted once a day and kept."""

    day = models.DateField(unique=True)
    active_count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.day}: {self.active_count}"


class WrittenUntil(models.Model):
    """Up to when the sweep of the weeks has written down what came due by itself (O1); one row.

    Who looks at deeds of a moment waits until they are all here. Where there is no row nobody
    waits: nothing sweeps.
    """

    until_at = models.DateTimeField()
    failing_since_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_row_of_written_until")]

    def __str__(self) -> str:
        return f"{self.until_at}"


class HeldWeek(models.Model):
    """An ISO week in which a cycle of any product was held (T6); written by the Fridays.

    `week` is the ISO week of the cycle's Friday, «2026-W47». A report for it is the
    contribution `report.filed` with the subject `cycle:2026-W47:<product pk>`.
    """

    week = models.CharField(max_length=8, unique=True)
    held_at = models.DateTimeField()  # when its first form opened

    def __str__(self) -> str:
        return self.week
