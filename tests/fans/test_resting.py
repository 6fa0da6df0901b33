"""Rest weeks: announced before they begin, and nothing is decided in them (O8, T8)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from fans import clock
from fans.audit.models import AuditEntry
from fans.clock.weeks import week_at
from fans.notifications.models import Notice
from fans.site.actions import TooLateToRest, announce_rest, withdraw_rest
from fans.site.models import RestWeek
from fans.site.resting import begins_at, is_rest_week, passes_at, rest_weeks_ahead
from fans.tiers import actions, tasks
from fans.tiers.models import (
    Nomination,
    NominationState,
    StandingState,
    Tier,
    TierChange,
    TierDecision,
    TierRun,
    TierStanding,
)
from tests.factories import make_fan, make_moderator, make_staff
from tests.fans.tiers import (
    DAY,
    THURSDAY,
    WEEK,
    applying,
    assessed,
    fresh,
    make_eligible_fan,
    make_holder,
    make_ready_fan,
    outcome_of,
    run,
    standing_of,
)

pytestmark = pytest.mark.django_db

CORE = Tier.CORE.value
NEXT = "2026-W48"  # the week after THURSDAY's
MONDAY = begins_at(NEXT)


def rest() -> None:
    announce_rest(week=NEXT, reason="Spring Festival", actor=make_staff(), at=THURSDAY)


# --- announcing --------------------------------------------------------------------------------


def test_rest_is_announced_and_taken_back_before_the_week_begins_and_never_after() -> None:
    """O8: ahead, so that nobody finds out by losing something."""
    staff = make_staff()
    said: dict[str, Any] = {"week": NEXT, "actor": staff}
    with pytest.raises(TooLateToRest):
        announce_rest(reason="Tired", at=MONDAY, **said)
    announce_rest(reason="Tired", at=MONDAY - timedelta(seconds=1), **said)
    announce_rest(reason="Spring Festival", at=MONDAY - timedelta(seconds=1), **said)
    announce_rest(reason="Spring Festival", at=MONDAY - timedelta(seconds=1), **said)
    assert (RestWeek.objects.get().reason, is_rest_week(NEXT)) == ("Spring Festival", True)
    with pytest.raises(TooLateToRest):
        withdraw_rest(at=MONDAY, **said)
    assert withdraw_rest(at=MONDAY - timedelta(seconds=1), **said) is True
    assert withdraw_rest(at=MONDAY - timedelta(seconds=1), **said) is False
    assert is_rest_week(NEXT) is False
    assert [entry.verb for entry in AuditEntry.objects.order_by("pk")] == [
        "rest announced",
        "rest announced",
        "rest withdrawn",
    ]


@pytest.mark.parametrize(
    ("since", "days", "rests", "ends"),
    [
        (THURSDAY, 7, [], THURSDAY + WEEK),
        (THURSDAY, 7, [NEXT], THURSDAY + 2 * WEEK),  # it began before and goes on after
        (THURSDAY, 7, [NEXT, "2026-W49"], THURSDAY + 3 * WEEK),
        (THURSDAY, 28, ["2026-W49"], THURSDAY + 5 * WEEK),
        (THURSDAY, 7, ["2026-W49"], THURSDAY + WEEK),  # over before it
        (THURSDAY, 7, ["2026-W46"], THURSDAY + WEEK),  # rested before
        (MONDAY + 5 * DAY, 7, [NEXT], MONDAY + 14 * DAY),  # only what is left of it
        (MONDAY - 7 * DAY, 7, [NEXT], MONDAY),  # it ended as the rest began
    ],
)
def test_time_that_counts_leaves_rest_weeks_out(
    since: datetime, days: int, rests: list[str], ends: datetime
) -> None:
    assert passes_at(since, days * DAY, rests) == ends


def test_staff_announce_on_a_page_and_undo_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: THURSDAY)
    client = Client()
    client.force_login(make_staff())
    sent = {"day": "2026-11-25", "reason": "Spring Festival"}
    page = client.post("/staff/rest-weeks/announcing/", sent, follow=True)
    assert (page.status_code, RestWeek.objects.get().week) == (200, NEXT)
    assert "Spring Festival" in page.text
    undo = f"/staff/rest-weeks/{RestWeek.objects.get().pk}/withdrawal/"
    assert undo in page.text
    client.post(undo)
    assert not RestWeek.objects.exists()
    past = client.post("/staff/rest-weeks/announcing/", {**sent, "day": "2026-11-19"})
    assert (past.status_code, "has begun" in past.text) == (422, True)
    assert "Spring Festival" in past.text  # what was typed is kept


# --- the tiers ---------------------------------------------------------------------------------


def test_no_decision_falls_in_a_rest_week_and_a_grace_is_longer_by_it() -> None:
    """T8, T5: 28 days end with the fourth run after, and a run that rested is none of them."""
    applying()
    fan = make_fan()
    actions.come_to(fan=fan, tier=Tier.CORE, reason="run", at=THURSDAY - 4 * WEEK)
    for weeks in (-3, -2, -1, 0):
        run(THURSDAY + weeks * WEEK)
    assert standing_of(fan) == (CORE, "grace")
    rest()
    rested = run(THURSDAY + WEEK)
    assert rested.is_rest is True
    assert TierDecision.objects.filter(run=rested).count() == 0
    assert fresh(fan).standing.state_until == THURSDAY + 5 * WEEK
    for weeks in (2, 3, 4):
        assert outcome_of(fan, run(THURSDAY + weeks * WEEK))[0] == "stays"
    assert actions.rebuild_standings() == []
    assert outcome_of(fan, run(THURSDAY + 5 * WEEK)) == ("demoted", True)


def test_whoever_has_earned_core_comes_to_it_in_the_run_after_the_rest() -> None:
    """T8: nobody rises either; the same deeds are looked at a week later."""
    fan = make_ready_fan(THURSDAY + WEEK)
    rest()
    run(THURSDAY + WEEK)
    assert standing_of(fan) is None
    run(THURSDAY + 2 * WEEK)
    assert standing_of(fan) == (CORE, "protected")


def test_a_protection_that_ends_while_all_rest_ends_a_run_later() -> None:
    """T2, T8"""
    fan = make_fan()
    actions.come_to(fan=fan, tier=Tier.CORE, reason="run", at=THURSDAY - 3 * WEEK)
    for weeks in (-2, -1, 0):
        run(THURSDAY + weeks * WEEK)
    rest()
    assert assessed(fan, THURSDAY + WEEK).runs_since == 4
    run(THURSDAY + WEEK)
    assert standing_of(fan) == (CORE, "protected")
    run(THURSDAY + 2 * WEEK)
    assert standing_of(fan) == (CORE, "grace")
    assert TierChange.objects.filter(fan=fan).count() == 1


def test_a_held_run_waits_through_a_rest_week() -> None:
    """T7, T8: it lapses at the next run that decides anything."""
    applying()
    for _ in range(6):
        fan = make_holder()
        begun = {"state": StandingState.GRACE, "state_at": THURSDAY - 5 * WEEK}
        TierStanding.objects.filter(fan=fan).update(**begun)
        for weeks in (4, 3, 2, 1):
            at = THURSDAY - weeks * WEEK
            was, _ = TierRun.objects.get_or_create(
                week=week_at(at), defaults={"due_at": at, "ran_at": at}
            )
            TierDecision.objects.create(run=was, fan=fan, tier=CORE, outcome="stays")
    held = run(THURSDAY)
    assert held.held_at is not None
    rest()
    run(THURSDAY + WEEK)
    held.refresh_from_db()
    assert held.lapsed_at is None
    run(THURSDAY + 2 * WEEK)
    held.refresh_from_db()
    assert held.lapsed_at == THURSDAY + 2 * WEEK


def test_an_offer_is_longer_by_the_rest_week_announced_after_it() -> None:
    """T8, T10: and as short again when the rest is taken back."""
    fan = make_eligible_fan()
    offer = Nomination.objects.create(
        nominee=fan, nominator=make_fan(), statement="Good", state=NominationState.APPROVED,
        state_at=THURSDAY - DAY, created_at=THURSDAY - DAY, approved_at=THURSDAY - DAY,
        moderator=make_moderator(), staff=make_staff(),
    )  # fmt: skip
    run(THURSDAY)
    rest()
    assert actions.let_offers_lapse(at=THURSDAY + WEEK) == 0
    offer.refresh_from_db()
    assert offer.offered_until == THURSDAY + 2 * WEEK
    withdraw_rest(week=NEXT, actor=make_staff(), at=THURSDAY)
    assert actions.let_offers_lapse(at=THURSDAY + DAY) == 0
    offer.refresh_from_db()
    assert offer.offered_until == THURSDAY + WEEK
    rest()
    actions.accept_seat(nomination=offer, fan=fan, at=THURSDAY + WEEK + DAY)
    assert standing_of(fan) == (Tier.HONORARY_DEV.value, "protected")


def test_the_days_of_a_grace_are_told_later_by_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """T3, T8: day 14 is the fourteenth that counts."""
    fan = make_holder()
    run(THURSDAY)
    rest()
    told = []
    for days in (14, 20, 21, 24, 31, 32):
        monkeypatch.setattr(clock, "now", lambda days=days: THURSDAY + days * DAY)
        tasks.keep_tier_dates()
        told.append(Notice.objects.filter(fan=fan).count())
    assert told == [1, 1, 2, 2, 2, 3]


def test_my_standing_says_when_a_grace_ends_by_the_same_code(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """T15, T8"""
    fan = make_holder()
    run(THURSDAY)
    rest()
    monkeypatch.setattr(clock, "now", lambda: THURSDAY + DAY)
    client = Client()
    client.force_login(fan)
    page = client.get("/me/standing/").text
    assert "Spring Festival" in page
    assert "It ends with the run of" in page
    assert "24 Dec 2026" in page  # five Thursdays on, for one of them rests
    assert [moment.date().isoformat() for moment in actions.coming_runs(THURSDAY, 2)] == [
        "2026-12-03",
        "2026-12-10",
    ]
    assert [each.week for each in rest_weeks_ahead(THURSDAY)] == [NEXT]
