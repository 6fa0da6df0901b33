from django.db import models
from django.db.models import Q

from fans.accounts.models import Fan


class AccountClaim(models.Model):
    """«This was me»: a fan says an imported author is them; staff join the two, or decline."""

    fan = models.ForeignKey(Fan, models.CASCADE, related_name="account_claims")
    imported = models.ForeignKey(Fan, models.CASCADE, related_name="claims_on_it")
    message = models.CharField(max_length=500, blank=True)
    claimed_at = models.DateTimeField()
    decided_by = models.ForeignKey(Fan, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    joined = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fan", "imported"], name="one_open_claim", condition=Q(decided_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.fan_id} → {self.imported_id}"
