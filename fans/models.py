"""The models of all rooms, for Django; code imports them from their room."""

from fans.accounts.models import Fan, Hosting, ModeratorScope, PastHandle, ReservedName
from fans.audit.models import AuditEntry
from fans.digests.models import Delivery, Issue
from fans.images.models import Image
from fans.ledger.models import (
    ActiveDay,
    Contribution,
    Giving,
    HeldWeek,
    SiteSize,
    WrittenUntil,
)
from fans.mail.models import QueuedMail
from fans.measures.models import PulseTally, PulseTurn, ShareVisits, Snapshot
from fans.notifications.models import Event, MutedKind, Notice
from fans.places.models import Place
from fans.search.models import SearchEntry
from fans.site.models import Holiday, RestWeek, SiteIdentity
from fans.tiers.models import (
    Nomination,
    TierChange,
    TierDecision,
    TierRules,
    TierRun,
    TierStanding,
)

__all__ = [
    "ActiveDay",
    "AuditEntry",
    "Contribution",
    "Delivery",
    "Event",
    "Fan",
    "Giving",
    "HeldWeek",
    "Holiday",
    "Hosting",
    "Image",
    "Issue",
    "ModeratorScope",
    "MutedKind",
    "Nomination",
    "Notice",
    "PastHandle",
    "Place",
    "PulseTally",
    "PulseTurn",
    "QueuedMail",
    "ReservedName",
    "RestWeek",
    "SearchEntry",
    "ShareVisits",
    "SiteIdentity",
    "SiteSize",
    "Snapshot",
    "TierChange",
    "TierDecision",
    "TierRules",
    "TierRun",
    "TierStanding",
    "WrittenUntil",
]
