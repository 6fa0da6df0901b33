from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from fans.accounts.models import Fan, Reader


class AccountClaimQuerySet(models.QuerySet["AccountClaim"]):
    def visible_to(self, reader: Reader) -> Self:
        """A claim is between the fan who made it and staff."""
        if not isinstance(reader, Fan):
            return self.none()
        return self.all() if reader.is_staff else self.filter(fan=reader.pk)

    def open(self) -> Self:
        return self.filter(decided_at=None)


class AccountClaim(models.Model):
    """«This was me»: a fan says an imported author is them; staff join the two, or decline.

    Joined, the imported row stays as an erased shell without posts or `imported_as`; the claim
    keeps the latter and so tells later imports whose posts these are.
    """

    fan = models.ForeignKey(Fan, models.CASCADE, related_name="account_claims")
    imported = models.ForeignKey(
        Fan, models.SET_NULL, null=True, blank=True, related_name="claims_on_it"
    )
    imported_as = models.CharField(max_length=80)  # "discourse:42"
    imported_name = models.CharField(max_length=40)
    message = models.CharField(max_length=500, blank=True)
    claimed_at = models.DateTimeField()
    decided_by = models.ForeignKey(Fan, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    joined = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True)  # why not; shown to who asked

    objects = AccountClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fan", "imported_as"],
                name="one_open_claim",
                condition=Q(decided_at=None),
            ),
            models.UniqueConstraint("imported_as", name="joined_once", condition=Q(joined=True)),
        ]
        indexes = [
            models.Index(
                fields=["claimed_at", "id"], name="claim_open", condition=Q(decided_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.fan_id} → {self.imported_as}"
