"""The weeks of the demo community: builds, reports, verdicts, by the real actions and sweeps."""

from datetime import datetime, timedelta

from community.feature_requests.models import FeatureRequest
from community.fridays import actions as fridays
from community.fridays.actions.balloting import cast_ballot
from community.fridays.actions.reporting import Grids, file_report
from community.fridays.models import Cycle, ItemKind, Release, ReleaseItem
from community.fridays.times import tier_run_at
from community.products.models import Product
from config.demo.answers import choose, see_to
from config.demo.community import Demo
from config.demo.fridays import first_told_at
from config.demo.wishes import FOLLOWED, SHIPPED_TOO, WATCH
from fans.accounts.models import Fan
from fans.clock.weeks import week_at
from fans.tiers.actions import run_week

REPORTERS = 58
LATE_REPORTERS = 4
CHOSEN = 3  # on Monday
OTHER_ITEMS = (
    (ItemKind.IMPROVED, "The lock screen wakes in half the time", "system"),
    (ItemKind.FIXED, "The flashlight no longer drains a locked phone", "system"),
)
RUNNING_ITEMS = (
    (ItemKind.IMPROVED, "The lock screen shows three notices at most", "design"),
    (ItemKind.IMPROVED, "The camera is ready in 0.6 seconds", "camera"),
    (ItemKind.FIXED, "The hotspot holds while the phone sleeps", "system"),
)
WATCH_ITEMS = (
    (ItemKind.NEW, "A face with two times", "watch"),
    (ItemKind.IMPROVED, "Raise to wake in three strengths", "watch"),
    (ItemKind.FIXED, "Steps are counted on an escalator too", "watch"),
)
_LOVED = (
    "My mother has not called about the charger since.",
    "终于不用半夜起来拔充电器了。",
    "It just stops, and says why.",
    "这周最值的更新。",
    "I set it once and forgot it, as it should be.",
    "老手机也跟着变好了，谢谢。",
    "鬧鐘終於叫得醒我。",
)
_NOT_GOOD = (
    "The switch hides three levels down.",
    "设置里找了半天才找到。",
    "Waking is fast, unlocking is not.",
    "升级之后第一次开机有点烫。",
    "With a cheap cable it stops at 78 and starts again.",
    "提示的话太长，锁屏上看不全。",
    "The light still comes on when I lift the bag.",
    "鬧鐘兩邊不同步，差了半秒。",
    "It remembers the mode, but not the zoom.",
    "换了充电器就不灵了。",
    "I did not notice that it was on until a friend told me.",
)
_NEEDS = {
    0: "A reminder when it has been at 80 % for a day",
    3: "想要小部件里也能开关",
    7: "Let me set another limit for the nights before a journey",
    11: "手錶上也想看到充到多少",
}  # of sixteen fans these; the others need nothing new


def live_through_weeks(demo: Demo, wishes: dict[str, FeatureRequest]) -> None:
    """A whole week with its verdict, and the one that is running."""
    product = Product.objects.get(is_main=True)
    told = first_told_at(demo.at)
    week = _schedule(product, told)
    asked = [(ItemKind.NEW, wishes[w.title], w.team) for w in (FOLLOWED, *SHIPPED_TOO)]
    _build(demo, week, asked, OTHER_ITEMS)
    _live(demo, week, min(demo.at, week.close_at))
    running = _schedule(product, week.friday_at + timedelta(weeks=1))
    _build(demo, running, [], RUNNING_ITEMS)
    _live(demo, running, demo.at)


class _Week:
    """A cycle and the instants that are asked for here."""

    def __init__(self, cycle: Cycle) -> None:
        self.cycle = cycle
        self.friday_at = cycle.release_target_at
        self.close_at = cycle.close_at


def _schedule(product: Product, around: datetime) -> _Week:
    found: list[Cycle] = fridays.schedule_weeks(product=product, at=around - timedelta(days=6))
    return _Week(found[-1])


def _build(
    demo: Demo,
    week: _Week,
    asked: list[tuple[ItemKind, FeatureRequest, str]],
    others: tuple[tuple[ItemKind, str, str], ...],
) -> Release:
    member = next(fan for fan in demo.fans if demo.people[fan.pk].team == "system")
    before = week.friday_at - timedelta(days=2)
    items = [
        *(
            fridays.ItemDetails(
                kind=kind, title=wish.title, team=demo.teams[team], feature_request=wish
            )
            for kind, wish, team in asked
        ),
        *(
            fridays.ItemDetails(kind=kind, title=title, team=demo.teams[team])
            for kind, title, team in others
        ),
    ]
    label = week.cycle.week
    release = fridays.draft_release(
        product=week.cycle.product,
        details=fridays.ReleaseDetails(
            version=f"{label[2:4]}.{label[6:]}",
            cycle=week.cycle,
            notes="What you asked for most, and what you told us about on Tuesday.",
            has_no_known_defects=True,
        ),
        items=items,
        actor=member,
        at=before,
    )
    fridays.make_ready(release=release, actor=member, at=before)
    return release


