from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fans.accounts.models import Fan, Reader
from fans.ledger.models import NeverChanged


class Tier(models.TextChoices):
    CASUAL = "casual", _("Casual")
    CORE = "core", _("Core")
    HONORARY_DEV = "honorary_dev", _("Honorary developer")


class StandingState(models.TextChoices):
    NORMAL = "normal", _("normal")
    PROTECTED = "protected", _("protected")  # T2
    GRACE = "grace", _("grace")  # T3
    ON_LEAVE = "on_leave", _("on leave")  # T8
    FROZEN = "frozen", _("frozen")  # T9


class TierStanding(models.Model):
    """Where a fan stands in the pyramid. No row means casual; staff have none (spec §1)."""

    fan = models.OneToOneField(Fan, models.CASCADE, primary_key=True, related_name="standing")
    tier = models.CharField(max_length=20, choices=Tier, default=Tier.CASUAL)
    since_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=StandingState, default=StandingState.NORMAL)
    state_at = models.DateTimeField(null=True, blank=True)  # when that state began
    # 28 days end with the fourth run after the one that began them (T5), whatever its hour.
    state_until = models.DateTimeField(null=True, blank=True)
    # T9: what a suspension interrupts goes on after it; `state_at` stays that of what it was.
    frozen_at = models.DateTimeField(null=True, blank=True)
    state_before = models.CharField(max_length=10, choices=StandingState, blank=True)

    def __str__(self) -> str:
        return self.tier

    @property
    def state_but_for_freezing(self) -> str:
        return self.state_before if self.state == StandingState.FROZEN else self.state


def tier_of(reader: Reader) -> Tier | None:
    """The tier of whoever reads; None for guests and for staff, who hold none."""
    if not isinstance(reader, Fan) or reader.is_staff:
        return None
    standing = getattr(reader, "standing", None)
    return Tier(standing.tier) if standing else Tier.CASUAL


class TierRules(models.Model):
    """How the pyramid is run here; one row. The thresholds stand in `fans.tiers.rules`."""

    seat_limit = models.PositiveSmallIntegerField(default=100)
    observes_only = models.BooleanField(default=True)  # T14: demotions are shown, not applied
    version = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="one_row_of_tier_rules"),
        ]

    def __str__(self) -> str:
        return f"v{self.version}"


def keeps_order_everywhere(reader: Reader) -> bool:
    """Whoever manages tiers: moderators for the whole site, and staff (spec §0)."""
    return isinstance(reader, Fan) and "site" in reader.moderation_scopes


class TierRunQuerySet(models.QuerySet["TierRun"]):
    def visible_to(self, reader: Reader) -> Self:
        """Runs and what they found, for those who watch over them."""
        return self.all() if keeps_order_everywhere(reader) else self.none()


class TierRun(models.Model):
    """The weekly look at everyone, once an ISO week (T1)."""

    week = models.CharField(max_length=8, unique=True)  # "2026-W47"
    due_at = models.DateTimeField()  # Thursday 03:00, or later when the Fridays say so
    ran_at = models.DateTimeField(null=True, blank=True)
    rule_version = models.PositiveSmallIntegerField(default=1)
    observed_only = models.BooleanField(default=False)  # T14
    is_rest = models.BooleanField(default=False)  # T8: of a rest week, in which nothing is decided
    # T7: so many demotions and new graces that a person must look first.
    held_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(Fan, models.PROTECT, null=True, blank=True, related_name="+")
    release_reason = models.CharField(max_length=300, blank=True)
    lapsed_at = models.DateTimeField(null=True, blank=True)
    # So many acts in 28 days put somebody among the busiest 1 % (the lens); none on a small site.
    busiest_from = models.PositiveIntegerField(null=True, blank=True)

    objects = TierRunQuerySet.as_manager()

    def __str__(self) -> str:
        return self.week


class Outcome(models.TextChoices):
    STAYS = "stays", _("stays")
    PROMOTED = "promoted", _("promoted")
    ELIGIBLE = "eligible", _("may be nominated")
    GRACE = "grace", _("grace begins")
    RECOVERED = "recovered", _("grace ends well")
    DEMOTED = "demoted", _("one tier down")


class TierDecisionQuerySet(models.QuerySet["TierDecision"]):
    def visible_to(self, reader: Reader) -> Self:
        """Decisions about oneself; moderators see those of the runs they watch over."""
        if keeps_order_everywhere(reader):
            return self.all()
        return self.filter(fan=reader.pk) if isinstance(reader, Fan) else self.none()


