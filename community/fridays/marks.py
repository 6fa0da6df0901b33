"""What a fan is at the moment of a report; the report keeps it (the lens, spec §10)."""

from datetime import datetime, timedelta

from fans.accounts.models import Fan, JoinChannel
from fans.places.models import RegionLevel
from fans.tiers.busiest import is_busiest
from fans.tiers.models import Tier, tier_of

NEWCOMER_FOR = timedelta(days=90)
FIRST_YEAR = timedelta(days=365)

# Those of each mark who told us, which is all of them but for the region.
SEGMENTS: dict[str, list[str]] = {
    "tier": list(Tier.values),
    "region_level": [level for level in RegionLevel.values if level != RegionLevel.UNKNOWN],
    "join_channel": list(JoinChannel.values),
    "tenure": ["newcomer", "first_year", "longer"],
}


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
    if age < NEWCOMER_FOR:
        return "newcomer"
    return "first_year" if age < FIRST_YEAR else "longer"
