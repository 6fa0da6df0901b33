"""Lives through the past of the demo community, Friday by Friday, by the real actions and sweeps."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from community.feature_requests import actions as requests
from community.feature_requests.models import FeatureRequest, Status, Vote
from community.fridays import actions as fridays
from community.fridays.actions.balloting import cast_ballot
from community.fridays.actions.reporting import Grids, file_report
from community.fridays.listing import asks_to_recommend
from community.fridays.models import Cycle, ItemKind, Release, ReleaseItem, Works
from community.products.models import Product
from config.demo.answers import choose, see_to
from config.demo.community import Demo
from config.demo.fridays import first_told_at
from config.demo.history import (
    FIXED_LATER,
    LOVED,
    NEEDS,
    NOT_GOOD,
    PAST,
    WISHES,
    Past,
    Thing,
    Turn,
)
from config.demo.wishing import ask, authors_by_language
from fans.accounts.models import Fan

SEED = 20_260_522
ASKED_BEFORE = timedelta(days=45)
PLANNED_BEFORE = timedelta(days=19)
LATE = 9  # every ninth reporter comes late
_OF_A_WISH = {False: (7, 1), True: (2, 6)}  # love and pain, also where most find it broken
_ACCOUNTS = {"casual", "almost", "grace", "county"}  # whose points are counted to the last


def live_through_the_past(demo: Demo) -> None:
    """25 weeks before the one that is told: two skipped, one recalled, one award shared, one not given."""
    product = Product.objects.get(is_main=True)
    told, chance = first_told_at(demo.at), Random(SEED)
    wishes = {ago: _ask_for(demo, ago, told - timedelta(weeks=ago), chance) for ago in WISHES}
    for past in PAST:
        friday = told - timedelta(weeks=past.ago)
        if past.ago == FIXED_LATER:
            wishes[past.ago] = _plan_again(demo, wishes, friday - timedelta(days=9))
        cycle = fridays.schedule_weeks(product=product, at=friday - timedelta(days=6))[-1]
        following = wishes.get(past.ago - 1)
        _live_through(demo, past, cycle, wishes.get(past.ago), following, chance)


def _plan_again(demo: Demo, wishes: dict[int, FeatureRequest], at: datetime) -> FeatureRequest:
    """What most had found broken is open again (F8), and planned anew."""
    wish = wishes[next(past.ago for past in PAST if past.broken)]
    words = "You were right. It is made anew, and this time it holds the line."
    _plan(demo, wish, words, "system", at)
    return wish


def _ask_for(demo: Demo, ago: int, friday: datetime, chance: Random) -> FeatureRequest:
    """Somebody asks, others vote, a team answers that it is planned."""
    told = WISHES[ago]
    at = friday - ASKED_BEFORE
    people = [fan for fan in authors_by_language(demo)[told.language] if fan.joined_at < at]
    wish = ask(demo, told, people[ago % len(people)], at)
    able = [fan for fan in _fans(demo, at) if fan.pk != wish.author_id]
    for number, fan in enumerate(chance.sample(able, min(told.voices, len(able))), start=1):
        voted_at = at + timedelta(hours=7 * number)
        requests.cast_vote(feature_request=wish, fan=fan, at=voted_at)
    _plan(demo, wish, told.response, told.team, friday - PLANNED_BEFORE)
    return wish


def _plan(demo: Demo, wish: FeatureRequest, words: str, team: str, at: datetime) -> None:
    for became, response in ((Status.UNDER_REVIEW, ""), (Status.PLANNED, words)):
        requests.change_status(
            feature_request=wish,
            became=became,
            response=response,
            actor=demo.member(team),
            at=at,
        )


def _live_through(
    demo: Demo,
    past: Past,
    cycle: Cycle,
    wish: FeatureRequest | None,
    following: FeatureRequest | None,
    chance: Random,
) -> None:
    """`following` is what the week after builds; it is chosen on Monday."""
    friday_at, close_at = cycle.release_target_at, cycle.close_at
    if past.turn == Turn.RESTED:
        at = friday_at - timedelta(days=3)
        fridays.skip(cycle=cycle, reason=past.reason, actor=demo.account("staff"), at=at)
    elif past.turn != Turn.NO_BUILD:
        release = _build(demo, past, cycle, wish, friday_at - timedelta(days=2))
        fridays.sweep_cycle(cycle_id=cycle.pk, at=friday_at)
        if past.turn == Turn.RECALLED:
            _recall(demo, release, past.reason, friday_at + timedelta(hours=20))
        else:
            fridays.sweep_cycle(cycle_id=cycle.pk, at=cycle.report_opens_at)
            if following is not None:
                choose(demo, cycle, [following])
            _report(demo, past, cycle, chance)
            fridays.sweep_cycle(cycle_id=cycle.pk, at=cycle.late_closes_at)
            see_to(demo, cycle, passes_on=past.ago == 1)
    fridays.sweep_cycle(cycle_id=cycle.pk, at=close_at)


def _build(
    demo: Demo, past: Past, cycle: Cycle, wish: FeatureRequest | None, at: datetime
) -> Release:
    asked = [] if wish is None else [
        fridays.ItemDetails(
            kind=ItemKind.NEW,
            title=wish.title,
            team=demo.teams[_team_of(wish)],
            feature_request=wish,
        )
    ]  # fmt: skip
    member, week = demo.member("system"), cycle.week
    release = fridays.draft_release(
        product=cycle.product,
        details=fridays.ReleaseDetails(
            version=f"{week[2:4]}.{week[6:]}",
            cycle=cycle,
            notes="The build of the week. Tell us on Tuesday how it is.",
            has_no_known_defects=True,
        ),
        items=[
            *asked,
            *(
                fridays.ItemDetails(kind=each.kind, title=each.title, team=demo.teams[each.team])
                for each in past.things
            ),
        ],
        actor=member,
        at=at,
    )
    fridays.make_ready(release=release, actor=member, at=at)
    return release


def _recall(demo: Demo, release: Release, reason: str, at: datetime) -> None:
    member = demo.member("system")
    fridays.withdraw_release(release=release, reason=reason, actor=member, at=at)


def _report(demo: Demo, past: Past, cycle: Cycle, chance: Random) -> None:
    cycle.refresh_from_db()
    items = list(ReleaseItem.objects.filter(release__cycle=cycle).order_by("number"))
    things = {thing.title: thing for thing in past.things}
    awaited = list(
        FeatureRequest.objects.listed()
        .open()
        .filter(product=cycle.product, created_at__lt=cycle.report_opens_at)
        .order_by("pk")
    )
    able = _fans(demo, cycle.report_opens_at - timedelta(days=8))
    shipped = [item.feature_request_id for item in items if item.feature_request_id]
    voters = set(Vote.objects.filter(feature_request__in=shipped).values_list("fan", flat=True))
    asks = asks_to_recommend(cycle)
    reporters = chance.sample(able, len(able))
    reporters.sort(key=lambda fan: fan.pk not in voters)
    del reporters[past.reports :]
    for number, fan in enumerate(reporters):
        is_late = number % LATE == LATE - 1
        opens_at = cycle.report_closes_at if is_late else cycle.report_opens_at
        at = opens_at + timedelta(minutes=11 * number + 5)
        chosen = tuple(wish.pk for wish in chance.sample(awaited, min(2, len(awaited))))
        built = [(item, things.get(item.title)) for item in items]
        grids = _grids(past, built, chosen, number, asks=asks)
        if fan.pk in voters:
            said = _verdict(past, number)
            grids = replace(grids, verdicts=tuple((wish, said) for wish in shipped))
        file_report(cycle=cycle, fan=fan, grids=grids, at=at)
        if not is_late:
            _vote_for_popcorn(past, cycle, fan, items, number, at)


def _grids(
    past: Past,
    built: list[tuple[ReleaseItem, Thing | None]],
    anticipated: tuple[int, ...],
    number: int,
    *,
    asks: bool,
) -> Grids:
    """The same share of fans each time; in a shared week two items are received alike."""
    loved, poor = [], []
    for place, (item, thing) in enumerate(built):
        turn = 0 if past.turn == Turn.JOINT and place < 2 else place
        love, pain = (thing.love, thing.pain) if thing else _OF_A_WISH[past.broken]
        if (3 * number + 4 * turn) % 10 < love:
            loved.append(item.pk)
        elif (7 * number + 5 * turn) % 10 < pain:
            poor.append(item.pk)
    is_enough = bool(loved) + bool(poor) + bool(anticipated) > 1
    is_pleased = (7 * number + 3) % 10 < past.joy
    return Grids(
        overall=(5 if number % 3 else 4) if is_pleased else (3 if number % 2 else 2),
        loved=tuple(loved[:3]),
        loved_why=_turn(LOVED, past, number) if loved and number % 2 else "",
        not_good=tuple(poor[:3]),
        not_good_why=_turn(NOT_GOOD, past, number) if poor else "",
        not_good_severity=("S2" if past.broken else "S3") if poor else "",
        not_good_frequency=("Q2", "Q3")[number % 2] if poor else "",
        anticipated=anticipated,
        new_need=_turn(NEEDS, past, number) or ("" if is_enough else NEEDS[0]),
        device=("K1", "K2", "K2 mini")[number % 3],
        would_recommend=10 - number * 7 % 11 // 2 if asks else None,
    )


def _turn(words: tuple[str, ...], past: Past, number: int) -> str:
    """Each week others begin, so that no two weeks are quoted alike."""
    return words[(number + 5 * past.ago) % len(words)]


def _verdict(past: Past, number: int) -> str:
    usual = Works.PARTLY if number % 5 == 0 else Works.WORKS
    return (Works.BROKEN if past.broken and number % 4 else usual).value


def _vote_for_popcorn(
    past: Past, cycle: Cycle, fan: Fan, items: list[ReleaseItem], number: int, at: datetime
) -> None:
    candidates = [item for item in items if item.kind != ItemKind.FIXED][int(past.broken) :]
    if past.turn == Turn.NO_AWARD and number > 1:
        return
    if past.turn == Turn.JOINT:
        cast_ballot(cycle=cycle, fan=fan, item=candidates[number % LATE % 2], at=at)
    elif number % 3:
        cast_ballot(
            cycle=cycle, fan=fan, item=candidates[(number % 7) // 5 % len(candidates)], at=at
        )


def _fans(demo: Demo, joined_before: datetime) -> list[Fan]:
    return [
        fan
        for fan in demo.fans
        if not fan.is_staff
        and fan.joined_at < joined_before
        and demo.people[fan.pk].account not in _ACCOUNTS
    ]


def _team_of(wish: FeatureRequest) -> str:
    return next(told.team for told in WISHES.values() if told.title == wish.title)
