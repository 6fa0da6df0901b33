"""The door and what follows it (spec §7 M6–M8), and what is taken back when somebody goes."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from community.threads.models import Thread
from events.check_ins import actions, personal_data
from events.check_ins.digest import meetups_near
from events.check_ins.models import CheckIn, Way
from events.check_ins.tasks import ask_how_meetups_were, settle_meetups, thank_organisers
from events.meetups.models import Meetup, MeetupState
from events.meetups.tasks import carry_meetups_along
from events.rsvps import actions as rsvps
from events.rsvps.models import Rsvp, RsvpState
from events.rsvps.tasks import move_waiting_lists, remind_of_meetups
from fans import clock
from fans.accounts.models import Fan
from fans.accounts.withdrawal import Because
from fans.ledger.models import ActiveDay, Contribution
from fans.notifications.actions import spread
from fans.notifications.models import Event, Notice
from tests.events.meetups import STARTS, at_local, make_host, make_meetup, make_place, reserve
from tests.factories import NOW, make_fan, make_staff

pytestmark = pytest.mark.django_db
ENDS = STARTS + timedelta(hours=3)


@pytest.fixture
def host() -> Fan:
    return make_host()


def enter(meetup: Meetup, fan: Fan, by: Fan, **fields: object) -> actions.Entry:
    given = {"way": Way.TICKET, "at": STARTS, **fields}
    return actions.check_in(meetup=meetup, fan=fan, by=by, **given)  # type: ignore[arg-type]


def total(fan: Fan) -> int:
    return sum(Contribution.objects.filter(fan=fan).values_list("points", flat=True))


def test_a_guest_is_counted_once_and_earns_eight_points(host: Fan) -> None:
    meetup = make_meetup()
    seat = reserve(meetup)
    assert enter(meetup, seat.fan, host).is_new
    assert not enter(meetup, seat.fan, make_staff()).is_new
    entered = CheckIn.objects.get()
    assert (entered.checked_in_by_id, Rsvp.objects.get().state) == (host.pk, RsvpState.ATTENDED)
    deed = Contribution.objects.get()
    assert (deed.kind, deed.points, deed.subject) == ("meetup.attended", 8, f"meetup:{meetup.pk}")
    assert list(deed.givings.values_list("giver", flat=True)) == [host.pk]
    assert ActiveDay.objects.filter(fan=seat.fan).count() == 2  # reserved, and came


def test_what_was_pressed_in_error_is_taken_back_and_may_be_done_again(host: Fan) -> None:
    meetup = make_meetup()
    seat = reserve(meetup)
    entered = enter(meetup, seat.fan, host).check_in
    for _ in range(2):
        actions.undo_check_in(check_in=entered, by=host, at=STARTS)
    assert (total(seat.fan), Rsvp.objects.get().state) == (0, RsvpState.CONFIRMED)
    assert enter(meetup, seat.fan, host).is_new
    meetup.refresh_from_db()
    assert (total(seat.fan), CheckIn.objects.count(), meetup.seats_taken) == (8, 1, 1)


def test_nobody_lets_themselves_in(host: Fan) -> None:
    meetup = make_meetup()
    reserve(meetup, host)
    with pytest.raises(actions.ByOneself):
        enter(meetup, host, host)
    with pytest.raises(IntegrityError), transaction.atomic():
        CheckIn.objects.create(
            meetup=meetup, fan=host, checked_in_by=host, checked_in_at=STARTS, way=Way.LIST
        )


def test_the_door_has_hours(host: Fan) -> None:
    meetup, fan = make_meetup(), make_fan()
    reserve(meetup, fan)
    for at in (STARTS - timedelta(minutes=61), ENDS + timedelta(hours=48)):
        with pytest.raises(actions.DoorClosed):
            enter(meetup, fan, host, at=at)
    assert enter(meetup, fan, host, at=ENDS + timedelta(hours=47), way=Way.LIST).is_new


def test_a_walk_in_takes_a_free_seat_and_no_other(host: Fan) -> None:
    meetup = make_meetup(capacity=2)
    reserve(meetup)
    waits = make_fan()
    assert enter(meetup, waits, host).check_in.way == Way.WALK_IN
    with pytest.raises(actions.NoSeatLeft):
        enter(meetup, make_fan(), host)
    meetup.refresh_from_db()
    assert meetup.seats_taken == 2
    actions.undo_check_in(check_in=CheckIn.objects.get(), by=host, at=STARTS)
    meetup.refresh_from_db()
    assert meetup.seats_taken == 1


def test_the_clock_carries_a_meetup_to_its_end(host: Fan, monkeypatch: pytest.MonkeyPatch) -> None:
    """Begun, over, asked about, settled; each sweep twice (M7, M8)."""
    meetup = make_meetup()
    came, missed, late = (reserve(meetup) for _ in range(3))
    enter(meetup, came.fan, host)
    rsvps.cancel(rsvp=late, at=STARTS - timedelta(hours=5, minutes=59))
    states = []
    for at in (
        STARTS,
        ENDS,
        ENDS + timedelta(hours=16, minutes=59),  # 09:59 the next morning
        ENDS + timedelta(hours=17),
        ENDS + timedelta(hours=48),
    ):
        monkeypatch.setattr(clock, "now", lambda at=at: at)
        for _ in range(2):
            carry_meetups_along()
            ask_how_meetups_were()
            settle_meetups()
        meetup.refresh_from_db()
        states.append((meetup.state, meetup.surveyed_at is not None, meetup.settled_at is not None))
    assert states == [
        ("in_progress", False, False),
        ("completed", False, False),
        ("completed", False, False),
        ("completed", True, False),
        ("completed", True, True),
    ]
    found = {rsvp.pk: rsvp.state for rsvp in Rsvp.objects.all()}
    assert found == {came.pk: "attended", missed.pk: "no_show", late.pk: "no_show"}
    assert (meetup.seats_taken, Event.objects.filter(kind="meetup_survey").count()) == (1, 1)
    spread(event_id=Event.objects.get(kind="meetup_survey").pk, at=ENDS)
    assert list(Notice.objects.values_list("fan", flat=True)) == [came.fan_id]
    actions.excuse(rsvp=missed, by=host, reason="ill", at=ENDS)
    assert Rsvp.objects.get(pk=missed.pk).state == RsvpState.CANCELLED


def test_without_a_door_record_nobody_is_blamed(monkeypatch: pytest.MonkeyPatch) -> None:
    """M7."""
    seat = reserve(make_meetup())
    monkeypatch.setattr(clock, "now", lambda: ENDS + timedelta(hours=48))
    carry_meetups_along()
    settle_meetups()
    assert Rsvp.objects.get(pk=seat.pk).state == RsvpState.CONFIRMED


def test_reminders_come_once_each_to_those_with_a_seat(monkeypatch: pytest.MonkeyPatch) -> None:
    """M8: 72, 24 and 2 hours before."""
    meetup = make_meetup(capacity=1)
    seat, _waits = reserve(meetup), reserve(meetup)
    for hours in (73, 72, 71, 24, 23, 2, 1):
        at = STARTS - timedelta(hours=hours)
        monkeypatch.setattr(clock, "now", lambda at=at: at)
        remind_of_meetups()
        remind_of_meetups()
    keys = Event.objects.filter(kind="meetup_reminder").order_by("pk").values_list("key", flat=True)
    assert [key.rpartition(":")[2] for key in keys] == ["72", "24", "2"]
    event = Event.objects.filter(kind="meetup_reminder").earliest("pk")
    spread(event_id=event.pk, at=STARTS)
    assert list(event.notices.values_list("fan", flat=True)) == [seat.fan_id]


def test_a_recap_opens_a_thread_and_thanks_the_organiser(
    host: Fan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """25 points with three check-ins and a recap; again gives the same."""
    meetup = make_meetup()
    guests = [reserve(meetup).fan for _ in range(3)]
    for guest in guests[:2]:
        enter(meetup, guest, host)
    Meetup.objects.filter(pk=meetup.pk).update(state=MeetupState.COMPLETED)
    words = {"title": "What we saw at the river", "source": "We saw herons and talked for hours."}
    for _ in range(2):
        actions.publish_recap(meetup=meetup, author=host, at=ENDS, **words)
    meetup.refresh_from_db()
    recap = Thread.objects.get(kind="recap")
    assert (meetup.state, meetup.recap_id) == (MeetupState.RECAP_PUBLISHED, recap.pk)
    assert recap.state == "waiting"  # the words of a newcomer (A1)
    assert recap.about_url == meetup.get_absolute_url()
    monkeypatch.setattr(clock, "now", lambda: ENDS + timedelta(hours=1))
    thank_organisers()
    assert total(meetup.organiser) == 0  # two came
    enter(meetup, guests[2], host, at=ENDS + timedelta(hours=1), way=Way.LIST)
    thank_organisers()
    assert total(meetup.organiser) == 0  # nobody can read of it yet
    Thread.objects.filter(pk=recap.pk).update(state="published")
    thank_organisers()
    thank_organisers()
    assert total(meetup.organiser) == 25


def test_who_is_banned_gives_seats_and_waits_back(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: object
) -> None:
    """A5: lists move; for staff seats stay."""
    fan = make_fan()
    meetup = make_meetup(capacity=1)
    reserve(meetup, fan)
    waits = reserve(meetup)
    full = make_meetup(capacity=1, **at_local(STARTS + timedelta(days=5), 1))
    reserve(full)
    own_wait = reserve(full, fan)
    personal_data.withdraw(fan=fan, at=NOW, because=Because.STAFF)
    assert Rsvp.objects.get(pk=own_wait.pk).state == RsvpState.WAITLISTED
    Fan.objects.filter(pk=fan.pk).update(banned_at=NOW)
    personal_data.withdraw(fan=fan, at=NOW, because=Because.BANNED)
    assert Rsvp.objects.get(pk=own_wait.pk).state == RsvpState.CANCELLED
    monkeypatch.setattr(clock, "now", lambda: NOW)
    move_waiting_lists()
    assert Rsvp.objects.get(pk=waits.pk).state == RsvpState.CONFIRMED
    export = personal_data.export(fan)
    assert [row["state"] for row in export["replies"]] == ["cancelled", "cancelled"]


def test_a_seat_that_cannot_be_given_back_at_once_does_not_break_the_ban(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    """The moderator is told that the ban stands; the sweep gives the seat away."""
    fan = make_fan()
    meetup = make_meetup(capacity=1)
    reserve(meetup, fan)
    waits = reserve(meetup)
    release = rsvps.release_seat_of
    monkeypatch.setattr(rsvps, "release_seat_of", lambda **_: 1 / 0)
    with django_capture_on_commit_callbacks(execute=True):
        personal_data.withdraw(fan=fan, at=NOW, because=Because.BANNED)
    Fan.objects.filter(pk=fan.pk).update(banned_at=NOW)
    monkeypatch.setattr(rsvps, "release_seat_of", release)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    move_waiting_lists()
    assert Rsvp.objects.get(pk=waits.pk).state == RsvpState.CONFIRMED


@pytest.mark.parametrize("because", Because)
def test_nobody_hosts_on_who_is_banned_leaves_or_takes_an_office(because: Because) -> None:
    fan = make_host(make_place())
    personal_data.withdraw(fan=fan, at=NOW, because=because)
    assert not fan.hostings.standing(NOW).exists()
    assert personal_data.export(fan)["hostings"][0]["ended_at"] == NOW


def test_the_letter_names_the_next_meetup_of_ones_city() -> None:
    meetup = make_meetup()
    here, elsewhere = make_fan(place=make_place()), make_fan()
    since = NOW - timedelta(days=7)
    section = meetups_near(here, since, NOW)
    assert section is not None
    assert [row["meetup"].pk for row in section.context["ahead"]] == [meetup.pk]
    assert meetups_near(elsewhere, since, NOW) is None
