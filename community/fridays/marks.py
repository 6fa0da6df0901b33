"""What a fan is at the moment of a report; the report keeps it (the lens, spec §10)."""

from datetime import datetime

from fans.accounts.models import Fan
from fans.places.models import RegionLevel
from fans.tiers.busiest import is_busiest
from fans.tiers.metrics import FIRST_YEAR, NEWCOMER
from fans.tiers.models import tier_of


def marks_of(fan: Fan, at: datetime) -> dict[str, object]:
    """The mark columns of a `Report`, by name. The region only with the fan's consent."""
    return {
        "tier": tier_of(fan) or "",
        "region_level": fan.region_level if fan.consents_to_region else RegionLevel.UNKNOWN,
        "tenure": tenure_of(fan, at),
        "join_channel": fan.join_channel,
        "is_busiest": is_busiest(fan),
    }


def tenure_of(fan: Fan, at: datetime) -> str:
    age = at - fan.joined_at
    if age < NEWCOMER:
        return "newcomer"
    return "first_year" if age < FIRST_YEAR else "longer"
