"""What is looked at in a fan: the same for one and for everybody (T15)."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fans.accounts.models import Fan
from fans.clock.weeks import monday_of, platform_date, week_at
from fans.ledger.models import Contribution, Family, Giving, HeldWeek
from fans.tiers.models import StandingState, Tier, TierStanding
from fans.tiers.rules import GIVEN_KINDS, GIVERS_NEEDED, WEEKS_LOOKED_AT

_SHORT, _LONG = timedelta(days=90), timedelta(days=180)


@dataclass
class Deed:
    """A deed with all that was said about it later: reversed, it is worth 0."""

    kind: str
    family: str
    subject: str
    validated: bool
    effective_at: datetime
    reason: str = ""
    points: int = 0
    row_ids: list[int] = field(default_factory=list)

    @property
    def stands(self) -> bool:
        return len(self.row_ids) % 2 == 1


@dataclass(frozen=True)
class Facts:
    is_active: int
    is_verified: int
    account_days: int
    core_days: int
    score90: int
    score180: int
    validated90: int
    weeks13: int
    families90: int
    product90: int
    product180: int
    reports13: int
    sanctions90: int
    sanctions180: int


def gather(fans: Collection[Fan], at: datetime) -> dict[int, Facts]:
    """The facts about each of these fans, who come with their standing."""
    ids = [fan.pk for fan in fans]
    held = list(
        HeldWeek.objects.filter(held_at__lte=at)
        .order_by("-week")
        .values_list("week", flat=True)[:WEEKS_LOOKED_AT]
    )
    deeds = deeds_of(ids, at, held)
    active = set(Fan.objects.active(at).filter(pk__in=ids).values_list("pk", flat=True))
    givers = _givers_of(deeds)
    return {
        fan.pk: _facts_of(fan, at, deeds.get(fan.pk, []), held, givers, fan.pk in active)
        for fan in fans
    }


def deeds_of(ids: Iterable[int], at: datetime, held: Iterable[str] = ()) -> dict[int, list[Deed]]:
    """Every deed of 180 days by fan, as known at `at`; reports reach back to the weeks held."""
    found: dict[tuple[int, str, str], Deed] = {}
    rows = Contribution.objects.filter(
        fan__in=list(ids), recorded_at__lte=at, effective_at__lte=at
    ).filter(effective_at__gt=_earliest(at, held))
    for row in rows.order_by("effective_at", "pk"):
        deed = found.setdefault(
            (row.fan_id, row.kind, row.subject),
            Deed(row.kind, row.family, row.subject, row.validated, row.effective_at, row.reason),
        )
        deed.points += row.points
        deed.row_ids.append(row.pk)
    by_fan: dict[int, list[Deed]] = defaultdict(list)
    for (fan_id, _kind, _subject), deed in found.items():
        by_fan[fan_id].append(deed)
    return by_fan


def _earliest(at: datetime, held: Iterable[str]) -> datetime:
    weeks = list(held)
    if not weeks:
        return at - _LONG
    days = (platform_date(at) - monday_of(min(weeks))).days
    return min(at - _LONG, at - timedelta(days=days + 1))


def _givers_of(deeds: dict[int, list[Deed]]) -> dict[int, set[int]]:
    """By the number of a deed's first row: who confirmed it."""
    rows = [
        deed.row_ids[0]
        for own in deeds.values()
        for deed in own
        if deed.kind in GIVEN_KINDS and deed.stands
    ]
    givers: dict[int, set[int]] = defaultdict(set)
    for row, giver in Giving.objects.filter(contribution__in=rows).values_list(
        "contribution", "giver"
    ):
        givers[row].add(giver)
    return givers


def _facts_of(
    fan: Fan,
    at: datetime,
    deeds: list[Deed],
    held: list[str],
    givers: dict[int, set[int]],
    is_active: bool,
) -> Facts:
    short = [deed for deed in deeds if deed.effective_at > at - _SHORT]
    long = [deed for deed in deeds if deed.effective_at > at - _LONG]
    good = [deed for deed in short if deed.points > 0]
    return Facts(
        is_active=int(is_active),
        is_verified=int(fan.verified_at is not None),
        account_days=(at - fan.joined_at).days,
        core_days=_core_days(getattr(fan, "standing", None), at),
        score90=sum(deed.points for deed in short),
        score180=sum(deed.points for deed in long),
        validated90=_validated(short, givers),
        weeks13=_weeks(long, at),
        families90=len({deed.family for deed in good} - {Family.SANCTION}),
        product90=sum(deed.family == Family.PRODUCT for deed in good),
        product180=sum(
            deed.points > 0 and (deed.family == Family.PRODUCT or deed.kind == "report.cited")
            for deed in long
        ),
        reports13=_reports(deeds, held),
        sanctions90=_sanctions(short),
        sanctions180=_sanctions(long),
    )


def _validated(deeds: list[Deed], givers: dict[int, set[int]]) -> int:
    """Points somebody else confirmed; answers and marks only if four different fans gave them."""
    given = [deed for deed in deeds if deed.kind in GIVEN_KINDS]
    names = set().union(*(givers.get(deed.row_ids[0], set()) for deed in given if deed.stands))
    counts_given = len(names) >= GIVERS_NEEDED
    return sum(
        deed.points
        for deed in deeds
        if deed.validated and (counts_given or deed.kind not in GIVEN_KINDS)
    )


def _weeks(deeds: list[Deed], at: datetime) -> int:
    first = monday_of(week_at(at)) - timedelta(weeks=WEEKS_LOOKED_AT - 1)
    return len(
        {
            week_at(deed.effective_at)
            for deed in deeds
            if deed.points > 0 and platform_date(deed.effective_at) >= first
        }
    )


def _reports(deeds: list[Deed], held: list[str]) -> int:
    """T6: a report for any product counts for its week, also beyond the cap on points."""
    filed = {
        deed.subject.split(":")[1] for deed in deeds if deed.kind == "report.filed" and deed.stands
    }
    return len(filed & set(held))


def _sanctions(deeds: list[Deed]) -> int:
    return sum(deed.family == Family.SANCTION and deed.points < 0 for deed in deeds)


def _core_days(standing: TierStanding | None, at: datetime) -> int:
    if standing is None or standing.tier == Tier.CASUAL:
        return 0
    state = standing.state_but_for_freezing
    if state == StandingState.GRACE:
        return 0
    ended = standing.state_at if state == StandingState.NORMAL else None
    return (at - (ended or standing.since_at)).days