class TierDecision(models.Model):
    """What one run found about one fan: every number that was looked at."""

    run = models.ForeignKey(TierRun, models.CASCADE, related_name="decisions")
    fan = models.ForeignKey(Fan, models.PROTECT, related_name="+")
    tier = models.CharField(max_length=20, choices=Tier)  # at the moment of the run
    outcome = models.CharField(max_length=10, choices=Outcome)
    is_applied = models.BooleanField(default=True)  # False: observed only, or held (T7, T14)
    # [{"key": "score90", "value": 52, "threshold": 60, "met": false}, …]
    criteria = models.JSONField(default=list)
    rule_version = models.PositiveSmallIntegerField(default=1)

    objects = TierDecisionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "fan"], name="one_decision_a_run")]

    def __str__(self) -> str:
        return f"{self.run_id}·{self.fan_id} {self.outcome}"


class TierChange(models.Model):
    """Somebody came to another tier; never changed, never deleted."""

    fan = models.ForeignKey(Fan, models.PROTECT, related_name="tier_changes")
    was = models.CharField(max_length=20, choices=Tier)
    became = models.CharField(max_length=20, choices=Tier)
    reason = models.CharField(max_length=20)  # "run", "seat", "staff", "manual", "left"
    run = models.ForeignKey(TierRun, models.PROTECT, null=True, blank=True, related_name="changes")
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["fan", "-changed_at", "-id"], name="tier_change_of_fan"),
            models.Index(fields=["-changed_at", "-id"], name="tier_change_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.was} → {self.became}"

    def save(self, **kwargs: Any) -> None:
        if not self._state.adding:
            raise NeverChanged
        super().save(**{**kwargs, "force_insert": True})

    def delete(self, **kwargs: Any) -> tuple[int, dict[str, int]]:  # type: ignore[override]
        raise NeverChanged


class NominationState(models.TextChoices):
    INELIGIBLE = "ineligible", _("not eligible")
    UNDER_REVIEW = "under_review", _("under review")
    REJECTED = "rejected", _("rejected")
    APPROVED = "approved", _("approved")
    OFFERED = "offered", _("seat offered")
    SEATED = "seated", _("seated")
    DECLINED = "declined", _("declined")
    LAPSED = "lapsed", _("lapsed")
    STALE = "stale", _("too old")
    WITHDRAWN = "withdrawn", pgettext_lazy("a nomination", "withdrawn")


OPEN_NOMINATIONS = [
    NominationState.UNDER_REVIEW,
    NominationState.APPROVED,
    NominationState.OFFERED,
]


class NominationQuerySet(models.QuerySet["Nomination"]):
    def open(self) -> Self:
        return self.filter(state__in=OPEN_NOMINATIONS)

    def visible_to(self, reader: Reader) -> Self:
        """Whoever reviews sees all; others those they made or are named in."""
        if not isinstance(reader, Fan):
            return self.none()
        if keeps_order_everywhere(reader):
            return self.all()
        return self.filter(Q(nominee=reader.pk) | Q(nominator=reader.pk))


class Nomination(models.Model):
    """Somebody is proposed for honorary developer (T12), with what the ledger says for it."""

    nominee = models.ForeignKey(Fan, models.PROTECT, related_name="nominations")
    nominator = models.ForeignKey(Fan, models.PROTECT, related_name="+")
    statement = models.TextField(max_length=1000)
    evidence = models.JSONField(default=list)  # the criteria as the ledger had them then
    state = models.CharField(max_length=14, choices=NominationState)
    state_at = models.DateTimeField()
    created_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True, blank=True)
    moderator = models.ForeignKey(Fan, models.PROTECT, null=True, blank=True, related_name="+")
    staff = models.ForeignKey(Fan, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    # T10: an offer stands 7 days.
    offered_at = models.DateTimeField(null=True, blank=True)
    offered_until = models.DateTimeField(null=True, blank=True)
    run = models.ForeignKey(TierRun, models.PROTECT, null=True, blank=True, related_name="offers")

    objects: ClassVar[Any] = NominationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["nominee"],
                name="one_open_nomination",
                condition=Q(state__in=["under_review", "approved", "offered"]),
            ),
            models.CheckConstraint(
                name="two_reviewers_approve",
                condition=~Q(state__in=["approved", "offered", "seated"])
                | Q(moderator__isnull=False, staff__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nominee_id} {self.state}"

    def is_offer_open(self, at: datetime) -> bool:
        return (
            self.state == NominationState.OFFERED
            and self.offered_until is not None
            and at < self.offered_until
        )
