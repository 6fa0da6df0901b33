"""Where somebody stands. The weekly run and its rules come with the tiers."""

from datetime import datetime

from django.db import transaction

from fans.accounts import actions as accounts
from fans.accounts.models import Fan, Role
from fans.audit.actions import record
from fans.tiers.models import TierStanding


@transaction.atomic
def change_role(
    *, fan: Fan, role: Role, scopes: frozenset[str], actor: Fan, reason: str, at: datetime
) -> bool:
    """Give somebody an office or take it back. Staff hold no tier: theirs ends (spec §1).

    Returns whether anything changed. Raises LastAdmin or NameRefused.
    """
    changed = accounts.change_role(
        fan=fan, role=role, scopes=scopes, actor=actor, reason=reason, at=at
    )
    if changed and fan.is_staff:
        end_standing(fan=fan, reason="staff", at=at)
    return changed


def end_standing(*, fan: Fan, reason: str, at: datetime) -> None:
    """The tier ends; its holder is casual, or staff, from now on. Again changes nothing."""
    standing = TierStanding.objects.filter(fan=fan).first()
    if standing is None:
        return
    record(
        actor=None,
        verb="tier ended",
        subject=f"fan:{fan.pk}",
        at=at,
        reason=reason,
        tier=standing.tier,
    )
    standing.delete()
