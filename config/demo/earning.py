"""What the people of the demo community have earned before it begins."""

from collections import Counter
from datetime import datetime, timedelta

from config.demo.community import Demo
from config.demo.fridays import first_told_at
from fans.accounts.models import Fan
from fans.clock.weeks import platform_date, week_at
from fans.ledger.kinds import KINDS, RULE_VERSION
from fans.ledger.models import ActiveDay, Contribution
from fans.ledger.scores import score
from fans.tiers.actions import run_week
from fans.tiers.models import StandingState, Tier, TierChange, TierRules, TierStanding

ALMOST_POINTS = 52  # of the 60 that core asks for
GRACE_DAYS = 28
PAST_RUNS = 5

# Kind, points (None: what the table says), days ago.
_CORE = tuple(
    (kind, points, days)
    for days in range(8, 216, 28)
    for kind, points, days in (
        ("bug.confirmed", 6, days),
        ("answer.accepted", None, days + 9),
        ("thread.featured", None, days + 18),
    )
)
_HONORARY = tuple(("bug.confirmed", 12, days) for days in range(9, 215, 14))
_COUNTY = (("thread.featured", None, 44), ("answer.accepted", None, 37), ("bug.confirmed", 3, 30))
_GRACE = (("bug.confirmed", 20, 99), ("bug.confirmed", 20, 112))  # has just dropped out
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
    _write_down_tiers(demo)
    _remember_days(demo)
    TierRules.objects.update_or_create(pk=1, defaults={"seat_limit": 12, "observes_only": False})
    for fan in demo.fans:
        person = demo.people[fan.pk]
        if person.account == "almost":
            _write(fan, _ALMOST, demo.at)
        elif person.account == "county":
            _write(fan, _COUNTY, demo.at)
        elif person.account == "grace":
            _write(fan, _GRACE, demo.at)
        elif person.tier == Tier.CORE:
            _write(fan, _CORE, demo.at)
        elif person.tier == Tier.HONORARY_DEV:
            _write(fan, _HONORARY, demo.at)


def look_back(demo: Demo) -> None:
    """The weekly runs of the five weeks before the first that is told, by the real action."""
    told = first_told_at(demo.at)
    for weeks_ago in range(PAST_RUNS, 0, -1):
        thursday = told + timedelta(days=6, hours=10) - timedelta(weeks=weeks_ago)
        run_week(week=week_at(thursday), at=thursday)


def _write_down_tiers(demo: Demo) -> None:
    """How each came to the tier they hold."""
    steps = {
        Tier.CORE: [(Tier.CASUAL, Tier.CORE, 0)],
        Tier.HONORARY_DEV: [
            (Tier.CASUAL, Tier.CORE, 61),
            (Tier.CORE, Tier.HONORARY_DEV, 0),
        ],
    }
    held = TierStanding.objects.filter(fan__in=demo.fans).order_by("pk")
    TierChange.objects.bulk_create(
        TierChange(
            fan_id=standing.fan_id,
            was=was,
            became=became,
            reason="run" if became == Tier.CORE else "seat",
            changed_at=standing.since_at - timedelta(days=days),
        )
        for standing in held
        for was, became, days in steps.get(Tier(standing.tier), [])
    )


def _remember_days(demo: Demo) -> None:
    """The days on which people wrote count as days on which they did something."""
    acts = Counter(
        (post.author_id, platform_date(post.created_at))
        for post in demo.posts
        if not post.author.is_staff
    )
    ActiveDay.objects.bulk_create(
        ActiveDay(fan_id=fan, day=day, act_count=count) for (fan, day), count in acts.items()
    )
    fans = [fan for fan in demo.fans if not fan.is_staff and not demo.people[fan.pk].account]
    for number, fan in enumerate(sorted(fans, key=lambda fan: fan.joined_at)[20::4]):
        fan.invited_by = fans[number % 20]
        fan.save(update_fields=["invited_by"])


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
