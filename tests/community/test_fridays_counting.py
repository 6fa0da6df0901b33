"""O3, O4: a frozen week equals a recount of its rows, now and later."""

import json
import os
import random
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from community.feature_requests.models import Lens
from community.fridays.actions.freezing import NotYet, freeze
from community.fridays.actions.publishing import correct, hold, publish
from community.fridays.aggregates import DIMENSIONS, Base, figures
from community.fridays.counting import base_of, kept_base
from community.fridays.counting import counts_of as counts_of_week
from community.fridays.marks import marks_of
from community.fridays.models import Choice, Cycle, Report, WeeklyReport
from community.fridays.personal_data import erase, withdraw
from community.fridays.recounting import Wrong, recount_week
from community.products.models import UserBase
from fans.accounts.home import withdraw_region_consent
from fans.accounts.models import Fan
from fans.accounts.withdrawal import Because, hold_what_stands
from fans.clock.weeks import platform_date
from fans.ledger.actions import note_act
from fans.ledger.models import ActiveDay, Contribution
from fans.places.models import Place, RegionLevel
from fans.tiers.models import Tier, TierRun, TierStanding
from tests import locks
from tests.community.voices import Voice, counts_of
from tests.community.voices import base_of as naive_base
from tests.community.weeks import (
    LATE_CLOSES,
    PUBLISH,
    TUESDAY,
    WEDNESDAY,
    items_of,
    make_wish,
    open_week,
    send,
)
from tests.factories import make_batch, make_core_fan, make_fan, make_place, make_staff

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
IS_FULL = os.environ.get("TEST_SIZE") == "full"
REPORTS, SEEDS = (10_000, [1, 2]) if IS_FULL else (90, [1])


# --- the second, naive way -----------------------------------------------------------


def recounted(cycle: Cycle, base: Base) -> Any:
    """The figures, from the rows one after the other."""
    voices = [_voice_of(report) for report in Report.objects.filter(cycle=cycle)]
    return json.loads(json.dumps(figures(counts_of(voices), base)))


def _voice_of(report: Report) -> Voice:
    chosen: dict[str, set[int]] = {"loved": set(), "not_good": set(), "anticipated": set()}
    for choice in Choice.objects.filter(report=report):
        chosen[choice.grid].add(choice.item_id or choice.feature_request_id or 0)
    marks: dict[str, Any] = {n: getattr(report, n) for n in (*DIMENSIONS, "is_busiest")}
    return Voice(
        **marks,
        overall=report.overall,
        is_late=report.is_late,
        severity=report.not_good_severity,
        frequency=report.not_good_frequency,
        area=report.not_good_area,
        recommend=report.would_recommend,
        loved=frozenset(chosen["loved"]),
        not_good=frozenset(chosen["not_good"]),
        anticipated=frozenset(chosen["anticipated"]),
    )


def naive_others(cycle: Cycle, at: Any) -> list[Voice]:
    """Fans who did something in the last 28 days and did not report."""
    days = [platform_date(at) - number * DAY for number in range(28)]
    found = []
    for fan in Fan.objects.get_queryset().select_related("standing", "place"):
        acted = ActiveDay.objects.filter(fan=fan, day__in=days).exists()
        reported = Report.objects.filter(cycle=cycle, fan=fan).exists()
        is_away = fan.banned_at or fan.leaving_at or fan.erased_at
        if acted and not reported and not is_away and not fan.is_staff:
            found.append(Voice(**marks_of(fan, at)))  # type: ignore[arg-type]
    return found


def make_somebody(dice: random.Random, places: list[Place]) -> Fan:
    return dice.choice([make_fan, make_fan, make_fan, make_core_fan])(
        place=dice.choice([*places, None]),
        consents_to_region=dice.random() < 0.7,
        join_channel=dice.choice(["open", "open", "invite", "meetup"]),
        joined_at=TUESDAY - dice.choice([30, 200, 800]) * DAY,
    )