def _live(demo: Demo, week: _Week, until: datetime) -> None:
    """Sweep, report and look at the tiers as the days go by."""
    cycle = week.cycle
    fridays.sweep_cycle(cycle_id=cycle.pk, at=min(until, cycle.report_opens_at))
    if until > cycle.report_opens_at:
        choose(demo, cycle, _most_wanted(cycle))
        let_them_report(demo, cycle, until)
    fridays.sweep_cycle(cycle_id=cycle.pk, at=min(until, cycle.late_closes_at))
    see_to(demo, cycle, passes_on=True)
    fridays.sweep_cycle(cycle_id=cycle.pk, at=until)
    cycle.refresh_from_db()
    thursday = tier_run_at(cycle.friday, cycle.late_closes_at)
    if thursday <= until:
        run_week(week=week_at(thursday), at=thursday)


def _most_wanted(cycle: Cycle) -> list[FeatureRequest]:
    wishes = FeatureRequest.objects.listed().open().filter(product=cycle.product)
    return list(wishes.order_by("-vote_count", "-pk")[:CHOSEN])


def let_them_report(demo: Demo, cycle: Cycle, until: datetime) -> None:
    """Most on Tuesday, a few in the late window, none after `until`."""
    cycle.refresh_from_db()
    items = list(ReleaseItem.objects.filter(release__cycle=cycle).order_by("number"))
    wishes = list(
        FeatureRequest.objects.listed()
        .open()
        .filter(product=cycle.product)
        .order_by("-vote_count", "-pk")[:12]
    )
    able = [
        fan
        for fan in demo.fans
        if not fan.is_staff
        and fan.joined_at < cycle.report_opens_at - timedelta(days=8)
        and demo.people[fan.pk].account not in {"casual", "almost", "grace", "county"}
    ]
    reporters = demo.random.sample(able, min(REPORTERS + LATE_REPORTERS - 1, len(able)))
    if cycle.product.slug != WATCH:
        reporters.insert(0, demo.account("county"))
    for number, fan in enumerate(reporters):
        is_late = number > REPORTERS
        opens = cycle.report_closes_at if is_late else cycle.report_opens_at
        at = opens + timedelta(minutes=7 * number + 3)
        if at >= min(until, cycle.late_closes_at):
            continue
        file_report(cycle=cycle, fan=fan, grids=_grids(demo, items, wishes, number), at=at)
        if number % 2 == 0 and not is_late:
            _vote_for_popcorn(demo, cycle, fan, items, at)


def _grids(
    demo: Demo, items: list[ReleaseItem], wishes: list[FeatureRequest], number: int
) -> Grids:
    chance = demo.random
    loved = [item for item in items if chance.random() < (0.7 if item.number == 1 else 0.3)][:3]
    poor = [item for item in items if item not in loved and chance.random() < 0.25][:3]
    is_enough = bool(loved) + bool(poor) + bool(wishes) > 1
    return Grids(
        overall=chance.choices((5, 4, 3, 2), (40, 36, 18, 6))[0],
        loved=tuple(item.pk for item in loved),
        loved_why=_LOVED[number % len(_LOVED)] if loved else "",
        not_good=tuple(item.pk for item in poor),
        not_good_why=_NOT_GOOD[number % len(_NOT_GOOD)] if poor else "",
        not_good_severity="S3" if poor else "",
        not_good_frequency=chance.choice(("Q2", "Q3")) if poor else "",
        anticipated=tuple(wish.pk for wish in chance.sample(wishes, min(2, len(wishes)))),
        new_need=_NEEDS.get(number % 16, "" if is_enough else _NEEDS[0]),
        device=chance.choice(("K1", "K2", "K2 mini")),
    )


def _vote_for_popcorn(
    demo: Demo, cycle: Cycle, fan: Fan, items: list[ReleaseItem], at: datetime
) -> None:
    candidates = [item for item in items if item.kind != ItemKind.FIXED]
    weights = [5 if item.number == 1 else 2 for item in candidates]
    cast_ballot(cycle=cycle, fan=fan, item=demo.random.choices(candidates, weights)[0], at=at)
