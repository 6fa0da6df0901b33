"""What the style guide shows: people, times and threads that are in no database."""

from datetime import datetime, timedelta
from typing import Any

from fans.accounts.models import Fan, Role
from fans.tiers.models import Tier, TierStanding


def samples(at: datetime) -> dict[str, Any]:
    return {
        "people": _people(at),
        "times": [
            at - timedelta(seconds=20),
            at - timedelta(minutes=12),
            at - timedelta(hours=5),
            at - timedelta(days=3),
            at - timedelta(days=40),
            at + timedelta(hours=5),
        ],
        "soon": at + timedelta(hours=5, minutes=12),
        "tints": range(8),
        "tokens": TOKENS,
    }


def _people(at: datetime) -> dict[str, Fan]:
    people = {
        "casual": _fan(1, "Mara Okafor", at),
        "core": _fan(2, "Lin Wei", at, Tier.CORE),
        "honorary": _fan(3, "橙子", at, Tier.HONORARY_DEV),
        "staff": _fan(4, "Ada (Camera team)", at),
        "long": _fan(5, "Bartholomew-Maximilian of the Eleven Gardens", at),
        "gone": _fan(6, "gone", at),
    }
    people["staff"].role = Role.STAFF
    people["gone"].erased_at = at
    return people


def _fan(pk: int, name: str, at: datetime, tier: Tier = Tier.CASUAL) -> Fan:
    fan = Fan(pk=pk, handle=f"sample-{pk}", display_name=name[:40], joined_at=at)
    fan.standing = TierStanding(fan=fan, tier=tier, since_at=at)
    return fan


TOKENS = (
    ("paper", "ink"),
    ("card", "ink"),
    ("sunk", "ink"),
    ("soft", "ink"),
    ("brand", "on-brand"),
    ("deep", "on-deep"),
    ("ok-s", "ok"),
    ("warn-s", "warn"),
    ("bad-s", "bad"),
    ("info-s", "info"),
)
