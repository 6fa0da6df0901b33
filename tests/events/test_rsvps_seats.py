"""Seats, reserve, waiting list, offers (spec §7 M1–M4), through the actions and the sweep."""

import random
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from events.check_ins.models import CheckIn, Way
from events.meetups.models import Meetup
from events.rsvps import actions
from events.rsvps.models import Rsvp, RsvpState
from events.rsvps.seating import offer_ends
from events.rsvps.tasks import move_waiting_lists
from fans import clock
from fans.accounts.models import Fan
from fans.ledger.models import ActiveDay
from fans.notifications.models import Event, Notice
from tests.events.meetups import STARTS, at_local, make_meetup, reserve, states
from tests.factories import NOW, make_fan, make_staff

pytestmark = pytest.mark.django_db


def make_attendee(meetup: Meetup) -> Fan:
    """Somebody who was at a meetup before."""
    fan = make_fan()
    CheckIn.objects.create(
        meetup=meetup, fan=fan, checked_in_by=meetup.organiser, checked_in_at=NOW, way=Way.LIST
    )
    return fan


@pytest.fixture
def earlier() -> Meetup:
    return make_meetup(capacity=60, **at_local(NOW + timedelta(days=1), 1))


def at_clock(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)


def test_the_story_of_27_replies_and_20_seats(
    earlier: Meetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    """M1, M2: 16 while 4 seats wait for newcomers, 20 once released; 3 give back, 3 are told."""
    meetup = make_meetup(capacity=20, reserve_share=20)
    replies = [
        reserve(meetup, make_attendee(earlier), NOW + timedelta(minutes=n)) for n in range(27)
    ]
    assert states(meetup) == {"confirmed": 16, "waitlisted": 11}

    at_clock(monkeypatch, STARTS - timedelta(hours=72))
    move_waiting_lists()
    move_waiting_lists()
    meetup.refresh_from_db()
    assert states(meetup) == {"confirmed": 20, "waitlisted": 7}
    assert meetup.seats_taken == 20

    two_days_before = STARTS - timedelta(days=2)
    for reply in replies[:3]:
        actions.cancel(rsvp=reply, at=two_days_before)
    assert states(meetup) == {"confirmed": 20, "waitlisted": 4, "cancelled": 3}
    told = Notice.objects.filter(event__kind="seat_confirmed", created_at=two_days_before)
    assert list(told.order_by("event_id").values_list("fan", flat=True)) == [
        reply.fan_id for reply in replies[20:23]
    ]


def test_a_newcomer_gets_a_kept_seat_and_a_regular_does_not(earlier: Meetup) -> None:
    """M2, rounded down: 20 % of 9 is 1."""
    meetup = make_meetup(capacity=9, reserve_share=20)
    for _ in range(8):
        reserve(meetup, make_attendee(earlier))
    assert reserve(meetup, make_attendee(earlier)).state == RsvpState.WAITLISTED
    assert reserve(meetup).state == RsvpState.CONFIRMED
    assert reserve(meetup).state == RsvpState.WAITLISTED


def test_asking_twice_is_asking_once() -> None:
    meetup, fan = make_meetup(capacity=2), make_fan()
    first, second = reserve(meetup, fan), reserve(meetup, fan)
    meetup.refresh_from_db()
    assert (first.pk, meetup.seats_taken) == (second.pk, 1)
    assert ActiveDay.objects.get(fan=fan).act_count == 1


def test_who_may_not_write_gets_no_seat() -> None:
    meetup = make_meetup()
    for fan in (make_fan(verified_at=None), make_fan(suspended_until=NOW + timedelta(days=9))):
        with pytest.raises(actions.MayNotReserve):
            reserve(meetup, fan)
    assert meetup.rsvps.count() == 0
    assert reserve(meetup, make_staff()).state == RsvpState.CONFIRMED


def test_a_waiting_fan_who_was_suspended_gets_no_seat_meanwhile() -> None:
    meetup = make_meetup(capacity=1)
    seat, first, second = (reserve(meetup) for _ in range(3))
    Fan.objects.filter(pk=first.fan_id).update(suspended_until=STARTS)
    actions.cancel(rsvp=seat, at=NOW)
    assert Rsvp.objects.get(pk=first.pk).state == RsvpState.WAITLISTED
    assert Rsvp.objects.get(pk=second.pk).state == RsvpState.CONFIRMED


def test_guests_take_seats_too() -> None:
    """M1: Σ(1 + guests)."""
    meetup = make_meetup(capacity=3, guests_allowed=1)
    reserve(meetup, guest_count=1)
    assert reserve(meetup, guest_count=1).state == RsvpState.WAITLISTED
    assert reserve(meetup).state == RsvpState.CONFIRMED
    with pytest.raises(actions.TooManyGuests):
        reserve(meetup, guest_count=2)


def test_a_party_passed_over_three_times_is_next_and_seats_are_held_for_it() -> None:
    """M1, until 24 h before."""
    meetup = make_meetup(capacity=4, guests_allowed=1)
    seated = [reserve(meetup) for _ in range(4)]
    party = reserve(meetup, guest_count=1)
    single = [reserve(meetup, at=NOW + timedelta(minutes=n)) for n in range(1, 5)]
    for n in range(3):
        actions.cancel(rsvp=seated[n], at=NOW + timedelta(hours=n + 1))
        assert Rsvp.objects.get(pk=single[n].pk).state == RsvpState.CONFIRMED
    assert Rsvp.objects.get(pk=party.pk).passed_over_count == 3

    actions.cancel(rsvp=seated[3], at=NOW + timedelta(hours=9))
    assert Rsvp.objects.get(pk=single[3].pk).state == RsvpState.WAITLISTED  # one seat is held
    actions.cancel(rsvp=Rsvp.objects.get(pk=single[0].pk), at=NOW + timedelta(hours=10))
    assert Rsvp.objects.get(pk=party.pk).state == RsvpState.CONFIRMED
    assert Rsvp.objects.get(pk=single[3].pk).state == RsvpState.WAITLISTED


def test_what_was_held_is_offered_to_others_a_day_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    meetup = make_meetup(capacity=2, guests_allowed=1)
    seated = [reserve(meetup), reserve(meetup)]
    party, single = reserve(meetup, guest_count=1), reserve(meetup)
    Rsvp.objects.filter(pk=party.pk).update(passed_over_count=3)
    actions.cancel(rsvp=seated[0], at=NOW)
    assert states(meetup) == {"cancelled": 1, "confirmed": 1, "waitlisted": 2}
    at_clock(monkeypatch, STARTS - timedelta(hours=23))
    move_waiting_lists()
    assert Rsvp.objects.get(pk=single.pk).state == RsvpState.OFFERED


def test_in_the_last_day_a_seat_is_offered_for_two_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    meetup = make_meetup(capacity=1)
    seat, first, second = (reserve(meetup, at=NOW + timedelta(minutes=n)) for n in range(3))
    at = STARTS - timedelta(hours=5)  # 09:00
    actions.cancel(rsvp=seat, at=at)
    offered = Rsvp.objects.get(pk=first.pk)
    assert (offered.state, offered.offered_until) == (RsvpState.OFFERED, at + timedelta(hours=2))
    assert Event.objects.filter(kind="meetup_seat_offered").count() == 1

    at_clock(monkeypatch, at + timedelta(hours=1, minutes=59))
    move_waiting_lists()
    assert Rsvp.objects.get(pk=first.pk).state == RsvpState.OFFERED
    late = STARTS - timedelta(hours=3, minutes=-1)
    with pytest.raises(actions.NoOffer):
        actions.accept_seat(rsvp=offered, at=at + timedelta(hours=2))
    at_clock(monkeypatch, late)
    move_waiting_lists()
    assert states(meetup) == {"cancelled": 1, "waitlisted": 2}
    line = meetup.rsvps.waiting_in_order()
    assert [rsvp.pk for rsvp in line] == [second.pk, first.pk]  # back to the end

    # M1: in the last three hours the first who presses has it.
    assert actions.accept_seat(rsvp=first, at=late).state == RsvpState.CONFIRMED
    with pytest.raises(actions.Full):
        actions.accept_seat(rsvp=second, at=late)


def test_a_lapsed_offer_goes_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    meetup = make_meetup(capacity=1)
    seat, first, second = (reserve(meetup, at=NOW + timedelta(minutes=n)) for n in range(3))
    at = STARTS - timedelta(hours=20)  # 18:00 the evening before
    actions.cancel(rsvp=seat, at=at)
    at_clock(monkeypatch, at + timedelta(hours=2))
    move_waiting_lists()
    assert Rsvp.objects.get(pk=first.pk).state == RsvpState.WAITLISTED
    assert Rsvp.objects.get(pk=second.pk).state == RsvpState.OFFERED
    assert actions.accept_seat(rsvp=second, at=at + timedelta(hours=3)).state == "confirmed"
    meetup.refresh_from_db()
    assert meetup.seats_taken == 1


def test_an_offer_runs_only_by_day_at_the_venue() -> None:
    """M1: between 08:00 and 22:00."""
    zone = "Asia/Shanghai"
    for given, expected in (
        ((2026, 11, 27, 9), (2026, 11, 27, 11)),  # 17:00 → 19:00
        ((2026, 11, 27, 12), (2026, 11, 27, 14)),  # 20:00 → 22:00
        ((2026, 11, 27, 13), (2026, 11, 28, 1)),  # 21:00 → 09:00
        ((2026, 11, 27, 16), (2026, 11, 28, 2)),  # midnight → 10:00
        ((2026, 11, 27, 23), (2026, 11, 28, 2)),  # 07:00 → 10:00
    ):
        assert offer_ends(datetime(*given, tzinfo=UTC), zone) == datetime(*expected, tzinfo=UTC)


def test_fewer_seats_take_nobodys_away_and_more_confirm_the_oldest() -> None:
    """M3."""
    meetup = make_meetup(capacity=3)
    seated = [reserve(meetup) for _ in range(3)]
    waiting = [reserve(meetup), reserve(meetup)]
    meetup = actions.change_capacity(meetup=meetup, capacity=1, by=meetup.organiser, at=NOW)
    assert (meetup.seats_taken, meetup.over_capacity) == (3, 2)
    actions.cancel(rsvp=seated[0], at=NOW)
    meetup.refresh_from_db()
    assert (meetup.seats_taken, meetup.over_capacity) == (2, 1)
    assert Rsvp.objects.get(pk=waiting[0].pk).state == RsvpState.WAITLISTED
    actions.change_capacity(meetup=meetup, capacity=3, by=meetup.organiser, at=NOW)
    assert Rsvp.objects.get(pk=waiting[0].pk).state == RsvpState.CONFIRMED
    assert Notice.objects.filter(event__kind="seat_confirmed").count() == 1
    with pytest.raises(actions.TooManySeats):
        actions.change_capacity(meetup=meetup, capacity=61, by=meetup.organiser, at=NOW)


def test_nobody_sits_in_two_places_and_a_seat_ends_other_waits() -> None:
    """M4."""
    fan = make_fan()
    full = make_meetup(capacity=1, **at_local(STARTS + timedelta(hours=2), 2))
    reserve(full)
    waits = reserve(full, fan)
    seat = reserve(make_meetup(), fan)
    assert seat.state == RsvpState.CONFIRMED
    assert Rsvp.objects.get(pk=waits.pk).state == RsvpState.CANCELLED
    assert Notice.objects.get(event__kind="wait_dropped").fan_id == fan.pk
    with pytest.raises(actions.Overlaps):
        reserve(full, fan)
    touching = make_meetup(**at_local(STARTS + timedelta(hours=3), 1))
    assert reserve(touching, fan).state == RsvpState.CONFIRMED


def test_undo_restores_a_free_seat_and_else_leads_to_the_end() -> None:
    meetup = make_meetup(capacity=1)
    seat = reserve(meetup)
    actions.cancel(rsvp=seat, at=NOW)
    assert actions.undo_cancellation(rsvp=seat, at=NOW).state == RsvpState.CONFIRMED
    assert ActiveDay.objects.get(fan=seat.fan).act_count == 1
    waits = reserve(meetup)
    actions.cancel(rsvp=seat, at=NOW)
    assert Rsvp.objects.get(pk=waits.pk).state == RsvpState.CONFIRMED
    assert actions.undo_cancellation(rsvp=seat, at=NOW).state == RsvpState.WAITLISTED


def test_undo_gives_a_place_in_line_back_for_a_minute() -> None:
    meetup = make_meetup(capacity=1)
    reserve(meetup)
    first, second = reserve(meetup), reserve(meetup, at=NOW + timedelta(minutes=1))
    at = NOW + timedelta(minutes=5)
    actions.cancel(rsvp=first, at=at)
    actions.undo_cancellation(rsvp=first, at=at + timedelta(seconds=10))
    assert [rsvp.pk for rsvp in meetup.rsvps.waiting_in_order()] == [first.pk, second.pk]
    actions.cancel(rsvp=first, at=at)
    actions.undo_cancellation(rsvp=first, at=at + timedelta(seconds=61))
    assert [rsvp.pk for rsvp in meetup.rsvps.waiting_in_order()] == [second.pk, first.pk]


def test_two_no_shows_hold_the_next_replies_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """M7: behind everybody, and no seat before the last 72 h."""
    fan = make_fan()
    for day in (10, 20):
        missed = make_meetup(at=NOW, **at_local(NOW + timedelta(days=day), 1))
        rsvp = reserve(missed, fan)
        Rsvp.objects.filter(pk=rsvp.pk).update(
            state=RsvpState.NO_SHOW, state_at=NOW - timedelta(days=day)
        )
    meetup = make_meetup(capacity=5)
    waits = reserve(meetup, fan)
    assert (waits.state, waits.is_held_back) == (RsvpState.WAITLISTED, True)
    at_clock(monkeypatch, STARTS - timedelta(hours=72))
    move_waiting_lists()
    assert Rsvp.objects.get(pk=waits.pk).state == RsvpState.CONFIRMED


def test_the_database_refuses_a_seat_that_is_not_there() -> None:
    meetup = make_meetup(capacity=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Meetup.objects.filter(pk=meetup.pk).update(seats_taken=3)


@pytest.mark.parametrize("seed", range(6))
def test_the_tally_equals_a_recount_after_anything(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """M1: any sequence of replies, guests, cancellations, capacities, offers and sweeps."""
    chance = random.Random(seed)
    meetup = make_meetup(capacity=4, guests_allowed=1, reserve_share=25)
    fans = [make_fan() for _ in range(9)]
    at = NOW
    for _ in range(60):
        at += timedelta(hours=chance.choice([0, 0, 1, 4]))
        if at >= STARTS:
            break
        with suppress(actions.Refusal):
            _something(chance, meetup, chance.choice(fans), at, monkeypatch)
        meetup.refresh_from_db()
        kept, counted = actions.recount_seats(meetup=meetup, repairs=False)
        assert kept == counted
        assert meetup.seats_taken <= meetup.capacity + meetup.over_capacity
        assert meetup.over_capacity == max(0, meetup.seats_taken - meetup.capacity)


def _something(
    chance: random.Random, meetup: Meetup, fan: Fan, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    deed = chance.choice(["reserve", "reserve", "cancel", "guests", "capacity", "sweep", "take"])
    mine = meetup.rsvps.filter(fan=fan).first()
    if deed == "reserve":
        reserve(meetup, fan, at, guest_count=chance.randint(0, 1))
    elif deed == "capacity":
        seats = chance.randint(1, 8)
        actions.change_capacity(meetup=meetup, capacity=seats, by=meetup.organiser, at=at)
    elif deed == "sweep":
        monkeypatch.setattr(clock, "now", lambda: at)
        move_waiting_lists()
    elif mine is None:
        return
    elif deed == "cancel":
        actions.cancel(rsvp=mine, at=at)
    elif deed == "guests":
        actions.change_party(rsvp=mine, guest_count=chance.randint(0, 1), at=at)
    else:
        actions.accept_seat(rsvp=mine, at=at)


def test_recount_seats_says_what_differs_and_mends_it(capsys: pytest.CaptureFixture[str]) -> None:
    meetup = make_meetup(capacity=5)
    reserve(meetup)
    Meetup.objects.filter(pk=meetup.pk).update(seats_taken=4)
    call_command("recount_seats")
    meetup.refresh_from_db()
    assert meetup.seats_taken == 1
    assert f"meetup:{meetup.pk} seats_taken: 4 is 1" in capsys.readouterr().out
