"""What the people of the demo community have earned before it begins."""

from datetime import datetime, timedelta

from config.demo.community import Demo
from fans.accounts.models import Fan
from fans.ledger.kinds import KINDS, RULE_VERSION
from fans.ledger.models import Contribution
from fans.ledger.scores import score
from fans.tiers.models import StandingState, Tier, TierRules, TierStanding

ALMOST_POINTS = 52  # of the 60 that core asks for
GRACE_DAYS = 28

# Kind, points (None: what the table says), days ago.
_CORE = (
    ("bug.confirmed", 6, 8),
    ("answer.accepted", None, 15),
    ("bug.confirmed", 6, 29),
    ("thread.featured", None, 36),
    ("answer.accepted", None, 50),
    ("bug.confirmed", 12, 64),
)
_HONORARY = tuple(("bug.confirmed", 12, days) for days in range(9, 175, 14))
_COUNTY = (("thread.featured", None, 44), ("answer.accepted", None, 37), ("bug.confirmed", 3, 30))
_ALMOST = (
    ("bug.confirmed", 12, 68),
    ("answer.accepted", None, 47),
    ("thread.featured", None, 40),
    ("bug.confirmed", 12, 19),
    ("report.filed", None, 12),
    ("report.filed", None, 5),
)
Deeds = tuple[tuple[str, int | None, int], ...]


def give_points(demo: Demo) -> None:
    """Deeds enough for what each holds; the ledger is young, the people are not."""
    TierRules.objects.update_or_create(pk=1, defaults={"seat_limit": 12, "observes_only": False})
    for fan in demo.fans:
        person = demo.people[fan.pk]
        if person.account == "almost":
            _write(fan, _ALMOST, demo.at)
        elif person.account == "county":
            _write(fan, _COUNTY, demo.at)
        elif person.tier == Tier.CORE and person.account != "grace":
            _write(fan, _CORE, demo.at)
        elif person.tier == Tier.HONORARY_DEV:
            _write(fan, _HONORARY, demo.at)


def _write(fan: Fan, deeds: Deeds, at: datetime) -> None:
    Contribution.objects.bulk_create(
        Contribution(
            fan=fan,
            kind=kind,
            family=KINDS[kind].family,
            points=KINDS[kind].points if points is None else points,
            validated=KINDS[kind].validated,
            effective_at=at - timedelta(days=days, hours=fan.pk % 20),
            recorded_at=at - timedelta(days=days, hours=fan.pk % 20),
            subject=f"before:{fan.pk}-{number}",
            rule_version=RULE_VERSION,
        )
        for number, (kind, points, days) in enumerate(deeds, start=1)
    )


def keep_situations(at: datetime) -> None:
    """52 of 60 points, and the fourteenth day of grace: today, whenever today is."""
    people = Fan.objects.get_queryset().filter(is_demo=True)
    almost = people.filter(email="almost@example.com").first()
    if almost is not None and (missing := ALMOST_POINTS - score(almost, at, 90)) > 0:
        _top_up(almost, missing, at)
    grace = people.filter(email="grace@example.com").first()
    if grace is not None:
        TierStanding.objects.update_or_create(
            fan=grace,
            defaults={
                "tier": Tier.CORE,
                "state": StandingState.GRACE,
                "since_at": grace.joined_at + timedelta(days=90),
                "state_at": at - timedelta(days=GRACE_DAYS / 2),
                "state_until": at + timedelta(days=GRACE_DAYS / 2),
            },
        )


def _top_up(fan: Fan, points: int, at: datetime) -> None:
    """What has dropped out of the 90 days, earned again a week ago."""
    kind = KINDS["bug.confirmed"]
    earned_at = at - timedelta(days=7)
    Contribution.objects.get_or_create(
        fan=fan,
        kind="bug.confirmed",
        subject=f"again:{earned_at:%Y-%m-%d}",
        reversal_of=None,
        defaults={
            "family": kind.family,
            "points": points,
            "validated": kind.validated,
            "effective_at": earned_at,
            "recorded_at": earned_at,
            "rule_version": RULE_VERSION,
        },
    )
