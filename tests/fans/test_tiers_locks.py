"""What queues up behind what (T10, L4): the lock is held, and PostgreSQL says who waits."""

from datetime import timedelta

import pytest

from fans.accounts.models import Fan
from fans.ledger.actions import record
from fans.ledger.scores import score
from fans.tiers import actions
from fans.tiers.models import Nomination, NominationState, Tier, TierRules, TierRun
from tests.factories import make_fan, make_moderator, make_staff
from tests.fans.tiers import DAY, THURSDAY, make_holder, standing_of
from tests.locks import holding, start

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def make_nomination(state: NominationState) -> Nomination:
    offered = {"offered_at": THURSDAY, "offered_until": THURSDAY + 7 * DAY}
    nomination: Nomination = Nomination.objects.create(
        nominee=make_holder(),
        nominator=make_fan(),
        statement="Finds what others overlook.",
        state=state,
        state_at=THURSDAY,
        created_at=THURSDAY,
        approved_at=THURSDAY,
        moderator=make_moderator(),
        staff=make_staff(),
        **(offered if state == NominationState.OFFERED else {}),
    )
    return nomination


def test_a_run_waits_for_whoever_counts_the_seats() -> None:
    """T10: seated + offered never passes the limit."""
    TierRules.objects.create(pk=1, seat_limit=1)
    make_nomination(NominationState.APPROVED)
    with holding(TierRules, 1):
        running = start(lambda: actions.run_week(week="2026-W47", at=THURSDAY))
        running.waits_for_a_lock()
        make_holder(Tier.HONORARY_DEV)  # the one seat is taken meanwhile
    running.result()
    assert Nomination.objects.get().state == NominationState.APPROVED


def test_accepting_a_seat_waits_for_the_run_that_counts_them() -> None:
    """T10"""
    TierRules.objects.create(pk=1, seat_limit=1)
    offer = make_nomination(NominationState.OFFERED)
    with holding(TierRules, 1):
        accepting = start(
            lambda: actions.accept_seat(nomination=offer, fan=offer.nominee, at=THURSDAY + DAY)
        )
        accepting.waits_for_a_lock()
        Nomination.objects.update(state=NominationState.LAPSED)
    with pytest.raises(actions.OfferGone):
        accepting.result()
    assert standing_of(offer.nominee) == ("core", "normal")


def test_two_runs_of_a_week_are_one() -> None:
    """T1: the second waits, and finds it done."""
    TierRules.objects.create(pk=1)
    make_holder()
    with holding(TierRules, 1):
        second = start(lambda: actions.run_week(week="2026-W47", at=THURSDAY))
        second.waits_for_a_lock()
        actions.run_week(week="2026-W47", at=THURSDAY)
    second.result()
    assert TierRun.objects.get().decisions.count() == 1


def test_two_deeds_at_once_do_not_both_slip_under_a_cap() -> None:
    """L4: the fan's row is the queue."""
    fan = make_fan()

    def post(number: int) -> None:
        at = THURSDAY + timedelta(minutes=number)
        record(fan=fan, kind="post.basic", subject=f"post:{number}", effective_at=at, at=at)

    with holding(Fan, fan.pk):
        late = start(lambda: post(2))
        late.waits_for_a_lock()
        post(1)
    late.result()
    assert score(fan, THURSDAY + DAY, 90) == 1
