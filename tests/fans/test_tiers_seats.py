"""Seats and nominations (T10–T12)."""

from datetime import datetime

import pytest

from fans.accounts.models import Fan
from fans.notifications.models import Notice
from fans.tiers import actions, tasks
from fans.tiers.models import Nomination, NominationState, Tier, TierRules
from tests.factories import make_admin, make_fan, make_honorary_dev, make_moderator, make_staff
from tests.fans import tiers
from tests.fans.tiers import (
    DAY,
    THURSDAY,
    WEEK,
    earn,
    fresh,
    make_holder,
    run,
    standing_of,
)

pytestmark = pytest.mark.django_db
WORDS = "Found the fault nobody else could find."
State = NominationState


def make_eligible_fan() -> Fan:
    return tiers.make_eligible_fan(THURSDAY - 5 * DAY)


def nominated(nominee: Fan, at: datetime = THURSDAY - DAY) -> Nomination:
    return actions.nominate(nominee=nominee, nominator=make_moderator(), statement=WORDS, at=at)


def approved(nominee: Fan, at: datetime = THURSDAY - DAY) -> Nomination:
    nomination = nominated(nominee, at)
    for reviewer in (make_moderator(), make_staff()):
        nomination = actions.approve_nomination(nomination=nomination, by=reviewer, at=at)
    return nomination


def states() -> list[str]:
    return list(Nomination.objects.order_by("pk").values_list("state", flat=True))


def limit(seats: int) -> None:
    TierRules.objects.update_or_create(pk=1, defaults={"seat_limit": seats})


# --- T12 ---------------------------------------------------------------------------------------


def test_two_of_different_offices_approve() -> None:
    """T12"""
    nomination = nominated(make_eligible_fan())
    assert nomination.state == State.UNDER_REVIEW
    assert [row["key"] for row in nomination.evidence if row["met"]] == [
        *("is_active", "core_days", "score180", "product180", "reports13", "sanctions180"),
    ]
    actions.approve_nomination(nomination=nomination, by=make_moderator(), at=THURSDAY)
    assert states() == ["under_review"]
    with pytest.raises(actions.NoLongerOpen):  # a second moderator is not a member of the staff
        actions.approve_nomination(nomination=nomination, by=make_moderator(), at=THURSDAY)
    actions.approve_nomination(nomination=nomination, by=make_staff(), at=THURSDAY)
    assert states() == ["approved"]


def test_who_is_not_eligible_is_told_so() -> None:
    """T12"""
    assert nominated(make_holder()).state == State.INELIGIBLE


def test_one_open_nomination_for_each() -> None:
    """T12"""
    fan = make_eligible_fan()
    nominated(fan)
    with pytest.raises(actions.NominatedAlready):
        nominated(fan)
    assert states() == ["under_review"]


def test_who_may_nominate() -> None:
    """T12"""
    nominee = make_eligible_fan()
    for nobody in (make_fan(), make_holder(), nominee):
        with pytest.raises(actions.NotAllowed):
            actions.nominate(nominee=nominee, nominator=nobody, statement=WORDS, at=THURSDAY)
    muted = make_honorary_dev(muted_until=THURSDAY + DAY)
    with pytest.raises(actions.NotAllowed):
        actions.nominate(nominee=nominee, nominator=muted, statement=WORDS, at=THURSDAY)
    assert states() == []


def test_nobody_judges_who_is_part_of_it() -> None:
    """T12: neither nominator nor nominee."""
    moderator, staff = make_moderator(), make_staff()
    nomination = actions.nominate(
        nominee=make_eligible_fan(), nominator=moderator, statement=WORDS, at=THURSDAY
    )
    for part in (moderator, nomination.nominee, make_moderator("board:1")):
        with pytest.raises(actions.NotAllowed):
            actions.approve_nomination(nomination=nomination, by=part, at=THURSDAY)
    with pytest.raises(actions.ReasonMissing):
        actions.reject_nomination(nomination=nomination, by=staff, reason="", at=THURSDAY)
    actions.reject_nomination(nomination=nomination, by=staff, reason="Too early", at=THURSDAY)
    assert states() == ["rejected"]


