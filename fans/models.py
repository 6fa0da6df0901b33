"""The models of all rooms, for Django; code imports them from their room."""

from fans.accounts.models import Fan, ModeratorScope, PastHandle, ReservedName
from fans.audit.models import AuditEntry
from fans.images.models import Image
from fans.mail.models import QueuedMail
from fans.places.models import Place
from fans.site.models import SiteIdentity
from fans.tiers.models import TierStanding

__all__ = [
    "AuditEntry",
    "Fan",
    "Image",
    "ModeratorScope",
    "PastHandle",
    "Place",
    "QueuedMail",
    "ReservedName",
    "SiteIdentity",
    "TierStanding",
]
