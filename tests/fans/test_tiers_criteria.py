"""What each tier asks for, at its edges (spec §3)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from fans.accounts.models import Fan
from fans.clock.weeks import week_at
from fans.ledger.actions import note_held_week, record, reverse
from fans.tiers.deciding import Assessment
from fans.tiers.models import Outcome, StandingState, Tier, TierStanding
from fans.tiers.rules import mass_limit_exceeded
from tests.factories import make_fan
from tests.fans.tiers import (
    DAY,
    THURSDAY,
    WEEK,
    assessed,
    earn,
    make_eligible_fan,
    make_holder,
    make_ready_fan,
    run,
)

pytestmark = pytest.mark.django_db


def unmet(found: Assessment, step: str) -> list[tuple[str, int]]:
    return [
        (row["key"], row["value"])
        for row in found.criteria
        if row["step"] == step and not row["met"]
    ]


def test_sixty_points_thirty_confirmed_four_weeks_two_families_make_core() -> None:
    found = assessed(make_ready_fan())
    assert unmet(found, "core") == []
    assert found.outcome == Outcome.PROMOTED
    assert (found.facts.score90, found.facts.validated90) == (60, 30)
    assert (found.facts.weeks13, found.facts.families90, found.facts.account_days) == (4, 2, 28)


def one_point_less(fan: Fan) -> None:
    earn(fan, -1, THURSDAY - DAY, kind="invite.activated")


def one_confirmed_point_less(fan: Fan) -> None:
    earn(fan, -1, THURSDAY - DAY)
    earn(fan, 1, THURSDAY - DAY, kind="invite.activated")


def a_day_younger(fan: Fan) -> None:
    Fan.objects.get_queryset().filter(pk=fan.pk).update(
        joined_at=THURSDAY - 28 * DAY + timedelta(seconds=1)
    )


def unverified(fan: Fan) -> None:
    Fan.objects.get_queryset().filter(pk=fan.pk).update(verified_at=None)


def leaving(fan: Fan) -> None:
    Fan.objects.get_queryset().filter(pk=fan.pk).update(leaving_at=THURSDAY)


def sanctioned(fan: Fan) -> None:
    earn(fan, 5, THURSDAY - DAY)
    record(
        fan=fan,
        kind="sanction.warned",
        subject="sanction:1",
        effective_at=THURSDAY - 89 * DAY,
        at=THURSDAY - 89 * DAY,
    )


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        (one_point_less, [("score90", 59)]),
        (one_confirmed_point_less, [("validated90", 29)]),
        (a_day_younger, [("account_days", 27)]),
        (unverified, [("is_active", 0), ("is_verified", 0)]),
        (leaving, [("is_active", 0)]),
        (sanctioned, [("sanctions90", 1)]),
    ],
)
def test_one_thing_short_is_not_core(
    change: Callable[[Fan], None], missing: list[tuple[str, int]]
) -> None:
    fan = make_ready_fan()
    change(fan)
    found = assessed(fan)
    assert unmet(found, "core") == missing
    assert found.outcome == Outcome.STAYS


def test_three_weeks_are_not_four() -> None:
    fan = make_fan()
    for week in (0, 0, 1, 2):
        earn(
            fan, 30, THURSDAY - DAY - week * WEEK, kind="report.filed" if week else "bug.confirmed"
        )
    assert unmet(assessed(fan), "core") == [("weeks13", 3)]


def test_one_family_is_not_two_and_a_sanction_is_none() -> None:
    fan = make_fan()
    for week in range(4):
        earn(fan, 30, THURSDAY - DAY - week * WEEK)
    assert unmet(assessed(fan), "core") == [("families90", 1)]


def test_a_sanction_of_ninety_days_ago_has_dropped_out() -> None:
    fan = make_ready_fan()
    old = THURSDAY - 90 * DAY
    record(fan=fan, kind="sanction.warned", subject="sanction:1", effective_at=old, at=old)
    assert assessed(fan).outcome == Outcome.PROMOTED


def test_an_overturned_sanction_is_none() -> None:
    fan = make_ready_fan()
    at = THURSDAY - DAY
    record(fan=fan, kind="sanction.muted", subject="sanction:1", effective_at=at, at=at)
    reverse(kind="sanction.muted", subject="sanction:1", at=at, reason="overturned")
    assert assessed(fan).outcome == Outcome.PROMOTED


def test_a_reversed_deed_is_no_week_and_no_family() -> None:
    fan = make_ready_fan()
    subject = earn(fan, 8, THURSDAY - 4 * WEEK, kind="meetup.attended")
    assert (assessed(fan).facts.weeks13, assessed(fan).facts.families90) == (5, 3)
    reverse(kind="meetup.attended", subject=subject, at=THURSDAY - DAY, reason="no")
    assert (assessed(fan).facts.weeks13, assessed(fan).facts.families90) == (4, 2)


def test_answers_are_confirmed_only_by_four_different_fans() -> None:
    """`validated`: of these, accepted answers and helpful marks."""
    fan = make_fan()
    givers = [make_fan() for _ in range(4)]
    for number, giver in enumerate(givers):
        at = THURSDAY - DAY * (number + 1)
        earn(fan, 8, at, kind="answer.accepted", givers=[giver])
        expected = 32 if number == 3 else 0
        assert assessed(fan).facts.validated90 == expected
    assert assessed(fan).facts.score90 == 32


def test_what_is_not_confirmed_counts_in_the_score_alone() -> None:
    fan = make_fan()
    earn(fan, 5, THURSDAY - DAY, kind="report.filed")
    assert (assessed(fan).facts.score90, assessed(fan).facts.validated90) == (5, 0)


# --- eligible, and keeping -----------------------------------------------------------------------


def test_who_may_be_nominated() -> None:
    found = assessed(make_eligible_fan())
    assert unmet(found, "eligible") == []
    assert found.outcome == Outcome.ELIGIBLE
    assert (found.facts.core_days, found.facts.reports13, found.facts.product180) == (60, 8, 3)


def test_sixty_days_of_core_begin_again_after_a_grace() -> None:
    fan = make_eligible_fan()
    TierStanding.objects.filter(fan=fan).update(
        state=StandingState.NORMAL, state_at=THURSDAY - 59 * DAY, since_at=THURSDAY - 400 * DAY
    )
    assert unmet(assessed(fan), "eligible") == [("core_days", 59)]


@pytest.mark.parametrize(("points", "outcome"), [(30, Outcome.STAYS), (29, Outcome.GRACE)])
def test_core_is_kept_with_thirty_points(points: int, outcome: Outcome) -> None:
    fan = make_holder()
    earn(fan, points, THURSDAY - DAY)
    assert assessed(fan).outcome == outcome


@pytest.mark.parametrize(
    ("score", "reports", "product", "outcome"),
    [
        (100, 4, 0, Outcome.STAYS),
        (100, 3, 1, Outcome.STAYS),
        (100, 3, 0, Outcome.GRACE),
        (99, 4, 1, Outcome.GRACE),
    ],
)
def test_an_honorary_developer_reports_or_makes_and_has_a_hundred_points(
    score: int, reports: int, product: int, outcome: Outcome
) -> None:
    fan = make_holder(Tier.HONORARY_DEV)
    for weeks in range(reports):
        at = THURSDAY - (weeks + 1) * WEEK
        note_held_week(week=week_at(at), at=at)
        subject = f"cycle:{week_at(at)}:7"
        record(fan=fan, kind="report.filed", subject=subject, effective_at=at, at=at, points=1)
    if product:
        earn(fan, 1, THURSDAY - DAY)
    earn(fan, score - reports - product, THURSDAY - DAY, kind="meetup.organised")
    assert assessed(fan).facts.score180 == score
    assert assessed(fan).outcome == outcome


def test_only_held_weeks_count_and_each_once() -> None:
    """T6: a week without a cycle takes the place of none; any product counts for its week."""
    fan = make_holder(Tier.HONORARY_DEV)
    for weeks in range(30, 0, -2):  # every other week was held, of the last thirty
        at = THURSDAY - weeks * WEEK
        note_held_week(week=week_at(at), at=at)
    for weeks in (26, 24, 28):  # 26 weeks ago is the thirteenth held week
        at = THURSDAY - weeks * WEEK
        for product in (1, 2):
            subject = f"cycle:{week_at(at)}:{product}"
            record(fan=fan, kind="report.filed", subject=subject, effective_at=at, at=at)
    assert assessed(fan).facts.reports13 == 2


# --- one and the same code -------------------------------------------------------------------------


def test_what_the_page_shows_is_what_a_run_decides() -> None:
    """T15"""
    fans = [make_ready_fan(), make_eligible_fan(), make_holder(), make_holder(Tier.HONORARY_DEV)]
    earn(fans[2], 12, THURSDAY - DAY)
    shown = {fan.pk: assessed(fan) for fan in fans}
    made = run(THURSDAY)
    decided = {each.fan_id: (each.outcome, each.criteria) for each in made.decisions.all()}
    assert decided == {pk: (found.outcome, found.criteria) for pk, found in shown.items()}


@pytest.mark.parametrize(
    ("demoted", "holders", "is_mass"),
    [
        (1, 1, False),  # one person is never a mass
        (1, 3, False),
        (2, 8, False),  # a quarter is not more than a quarter
        (2, 7, True),
        (5, 100, False),
        (6, 100, True),
        (20, 1000, False),
        (21, 1000, True),
    ],
)
def test_what_is_a_mass(demoted: int, holders: int, is_mass: bool) -> None:
    """T7"""
    assert mass_limit_exceeded(demoted=demoted, holders=holders) == is_mass
