from datetime import datetime

from django.db import transaction

from fans.accounts import actions as accounts
from fans.accounts.models import Fan, Role
from fans.accounts.withdrawal import Because, hold_what_stands, withdraw_everything


@transaction.atomic
def change_role(
    *, fan: Fan, role: Role, scopes: frozenset[str], actor: Fan, reason: str, at: datetime
) -> bool:
    """Give somebody an office or take it back. Staff hold no tier and cast no votes: theirs end
    (spec §1).

    Returns whether anything changed. Raises LastAdmin or NameRefused.
    """
    if role in {Role.STAFF, Role.ADMIN}:
        hold_what_stands(fan=fan)
    changed = accounts.change_role(
        fan=fan, role=role, scopes=scopes, actor=actor, reason=reason, at=at
    )
    if changed and fan.is_staff:
        withdraw_everything(fan=fan, at=at, because=Because.STAFF)
    return changed
