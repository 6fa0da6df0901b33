"""Seats under their locks, on PostgreSQL: the meetup's row is held, and who comes waits (M1)."""

from datetime import timedelta

import pytest

from events.chapters import actions as chapters
from events.chapters.models import Chapter
from events.check_ins import actions as doors
from events.check_ins.models import CheckIn, Way
from events.meetups.models import Meetup
from events.rsvps import actions
from events.rsvps.models import Rsvp, RsvpState
from events.rsvps.tasks import move_waiting_lists
from fans import clock
from fans.accounts.models import Fan
from fans.ledger.models import Contribution
from fans.notifications.models import Event
from tests.events.meetups import (
    STARTS,
    at_local,
    make_host,
    make_meetup,
    make_place,
    reserve,
    states,
)
from tests.factories import NOW, make_fan, make_staff
from tests.locks import holding, start

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_two_fans_ask_for_the_last_seat_at_once() -> None:
    meetup = make_meetup(capacity=1)
    first, second = make_fan(), make_fan()
    with holding(Meetup, meetup.pk):
        asking = start(lambda: reserve(meetup, first))
        asking.waits_for_a_lock()
        late = start(lambda: reserve(meetup, second))
        late.waits_for_a_lock(of_anybody=True)
    found = sorted([asking.result().state, late.result().state])
    assert found == [RsvpState.CONFIRMED, RsvpState.WAITLISTED]
    meetup.refresh_from_db()
    assert meetup.seats_taken == 1


def test_a_seat_given_back_while_somebody_asks_is_given_once() -> None:
    meetup = make_meetup(capacity=1)
    seat, waits = reserve(meetup), reserve(meetup)
    with holding(Meetup, meetup.pk):
        giving = start(lambda: actions.cancel(rsvp=seat, at=NOW))
        giving.waits_for_a_lock()
        asking = start(lambda: reserve(meetup, at=NOW))
        asking.waits_for_a_lock(of_anybody=True)
    giving.result()
    asking.result()
    assert states(meetup) == {"cancelled": 1, "confirmed": 1, "waitlisted": 1}
    assert Rsvp.objects.get(pk=waits.pk).state == RsvpState.CONFIRMED
    assert actions.recount_seats(meetup=meetup, repairs=False) == (1, 1)


def test_two_workers_sweep_at_once_and_every_seat_is_given_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    meetup = make_meetup(capacity=1)
    seat, *waiting = (reserve(meetup, at=NOW + timedelta(minutes=n)) for n in range(4))
    at = STARTS - timedelta(hours=20)
    actions.cancel(rsvp=seat, at=at)
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(hours=2))
    with holding(Meetup, meetup.pk):
        one = start(move_waiting_lists)
        one.waits_for_a_lock()
        other = start(move_waiting_lists)
        other.waits_for_a_lock(of_anybody=True)
    one.result()
    other.result()
    assert states(meetup) == {"cancelled": 1, "offered": 1, "waitlisted": 2}
    assert Rsvp.objects.get(state=RsvpState.OFFERED).pk == waiting[1].pk
    assert Event.objects.filter(kind="meetup_seat_offered").count() == 2  # one for each offer
    assert actions.recount_seats(meetup=meetup, repairs=False) == (1, 1)


def test_nobody_gets_two_places_at_once() -> None:
    """M4: two meetups have two rows; the fan's own row is what they meet at."""
    fan = make_fan()
    here, there = make_meetup(), make_meetup(**at_local(STARTS + timedelta(hours=1), 1))
    with holding(Fan, fan.pk):
        one = start(lambda: reserve(here, fan))
        one.waits_for_a_lock()
        other = start(lambda: _reserve_unless_taken(there, fan))
        other.waits_for_a_lock(of_anybody=True)
    one.result()
    other.result()
    assert fan.rsvps.filter(state=RsvpState.CONFIRMED).count() == 1


def _reserve_unless_taken(meetup: Meetup, fan: Fan) -> None:
    try:
        reserve(meetup, fan)
    except actions.Overlaps:
        return


def test_a_mute_that_came_first_is_seen() -> None:
    meetup, fan = make_meetup(), make_fan()
    with holding(Fan, fan.pk):
        asking = start(lambda: reserve(meetup, fan))
        asking.waits_for_a_lock()
        Fan.objects.filter(pk=fan.pk).update(muted_until=STARTS)
    with pytest.raises(actions.MayNotReserve):
        asking.result()


def test_a_ticket_shown_at_two_doors_at_once_counts_once() -> None:
    """M6."""
    meetup, host, other = make_meetup(), make_host(), make_staff()
    seat = reserve(meetup)
    given = {"meetup": meetup, "fan": seat.fan, "way": Way.TICKET, "at": STARTS}
    with holding(Meetup, meetup.pk):
        one = start(lambda: doors.check_in(by=host, **given))
        one.waits_for_a_lock()
        two = start(lambda: doors.check_in(by=other, **given))
        two.waits_for_a_lock(of_anybody=True)
    assert sorted([one.result().is_new, two.result().is_new]) == [False, True]
    assert CheckIn.objects.count() == 1
    assert Contribution.objects.filter(kind="meetup.attended").count() == 1


def test_two_join_a_forming_city_at_once_and_both_count() -> None:
    chapter = chapters.found_chapter(place=make_place(), actor=make_staff(), at=NOW)
    first, second = make_fan(), make_fan()
    with holding(Chapter, chapter.pk):
        one = start(lambda: chapters.join(chapter=chapter, fan=first, at=NOW))
        one.waits_for_a_lock()
        two = start(lambda: chapters.join(chapter=chapter, fan=second, at=NOW))
        two.waits_for_a_lock(of_anybody=True)
    one.result()
    two.result()
    chapter.refresh_from_db()
    assert chapter.member_count == 2
