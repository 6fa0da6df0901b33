"""The weekly run (T1–T9, T14)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from fans.accounts.models import Fan, Role
from fans.clock.weeks import moment_of, monday_of, week_at
from fans.notifications.models import Notice
from fans.tiers import actions, tasks
from fans.tiers.models import (
    Outcome,
    StandingState,
    Tier,
    TierChange,
    TierDecision,
    TierRules,
    TierRun,
    TierStanding,
)
from tests.factories import make_admin, make_fan, make_moderator, make_staff
from tests.fans.tiers import (
    DAY,
    THURSDAY,
    WEEK,
    applying,
    earn,
    fresh,
    make_holder,
    make_ready_fan,
    outcome_of,
    run,
    standing_of,
)

pytestmark = pytest.mark.django_db

CORE, HONORARY = Tier.CORE.value, Tier.HONORARY_DEV.value


def told(fan: Fan) -> list[str]:
    notices = Notice.objects.filter(fan=fan).select_related("event").order_by("pk")
    return [notice.event.kind for notice in notices]


def changes_of(fan: Fan) -> list[tuple[str, str, str]]:
    return list(fan.tier_changes.order_by("pk").values_list("was", "became", "reason"))


# --- T1 ----------------------------------------------------------------------------------------


def test_whoever_has_what_core_asks_for_is_core_and_told() -> None:
    """T1, T2"""
    fan = make_ready_fan()
    made = run(THURSDAY)
    assert standing_of(fan) == (CORE, "protected")
    assert outcome_of(fan, made) == (Outcome.PROMOTED, True)
    assert changes_of(fan) == [("casual", "core", "run")]
    assert told(fan) == ["tier_promoted"]


def test_running_the_same_week_again_changes_nothing_and_tells_nobody() -> None:
    """T1"""
    make_ready_fan()
    make_holder()
    run(THURSDAY)
    tables = [TierRun, TierDecision, TierChange, TierStanding, Notice]
    before = [list(table._default_manager.values()) for table in tables]
    late = make_ready_fan()
    run(THURSDAY + DAY)
    assert [list(table._default_manager.values()) for table in tables] == before
    assert standing_of(late) is None


def test_it_never_runs_before_its_hour() -> None:
    """T1"""
    make_ready_fan()
    early = THURSDAY - timedelta(seconds=1)
    assert actions.run_week(week="2026-W47", at=early) is None
    assert TierDecision.objects.count() == 0


def test_the_main_products_late_window_postpones_it() -> None:
    """T1"""
    later = THURSDAY + timedelta(hours=5)
    actions.postpone_run(week="2026-W47", not_before=later)
    actions.postpone_run(week="2026-W47", not_before=later - DAY)
    assert TierRun.objects.get().due_at == later
    assert actions.run_week(week="2026-W47", at=later - timedelta(minutes=1)) is None
    run(later)
    actions.postpone_run(week="2026-W47", not_before=later + DAY)
    assert TierRun.objects.get().due_at == later


def test_the_sites_first_run_lies_ahead() -> None:
    """T1: a site opened on Friday looks at its fans the Thursday after."""
    actions.plan_runs(at=THURSDAY + DAY)
    assert list(TierRun.objects.values_list("week", "due_at")) == [("2026-W48", THURSDAY + WEEK)]


def test_every_week_from_the_first_on_has_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """T1: weeks that were missed are looked at as they stood; delivered twice, the same tables."""
    actions.plan_runs(at=THURSDAY - DAY)
    fan = make_ready_fan(at=THURSDAY + WEEK)
    monday = THURSDAY + 2 * WEEK + DAY
    monkeypatch.setattr("fans.clock.now", lambda: monday)
    tasks.run_tiers()
    rows = list(TierRun.objects.order_by("week").values_list("week", "ran_at"))
    assert rows == [
        ("2026-W47", THURSDAY),
        ("2026-W48", THURSDAY + WEEK),
        ("2026-W49", monday),
    ]
    assert fan.tier_changes.get().changed_at == THURSDAY + WEEK
    tables = [TierRun, TierDecision, TierChange, Notice]
    before = [list(table._default_manager.values()) for table in tables]
    tasks.run_tiers()
    assert [list(table._default_manager.values()) for table in tables] == before


def test_the_last_week_of_a_long_year_has_its_run() -> None:
    assert week_at(datetime(2026, 12, 31, tzinfo=UTC)) == "2026-W53"
    assert run(moment_of(monday_of("2026-W53") + 3 * DAY, 3)).week == "2026-W53"


def test_who_gets_a_decision() -> None:
    """Every holder above casual and casual fans at half the points; nobody of the staff."""
    near, far = make_fan(), make_fan()
    earn(near, 30, THURSDAY - DAY)
    earn(far, 29, THURSDAY - DAY)
    holder, staff = make_holder(), make_fan()
    earn(staff, 60, THURSDAY - DAY)
    Fan.objects.get_queryset().filter(pk=staff.pk).update(role=Role.STAFF)
    made = run(THURSDAY)
    assert set(made.decisions.values_list("fan", flat=True)) == {near.pk, holder.pk}


# --- T2–T5 -------------------------------------------------------------------------------------


def test_promotion_protects_for_four_runs() -> None:
    """T2: the fourth run after is the first that may begin a grace."""
    applying()
    fan = make_fan()
    actions.come_to(fan=fan, tier=Tier.CORE, reason="run", at=THURSDAY)
    states = []
    for week in range(1, 5):
        run(THURSDAY + week * WEEK)
        states.append(standing_of(fan))
    assert states == [(CORE, "protected")] * 3 + [(CORE, "grace")]


def test_protection_ends_in_peace() -> None:
    """T2"""
    fan = make_fan()
    actions.come_to(fan=fan, tier=Tier.CORE, reason="run", at=THURSDAY)
    earn(fan, 30, THURSDAY)
    for week in range(1, 5):
        run(THURSDAY + week * WEEK)
    assert standing_of(fan) == (CORE, "normal")


def test_grace_ends_with_the_fourth_run_after() -> None:
    """T3, T5: whatever its hour."""
    applying()
    fan = make_holder()
    run(THURSDAY + timedelta(hours=9))  # this one was late
    assert standing_of(fan) == (CORE, "grace")
    assert told(fan) == ["tier_grace"]
    for week in range(1, 4):
        made = run(THURSDAY + week * WEEK)
        assert outcome_of(fan, made) == (Outcome.STAYS, True)
    made = run(THURSDAY + 4 * WEEK)  # 27 days and 15 hours after
    assert outcome_of(fan, made) == (Outcome.DEMOTED, True)
    assert standing_of(fan) is None
    assert changes_of(fan) == [("core", "casual", "run")]
    assert told(fan) == ["tier_grace", "tier_demoted"]


def test_passing_while_in_grace_ends_it() -> None:
    """T4"""
    fan = make_holder()
    run(THURSDAY)
    earn(fan, 30, THURSDAY + DAY)
    made = run(THURSDAY + WEEK)
    assert outcome_of(fan, made) == (Outcome.RECOVERED, True)
    assert standing_of(fan) == (CORE, "normal")


def test_an_honorary_developer_falls_to_core_and_is_protected_there() -> None:
    """T5"""
    applying()
    fan = make_holder(Tier.HONORARY_DEV)
    for week in range(5):
        run(THURSDAY + week * WEEK)
    assert standing_of(fan) == (CORE, "protected")
    assert changes_of(fan) == [("honorary_dev", "core", "run")]


def test_a_grace_is_told_on_days_0_14_and_25_and_never_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """T3: with exactly what is missing."""
    fan = make_holder()
    earn(fan, 21, THURSDAY - DAY)
    run(THURSDAY)
    for day, count in [(13, 1), (14, 2), (15, 2), (24, 2), (25, 3), (26, 3)]:
        monkeypatch.setattr("fans.clock.now", lambda day=day: THURSDAY + day * DAY)
        tasks.keep_tier_dates()
        tasks.keep_tier_dates()
        assert len(told(fan)) == count
    facts = Notice.objects.filter(fan=fan).order_by("pk").values_list("event__facts", flat=True)
    assert [(fact["day"], fact["missing"][0]["value"]) for fact in facts] == [
        (0, 21),
        (14, 21),
        (25, 21),
    ]


# --- T7 ----------------------------------------------------------------------------------------


def make_falling_fans(number: int) -> list[Fan]:
    """Core fans whose grace ends with the run of THURSDAY."""
    fans = [make_holder() for _ in range(number)]
    for week in range(4, 0, -1):
        run(THURSDAY - week * WEEK)
    return fans


def test_a_mass_of_demotions_is_held_with_its_graces_and_promotions_go_on() -> None:
    """T7"""
    applying()
    falling = make_falling_fans(2)
    slipping, rising = make_holder(), make_ready_fan()
    made = run(THURSDAY)
    assert made.held_at == THURSDAY
    assert [standing_of(fan) for fan in falling] == [(CORE, "grace")] * 2
    assert standing_of(slipping) == (CORE, "normal")
    assert outcome_of(slipping, made) == (Outcome.GRACE, False)
    assert standing_of(rising) == (CORE, "protected")


def test_one_person_is_never_a_mass() -> None:
    """T7"""
    applying()
    [fan] = make_falling_fans(1)
    assert run(THURSDAY).held_at is None
    assert standing_of(fan) is None


def test_a_moderator_releases_a_held_run_with_a_reason() -> None:
    """T7"""
    applying()
    falling = make_falling_fans(2)
    slipping = make_holder()
    made = run(THURSDAY)
    moderator, at = make_moderator(), THURSDAY + DAY
    with pytest.raises(actions.ReasonMissing):
        actions.release_run(run=made, by=moderator, reason="", at=at)
    with pytest.raises(actions.NotAllowed):
        actions.release_run(run=made, by=make_moderator("board:1"), reason="Yes", at=at)
    for _ in range(2):
        actions.release_run(run=made, by=moderator, reason="All of them left in spring", at=at)
    assert [standing_of(fan) for fan in falling] == [None, None]
    assert standing_of(slipping) == (CORE, "grace")
    assert outcome_of(slipping, made) == (Outcome.GRACE, True)
    assert TierChange.objects.count() == 2


def test_an_undecided_run_lapses_with_the_next() -> None:
    """T7"""
    applying()
    make_falling_fans(2)
    made = run(THURSDAY)
    run(THURSDAY + WEEK)
    made.refresh_from_db()
    assert made.lapsed_at == THURSDAY + WEEK
    with pytest.raises(actions.NothingHeld):
        actions.release_run(run=made, by=make_moderator(), reason="Late", at=THURSDAY + WEEK)


def test_a_release_leaves_alone_what_changed_meanwhile() -> None:
    """T7"""
    applying()
    saved, fallen = make_falling_fans(2)
    made = run(THURSDAY)
    TierStanding.objects.filter(fan=saved).update(state=StandingState.NORMAL)
    actions.release_run(run=made, by=make_moderator(), reason="Seen", at=THURSDAY + DAY)
    assert (standing_of(saved), standing_of(fallen)) == ((CORE, "normal"), None)


# --- T9, T14, offices ----------------------------------------------------------------------------


def test_suspension_freezes_and_costs_the_seat_after_thirty_days() -> None:
    """T9"""
    fan = make_holder(Tier.HONORARY_DEV, suspended_until=THURSDAY + 90 * DAY)
    made = run(THURSDAY)
    assert standing_of(fan) == (HONORARY, "frozen")
    assert made.decisions.count() == 0
    run(THURSDAY + 4 * WEEK)
    assert standing_of(fan) == (HONORARY, "frozen")
    run(THURSDAY + 5 * WEEK)
    assert standing_of(fan) == (CORE, "frozen")
    run(THURSDAY + 13 * WEEK)
    assert standing_of(fan) == (CORE, "grace")


def test_while_the_site_observes_demotions_are_shown_and_not_applied() -> None:
    """T14"""
    [fan] = make_falling_fans(1)
    made = run(THURSDAY)
    assert made.observed_only
    assert outcome_of(fan, made) == (Outcome.DEMOTED, False)
    assert standing_of(fan) == (CORE, "grace")
    assert changes_of(fan) == []


def test_an_admin_ends_observing_after_eight_runs() -> None:
    """T14"""
    admin = make_admin()
    for week in range(7):
        run(THURSDAY + week * WEEK)
    with pytest.raises(actions.ObservesStill):
        actions.end_observing(by=admin, at=THURSDAY)
    run(THURSDAY + 7 * WEEK)
    with pytest.raises(actions.NotAllowed):
        actions.end_observing(by=make_staff(), at=THURSDAY)
    assert actions.end_observing(by=admin, at=THURSDAY) is True
    assert actions.end_observing(by=admin, at=THURSDAY) is False
    assert TierRules.objects.get().observes_only is False


def test_an_office_ends_the_tier() -> None:
    """Spec §1: staff hold no tier."""
    fan = make_holder()
    actions.change_role(
        fan=fan,
        role=Role.STAFF,
        scopes=frozenset(),
        actor=make_admin(),
        reason="Hired",
        at=THURSDAY,
    )
    assert standing_of(fan) is None
    assert changes_of(fan) == [("core", "casual", "staff")]


# --- L6 ----------------------------------------------------------------------------------------


def test_every_standing_can_be_rebuilt(capsys: pytest.CaptureFixture[str]) -> None:
    """L6: through promotions, graces, recoveries, a freeze and a held run."""
    applying()
    risen = make_ready_fan(at=THURSDAY - 8 * WEEK)
    recovering, frozen = make_fan(), make_fan(suspended_until=THURSDAY + 400 * DAY)
    for fan in (recovering, frozen):
        actions.come_to(fan=fan, tier=Tier.CORE, reason="run", at=THURSDAY - 20 * WEEK)
    honorary = [make_fan(), make_fan()]
    for fan in honorary:
        actions.come_to(fan=fan, tier=Tier.HONORARY_DEV, reason="seat", at=THURSDAY - 20 * WEEK)
    for week in range(19, -1, -1):
        at = THURSDAY - week * WEEK
        if week == 12:
            earn(recovering, 40, at - DAY)
        made = run(at)
        if made.held_at and week % 2:
            actions.release_run(run=made, by=make_moderator(), reason="Seen", at=at + DAY)
    assert standing_of(risen) is not None
    call_command("rebuild_standings")
    assert capsys.readouterr().out == "Every standing is as the ledger has it.\n"


def test_a_spoiled_standing_is_named_and_put_right() -> None:
    """L6"""
    fan = make_ready_fan()
    run(THURSDAY)
    before = TierStanding.objects.values().get()
    TierStanding.objects.filter(fan=fan).update(tier=Tier.HONORARY_DEV)
    with pytest.raises(CommandError, match="1 standings differed"):
        call_command("rebuild_standings")
    assert TierStanding.objects.values().get() == before
    assert fresh(fan).standing.tier == CORE
