from datetime import datetime
from typing import Any

from fans.audit.models import AuditEntry


def record(
    *,
    actor: Any,
    verb: str,
    subject: str,
    at: datetime,
    concerns: Any = None,
    scope: str = "",
    rule: str = "",
    reason: str = "",
    **details: Any,
) -> AuditEntry:
    """Write down who did what to whom (spec §9). Called inside the act's own transaction.

    `actor` is a fan, or None for the site itself; `subject` a key such as `post:123`;
    `concerns` the fan whose words or rights it was about. `scope` opens the entry to moderators
    of that scope (`board:3`, `site`); without one only staff read it.
    Never pass private words, addresses or secrets in `details`.
    """
    return AuditEntry.objects.create(
        actor=actor,
        verb=verb,
        subject=subject,
        concerns=concerns,
        scope=scope,
        rule=rule,
        reason=reason,
        details=details,
        acted_at=at,
    )