def make_random_week(seed: int) -> tuple[Cycle, list[Fan]]:
    """Reports on time and late, sent again, taken back by a ban, with a consent that went."""
    dice, cycle = random.Random(seed), open_week(items=5)
    wishes = [make_wish(cycle.product).pk for _ in range(6)]
    levels = [RegionLevel.MUNICIPALITY, RegionLevel.PREFECTURE, RegionLevel.COUNTY]
    places = [make_place(code=f"9{number}") for number, _ in enumerate(levels)]
    for place, level in zip(places, levels, strict=True):
        Place.objects.filter(pk=place.pk).update(region_level=level)
    places = list(Place.objects.filter(pk__in=[place.pk for place in places]))
    items = [item.pk for item in items_of(cycle)]
    fans = [make_somebody(dice, places) for _ in range(REPORTS)]

    def say(fan: Fan, at: Any) -> None:
        loved = dice.sample(items, dice.randint(0, 3))
        send(
            cycle, fan=fan, at=at, overall=dice.randint(1, 5), loved=tuple(loved),
            not_good=tuple(dice.sample([i for i in items if i not in loved], dice.randint(0, 2))),
            not_good_severity=dice.choice(["", "S1", "S2"]),
            not_good_frequency=dice.choice(["", "Q1", "Q2"]),
            not_good_area=dice.choice(["", "", "Wi-Fi", "wi-fi "]),
            anticipated=tuple(dice.sample(wishes, dice.randint(0, 3))),
            would_recommend=dice.choice([None, *range(11)]),
        )  # fmt: skip

    for fan in fans:
        say(fan, dice.choice([TUESDAY, TUESDAY, TUESDAY, WEDNESDAY]))
    for fan in fans[::9]:
        say(fan, WEDNESDAY)
    withdraw(fan=fans[0], at=WEDNESDAY, because=Because.BANNED)
    withdraw_region_consent(fan=fans[1])
    Report.objects.filter(fan__in=fans[2::20]).update(is_busiest=True)
    for number in range(30):
        note_act(fan=make_somebody(dice, places), at=TUESDAY - number * DAY)
    return cycle, fans


@pytest.mark.parametrize("seed", SEEDS)
def test_a_frozen_week_equals_a_recount_of_its_rows_then_and_later(seed: int) -> None:
    """O4. Later: tiers and homes have changed, some were erased, some took their consent back."""
    cycle, fans = make_random_week(seed)
    others = naive_others(cycle, LATE_CLOSES)
    kept = freeze(cycle=cycle, at=LATE_CLOSES)
    kept.refresh_from_db()
    base = kept_base(kept, counts_of_week(cycle))
    assert kept.figures == recounted(cycle, base)
    assert (kept.figures["count"], kept.figures["recommend"] is None) == (REPORTS - 1, False)
    segments = naive_base(others).others
    assert base.others == {name: segments[name] for name in DIMENSIONS}
    assert recount_week(cycle) == []

    TierStanding.objects.filter(fan__in=fans[::2]).delete()
    Fan.objects.get_queryset().filter(pk__in=[fan.pk for fan in fans[::3]]).update(
        place=None, joined_at=TUESDAY - 900 * DAY, join_channel="club"
    )
    assert recount_week(cycle) == []
    erase(fan=fans[3], at=PUBLISH, with_words=True)
    Fan.objects.get_queryset().filter(pk=fans[3].pk).update(erased_at=PUBLISH)
    for fan in fans[4:8]:
        withdraw_region_consent(fan=fan)
    ActiveDay.objects.all().delete()
    assert recount_week(cycle) == []
    again = correct(cycle=cycle, note="Counted again.", actor=make_staff(), at=PUBLISH)
    again.refresh_from_db()
    assert again.figures == recounted(cycle, base)
    same = set(kept.figures) - {"voice", "lenses", "areas"}
    assert {name: again.figures[name] for name in same} == {
        name: kept.figures[name] for name in same
    }
    assert recount_week(cycle) == []