def test_an_approval_grows_stale_after_ninety_days() -> None:
    """T12"""
    limit(0)
    approved(make_eligible_fan(), THURSDAY - DAY)
    run(THURSDAY + 12 * WEEK)
    assert states() == ["approved"]
    run(THURSDAY + 13 * WEEK)
    assert states() == ["stale"]


# --- T10 ---------------------------------------------------------------------------------------


def test_seats_go_by_rank_and_not_by_arrival() -> None:
    """T10: score180 ↓, product deeds ↓, approval ↑."""
    first, best, more_made, later = (make_eligible_fan() for _ in range(4))
    earn(best, 5, THURSDAY - DAY, kind="meetup.attended")
    earn(more_made, 0, THURSDAY - DAY)
    for number, fan in enumerate((later, more_made, best)):
        earn(fan, 1, THURSDAY - DAY, kind="bug.confirmed")
        approved(fan, THURSDAY - DAY * (3 - number))
    approved(first, THURSDAY - 4 * DAY)
    limit(3)
    made = run(THURSDAY)
    offered = Nomination.objects.filter(run=made)
    assert set(offered.values_list("nominee", flat=True)) == {best.pk, later.pk, more_made.pk}
    assert Nomination.objects.get(nominee=first).state == State.APPROVED


def test_offers_and_seats_never_pass_the_limit() -> None:
    """T10"""
    make_holder(Tier.HONORARY_DEV)
    for _ in range(3):
        approved(make_eligible_fan())
    limit(2)
    run(THURSDAY)
    assert sorted(states()) == ["approved", "approved", "offered"]
    run(THURSDAY + WEEK)
    assert states().count("offered") == 1


def test_taking_the_seat_makes_an_honorary_developer_who_is_protected() -> None:
    """T10, T2"""
    fan = make_eligible_fan()
    offer = approved(fan)
    run(THURSDAY)
    for _ in range(2):
        actions.accept_seat(nomination=offer, fan=fan, at=THURSDAY + DAY)
    assert standing_of(fan) == ("honorary_dev", "protected")
    assert list(fan.tier_changes.values_list("was", "became", "reason")) == [
        ("core", "honorary_dev", "seat")
    ]
    assert states() == ["seated"]


def test_declining_leaves_the_seat_to_the_next_run() -> None:
    """T10"""
    fan, other = make_eligible_fan(), make_eligible_fan()
    earn(fan, 5, THURSDAY - DAY, kind="meetup.attended")
    offer = approved(fan)
    approved(other)
    limit(1)
    run(THURSDAY)
    actions.decline_seat(nomination=offer, fan=fan, at=THURSDAY + DAY)
    assert states() == ["declined", "approved"]
    run(THURSDAY + WEEK)
    assert states() == ["declined", "offered"]


def test_an_offer_stands_seven_days_and_its_end_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """T10"""
    fan = make_eligible_fan()
    offer = approved(fan)
    run(THURSDAY)
    monkeypatch.setattr("fans.clock.now", lambda: THURSDAY + 7 * DAY)
    with pytest.raises(actions.OfferGone):
        actions.accept_seat(nomination=offer, fan=fan, at=THURSDAY + 7 * DAY)
    for _ in range(2):
        tasks.keep_tier_dates()
    assert states() == ["lapsed"]
    told = Notice.objects.filter(fan=fan).order_by("pk").values_list("event__kind", flat=True)
    assert list(told) == ["seat_offered", "seat_lapsed"]


def test_nobody_takes_anothers_seat() -> None:
    """T10"""
    offer = approved(make_eligible_fan())
    run(THURSDAY)
    with pytest.raises(actions.NotAllowed):
        actions.accept_seat(nomination=offer, fan=make_holder(), at=THURSDAY)
    assert states() == ["offered"]


def test_lowering_the_limit_takes_nothing_from_anybody() -> None:
    """T11"""
    seated = make_holder(Tier.HONORARY_DEV)
    earn(seated, 100, THURSDAY - DAY)
    approved(make_eligible_fan())
    run(THURSDAY)
    assert actions.change_seat_limit(limit=0, by=make_admin(), at=THURSDAY) is True
    with pytest.raises(actions.NotAllowed):
        actions.change_seat_limit(limit=9, by=make_staff(), at=THURSDAY)
    run(THURSDAY + WEEK)
    assert standing_of(seated) == ("honorary_dev", "normal")
    assert fresh(seated).standing.tier == Tier.HONORARY_DEV
