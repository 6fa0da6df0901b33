"""O5: the popcorn ballot."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from community.fridays.actions.balloting import (
    AccountTooYoung,
    BallotClosed,
    NoCandidate,
    cast_ballot,
)
from community.fridays.actions.reporting import MayNotWrite, StaffDoNotReport
from community.fridays.models import Ballot, Cycle, ItemKind, ReleaseItem, ReleaseState
from fans.accounts.models import Fan
from fans.ledger.models import ActiveDay
from tests import locks
from tests.community.weeks import (
    CLOSES,
    LATE_CLOSES,
    OPENS,
    TUESDAY,
    WEDNESDAY,
    items_of,
    open_week,
    send,
)
from tests.factories import make_fan, make_staff

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


def cast(cycle: Cycle, item: ReleaseItem, fan: Fan | None = None, at: object = TUESDAY) -> Ballot:
    return cast_ballot(cycle=cycle, fan=fan or make_fan(), item=item, at=at)  # type: ignore[arg-type]


@pytest.fixture
def voter(monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr("fans.clock.now", lambda: TUESDAY)
    client = Client()
    client.force_login(make_fan())
    return client


def address(cycle: Cycle) -> str:
    return reverse("ballot", args=[cycle.product.slug, cycle.week])


def main_of(page: str) -> str:
    """The page without its frame and its form's token."""
    main = page[page.index("<main") : page.index("</main>")]
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", main)


def test_a_changed_mind_replaces_the_one_voice() -> None:
    cycle, fan = open_week(), make_fan()
    first, second, _ = items_of(cycle)
    cast(cycle, first, fan)
    cast(cycle, second, fan, CLOSES - SECOND)
    assert Ballot.objects.get().item == second
    assert ActiveDay.objects.get(fan=fan).act_count == 1


@pytest.mark.parametrize("at", [OPENS - SECOND, CLOSES, WEDNESDAY, LATE_CLOSES])
def test_outside_its_day_the_ballot_is_closed(at: object) -> None:
    cycle = open_week()
    with pytest.raises(BallotClosed):
        cast(cycle, items_of(cycle)[0], at=at)


def test_in_the_late_window_a_report_is_taken_and_a_ballot_is_not() -> None:
    cycle = open_week()
    assert send(cycle, at=WEDNESDAY).is_late
    with pytest.raises(BallotClosed):
        cast(cycle, items_of(cycle)[0], at=WEDNESDAY)


def test_an_account_votes_from_its_seventh_day_on() -> None:
    cycle = open_week()
    young = make_fan(joined_at=TUESDAY - timedelta(days=7) + SECOND)
    with pytest.raises(AccountTooYoung) as refusal:
        cast(cycle, items_of(cycle)[0], young)
    assert refusal.value.may_from == TUESDAY + SECOND
    assert cast(cycle, items_of(cycle)[0], young, TUESDAY + SECOND).pk


def test_staff_and_the_muted_have_no_ballot() -> None:
    cycle = open_week()
    with pytest.raises(StaffDoNotReport):
        cast(cycle, items_of(cycle)[0], make_staff())
    with pytest.raises(MayNotWrite):
        cast(cycle, items_of(cycle)[0], make_fan(muted_until=LATE_CLOSES))


def test_only_new_and_improved_items_of_live_builds_are_candidates() -> None:
    """O5, O9."""
    cycle, other = open_week(), open_week()
    mended, recalled, live = items_of(cycle)
    ReleaseItem.objects.filter(pk=mended.pk).update(kind=ItemKind.FIXED)
    for item in (mended, items_of(other)[0]):
        with pytest.raises(NoCandidate):
            cast(cycle, item)
    assert cast(cycle, live).pk
    cycle.releases.update(state=ReleaseState.WITHDRAWN)
    with pytest.raises(NoCandidate):
        cast(cycle, recalled)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_ballot_waits_for_the_week() -> None:
    cycle, fan = open_week(), make_fan()
    item = items_of(cycle)[0]
    with locks.holding(Cycle, cycle.pk):
        started = locks.start(lambda: cast(cycle, item, fan))
        started.waits_for_a_lock()
    assert started.result().item == item


def test_a_fan_votes_through_the_page(voter: Client) -> None:
    cycle = open_week()
    answer = voter.post(address(cycle), {"item": items_of(cycle)[1].pk}, follow=True)
    assert "Your vote goes to “Item 2”." in answer.text
    assert answer.text.count(" checked") == 1


def test_nobody_sees_how_others_voted_before_the_close(voter: Client) -> None:
    cycle = open_week()
    before = main_of(voter.get(address(cycle)).text)
    for _ in range(7):
        cast(cycle, items_of(cycle)[0])
    assert main_of(voter.get(address(cycle)).text) == before


def test_a_young_account_reads_from_when_it_may(
    voter: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    cycle = open_week()
    client = Client()
    client.force_login(make_fan(joined_at=TUESDAY - timedelta(days=1)))
    assert "You may vote from" in client.get(address(cycle)).text
    answer = client.post(address(cycle), {"item": items_of(cycle)[0].pk})
    assert answer.status_code == 422
    assert "30 Nov 2026" in answer.text


def test_a_closed_ballot_says_so(voter: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    cycle = open_week()
    monkeypatch.setattr("fans.clock.now", lambda: CLOSES)
    answer = voter.post(address(cycle), {"item": items_of(cycle)[0].pk})
    assert answer.status_code == 422
    assert "The ballot is closed." in answer.text


def test_a_week_that_only_mended_things_has_no_candidates(voter: Client) -> None:
    cycle = open_week()
    ReleaseItem.objects.update(kind=ItemKind.FIXED)
    assert "No candidates this week" in voter.get(address(cycle)).text