def test_a_correction_shows_no_breakdown_of_which_somebody_was_taken_out() -> None:
    """O4, O7. Who kept the first version would take the new county lens from it: one voice."""
    cycle, county = open_week(), make_place(code="x1")
    Place.objects.filter(pk=county.pk).update(region_level=RegionLevel.COUNTY)
    county.refresh_from_db()
    fans = [make_fan(place=county, consents_to_region=number < 7) for number in range(14)]
    for fan in fans:
        send(cycle, fan=fan, overall=1 if fan == fans[0] else 5)

    def corrected() -> tuple[bool, bool, dict[str, Any]]:
        figures = correct(cycle=cycle, note="Again.", actor=make_staff(), at=PUBLISH).figures
        regions = [each for each in figures["voice"] if each["dimension"] == "region_level"]
        return bool(regions), bool(figures["lenses"][Lens.COUNTY]), figures

    freeze(cycle=cycle, at=LATE_CLOSES)
    assert corrected()[:2] == (True, True)
    withdraw_region_consent(fan=fans[0])
    for _ in range(2):  # nor later, when it is what it was in the version before
        *shown, figures = corrected()
        assert shown == [False, False]
        assert figures["lenses"][Lens.WITHOUT_BUSIEST]["count"] == 14
        assert recount_week(cycle) == []
    Report.objects.filter(cycle=cycle, fan=fans[1]).delete()
    figures = corrected()[2]
    assert figures["voice"] == []
    assert [lens for lens, told in figures["lenses"].items() if told] == [Lens.EVERYONE]


def test_a_figure_that_differs_is_named() -> None:
    cycle = open_week()
    reports = [send(cycle) for _ in range(6)]
    freeze(cycle=cycle, at=LATE_CLOSES)
    call_command("recount_weeks")
    Report.objects.filter(pk=reports[0].pk).update(is_late=True)
    assert recount_week(cycle) == [Wrong("late_count", 0, 1)]
    with pytest.raises(CommandError, match="1 weeks looked at, 1 figures differ"):
        call_command("recount_weeks")


def test_a_week_counted_before_bases_were_kept_is_compared_as_far_as_it_can_be() -> None:
    cycle = open_week()
    for _ in range(6):
        send(cycle)
    report = freeze(cycle=cycle, at=LATE_CLOSES)
    old = {name: report.figures[name] for name in ("count", "late_count", "is_small", "items")}
    WeeklyReport.objects.update(base={}, figures={**report.figures, **old, "active_count": 900})
    assert recount_week(cycle) == []
    for _ in range(2):  # its reports carried no marks: «without the busiest» would be everyone
        made = correct(cycle=cycle, note="Again.", actor=make_staff(), at=PUBLISH)
        assert (made.figures["voice"], made.figures["lenses"]) == ([], {})
        assert recount_week(cycle) == []


