from django.db import models
from django.utils.translation import gettext_lazy as _

from fans.accounts.models import Fan, Reader


class Tier(models.TextChoices):
    CASUAL = "casual", _("Casual")
    CORE = "core", _("Core")
    HONORARY_DEV = "honorary_dev", _("Honorary developer")


class TierStanding(models.Model):
    """Where a fan stands in the pyramid. No row means casual; staff have none (spec §1)."""

    fan = models.OneToOneField(Fan, models.CASCADE, primary_key=True, related_name="standing")
    tier = models.CharField(max_length=20, choices=Tier, default=Tier.CASUAL)
    since_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.tier


def tier_of(reader: Reader) -> Tier | None:
    """The tier of whoever reads; None for guests and for staff, who hold none."""
    if not isinstance(reader, Fan) or reader.is_staff:
        return None
    standing = getattr(reader, "standing", None)
    return Tier(standing.tier) if standing else Tier.CASUAL
