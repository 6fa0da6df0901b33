"""A suspension interrupts a grace and does not wipe it (T9)."""

import pytest

from fans.accounts.models import Fan
from fans.notifications.models import Notice
from fans.tiers import actions
from fans.tiers.models import Outcome, StandingState, Tier, TierStanding
from tests.factories import make_fan
from tests.fans.tiers import DAY, THURSDAY, WEEK, applying, assessed, fresh, run, standing_of

pytestmark = pytest.mark.django_db

CORE = Tier.CORE.value


def test_a_grace_goes_on_after_a_suspension() -> None:
    """T9, T5: two weeks without a decision are no weeks of it, and it does not begin anew."""
    applying()
    fan = make_fan()
    actions.come_to(fan=fan, tier=Tier.CORE, reason="run", at=THURSDAY - 20 * WEEK)
    TierStanding.objects.update(state=StandingState.NORMAL, state_at=None, state_until=None)
    run(THURSDAY)
    run(THURSDAY + WEEK)
    Fan.objects.filter(pk=fan.pk).update(suspended_until=THURSDAY + 4 * WEEK - DAY)
    run(THURSDAY + 2 * WEEK)
    run(THURSDAY + 3 * WEEK)
    assert standing_of(fan) == (CORE, "frozen")
    before = assessed(fan, THURSDAY + 4 * WEEK)
    assert (before.outcome, before.runs_since) == (Outcome.STAYS, 2)
    run(THURSDAY + 4 * WEEK)
    assert standing_of(fan) == (CORE, "grace")
    standing = fresh(fan).standing
    assert (standing.state_at, standing.state_until) == (THURSDAY, THURSDAY + 6 * WEEK)
    assert Notice.objects.get(fan=fan).event.kind == "tier_grace"
    run(THURSDAY + 5 * WEEK)
    assert standing_of(fan) == (CORE, "grace")
    run(THURSDAY + 6 * WEEK)
    assert standing_of(fan) is None


def test_a_grace_interrupted_by_a_suspension_can_be_rebuilt() -> None:
    """L6, T9"""
    applying()
    fan = make_fan()
    actions.come_to(fan=fan, tier=Tier.CORE, reason="run", at=THURSDAY - 4 * WEEK)
    for week in range(-3, 2):
        run(THURSDAY + week * WEEK)
    Fan.objects.filter(pk=fan.pk).update(suspended_until=THURSDAY + 3 * WEEK)
    run(THURSDAY + 2 * WEEK)
    assert actions.rebuild_standings() == []
    run(THURSDAY + 3 * WEEK)
    assert standing_of(fan) == (CORE, "grace")
    assert actions.rebuild_standings() == []