@pytest.mark.parametrize("count", [1, 40])
def test_counting_asks_the_same_of_the_database_however_many_reported(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cycle = open_week()
    for _ in range(count):
        send(cycle, loved=(items_of(cycle)[0].pk,))
    freeze(cycle=cycle, at=LATE_CLOSES)
    Cycle.objects.update(frozen_at=None)
    WeeklyReport.objects.all().delete()
    with django_assert_num_queries(27):
        freeze(cycle=cycle, at=LATE_CLOSES)


# --- what is counted -------------------------------------------------------------------


def test_sixty_on_time_four_late_and_one_sent_twice() -> None:
    """The week of spec §11."""
    cycle = open_week()
    fans = [make_fan() for _ in range(60)]
    for fan in fans:
        send(cycle, fan=fan)
    send(cycle, fan=fans[0], at=WEDNESDAY, overall=2)
    for _ in range(4):
        send(cycle, at=WEDNESDAY)
    figures = freeze(cycle=cycle, at=LATE_CLOSES).figures
    assert (figures["count"], figures["late_count"]) == (64, 4)
    assert figures["ratings"] == {"1": 0, "2": 1, "3": 0, "4": 63, "5": 0}


def test_a_region_is_counted_only_with_its_fans_consent() -> None:
    cycle, county = open_week(), make_place(code="x1")
    Place.objects.filter(pk=county.pk).update(region_level=RegionLevel.COUNTY)
    county.refresh_from_db()
    for number in range(12):
        send(cycle, fan=make_fan(place=county, consents_to_region=number < 6))
    figures = freeze(cycle=cycle, at=LATE_CLOSES).figures
    tables = {table["dimension"]: table for table in figures["voice"]}
    cells = {tuple(cell["keys"]): cell["voice"] for cell in tables["region_level"]["cells"]}
    assert cells == {("county",): 6, ("unknown",): 6}
    assert figures["lenses"][Lens.COUNTY]["count"] == 6


def test_what_a_fan_was_when_they_reported_is_what_counts() -> None:
    """Risen on Wednesday, still a casual voice."""
    cycle, fans = open_week(), [make_fan() for _ in range(12)]
    for fan in fans:
        send(cycle, fan=fan)
    for fan in fans[:6]:
        TierStanding.objects.create(fan=fan, tier=Tier.CORE, since_at=WEDNESDAY)
    figures = freeze(cycle=cycle, at=LATE_CLOSES).figures
    assert [table["cells"] for table in figures["voice"] if table["dimension"] == "tier"] == [[]]


def test_the_users_of_the_product_are_the_measure_once_every_segment_is_entered() -> None:
    """Spec §10."""
    cycle, staff = open_week(), make_staff()
    for days in (10, 800):
        for _ in range(8):
            send(cycle, fan=make_fan(joined_at=TUESDAY - days * DAY))

    def enter(segment: str, count: int) -> None:
        UserBase.objects.create(
            product=cycle.product, dimension="tenure", segment=segment, count=count,
            source="Shop", counted_on=date(2026, 10, 1), entered_by=staff, entered_at=TUESDAY,
        )  # fmt: skip

    enter("newcomer", 300)
    enter("first_year", 300)
    assert base_of(cycle, counts_of_week(cycle), LATE_CLOSES).users == {}
    enter("longer", 400)
    figures = freeze(cycle=cycle, at=LATE_CLOSES).figures
    [table] = [table for table in figures["voice"] if table["dimension"] == "tenure"]
    assert (table["base_is"], table["source"], table["counted_on"]) == (
        "users", "Shop", "2026-10-01",
    )  # fmt: skip
    assert {"+".join(cell["keys"]): cell["base"] for cell in table["cells"]} == {
        "newcomer": 300,
        "first_year+longer": 700,
    }


def test_paper_stands_beside_and_is_never_mixed_in() -> None:
    """O10: nine forms, not among the reports; those of a batch nobody accepted are nowhere."""
    cycle = open_week()
    for counted_at, count in ((TUESDAY, 9), (None, 4)):
        batch = make_batch(
            forms=count, product=cycle.product, week=cycle.week, counted_at=counted_at
        )
        for form in batch.items.all():
            form.paper = {"overall": 5, "loved": [2], "not_good": [], "wishes": []}
            form.save()
    for _ in range(6):
        send(cycle, overall=1)
    figures = freeze(cycle=cycle, at=LATE_CLOSES).figures
    assert (figures["count"], figures["paper_count"]) == (6, 9)
    offline = figures["lenses"][Lens.OFFLINE]
    assert (offline["count"], offline["satisfaction"]["share"]) == (9, 1.0)
    assert offline["items"] == {str(items_of(cycle)[1].pk): {"rank": 1, "loved": 9, "not_good": 0}}
    assert figures["satisfaction"]["share"] == 0


def test_the_busiest_are_those_of_the_last_run() -> None:
    """The lens, as a vote has it."""
    fan, quiet = make_fan(), make_fan()
    ActiveDay.objects.create(fan=fan, day=platform_date(TUESDAY - 5 * DAY), act_count=40)
    assert not marks_of(fan, TUESDAY)["is_busiest"]
    TierRun.objects.create(
        week="2026-W46", due_at=TUESDAY - 4 * DAY, ran_at=TUESDAY - 4 * DAY, busiest_from=40
    )
    assert marks_of(fan, TUESDAY)["is_busiest"]
    assert not marks_of(quiet, TUESDAY)["is_busiest"]


@pytest.mark.parametrize(
    ("days", "tenure"),
    [(0, "newcomer"), (89, "newcomer"), (90, "first_year"), (364, "first_year"), (365, "longer")],
)
def test_how_long_somebody_is_here(days: int, tenure: str) -> None:
    fan = make_fan(joined_at=TUESDAY - days * DAY)
    assert marks_of(fan, TUESDAY)["tenure"] == tenure


# --- when it is counted ------------------------------------------------------------------


def test_it_is_not_counted_before_the_late_close() -> None:
    with pytest.raises(NotYet):
        freeze(cycle=open_week(), at=LATE_CLOSES - timedelta(seconds=1))


def test_a_week_whose_form_never_opened_is_not_counted() -> None:
    with pytest.raises(NotYet):
        freeze(cycle=open_week(held_at=None), at=LATE_CLOSES)


def test_counting_twice_is_counting_once() -> None:
    cycle = open_week()
    send(cycle)
    assert freeze(cycle=cycle, at=LATE_CLOSES) == freeze(cycle=cycle, at=LATE_CLOSES + DAY)
    assert WeeklyReport.objects.count() == 1
    assert not Contribution.objects.exists()  # the sweep pays afterwards


def test_change_is_told_against_the_held_weeks_before_that_are_out_and_not_tiny() -> None:
    """O4. Of figures that staff hold back the change would tell."""
    cycle = open_week()
    for weeks_ago, count in ((1, 5), (2, 2), (3, 9)):
        week = open_week(product=cycle.product, weeks_ago=weeks_ago)
        for _ in range(count):
            send(week, at=TUESDAY - timedelta(weeks=weeks_ago), overall=5)
        freeze(cycle=week, at=LATE_CLOSES - timedelta(weeks=weeks_ago))
        if weeks_ago == 3:
            hold(cycle=week, reason="To be checked.", actor=make_staff(), at=TUESDAY)
        else:
            publish(cycle=week, at=PUBLISH - timedelta(weeks=weeks_ago))
    for overall in (5, 5, 5, 1, 1, 1):
        send(cycle, overall=overall)
    figures = freeze(cycle=cycle, at=LATE_CLOSES).figures
    assert figures["change"] == {"weeks": ["2026-W46"], "count": 1.0, "satisfaction": -0.5}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_counts_at_once_are_one() -> None:
    """O3."""
    cycle = open_week()
    send(cycle)
    with locks.holding(Cycle, cycle.pk):
        started = locks.start(lambda: freeze(cycle=cycle, at=LATE_CLOSES))
        started.waits_for_a_lock()
        freeze(cycle=cycle, at=LATE_CLOSES)
    assert started.result() == WeeklyReport.objects.get()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_ban_waits_for_the_count_and_the_count_for_a_ban() -> None:
    """Else one GROUP BY has the report, and the next has it not."""
    cycle, fan = open_week(), make_fan()
    send(cycle, fan=fan)
    with locks.holding(Cycle, cycle.pk):
        started = locks.start(transaction.atomic(lambda: hold_what_stands(fan=fan)))
        started.waits_for_a_lock()
        freeze(cycle=cycle, at=LATE_CLOSES)
    started.result()
    withdraw(fan=fan, at=LATE_CLOSES, because=Because.BANNED)
    assert recount_week(cycle) == []
