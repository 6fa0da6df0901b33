"""The pages of meetups: who sees what, what a button does, and what it costs (spec §7)."""

from datetime import timedelta

import pytest
from django.test import Client

from community.threads.models import State, Thread
from events.check_ins.models import CheckIn, Way
from events.meetups import actions as meetups
from events.meetups.models import Meetup, MeetupState
from events.rsvps.models import Rsvp, RsvpState
from events.rsvps.tickets import code_of, short_code_of
from fans import clock
from fans.accounts.models import Fan, Hosting, Role
from fans.audit.models import AuditEntry
from fans.notifications.models import Notice
from tests import matrix
from tests.events.meetups import (
    STARTS,
    at_local,
    make_draft,
    make_host,
    make_meetup,
    make_place,
    reserve,
)
from tests.factories import NOW, make_core_fan, make_fan, make_moderator, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _friday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def signed_in(fan: Fan) -> Client:
    client = Client()
    client.force_login(fan, backend=matrix.BACKEND)
    return client


FORM = {
    "title": "Cameras at the river",
    "kind": "fan",
    "place": "Shanghai",
    "venue": "Riverside library",
    "address": "1 Long Road",
    "starts_local": "2026-11-28T14:00",
    "ends_local": "2026-11-28T17:00",
    "legal_capacity": "60",
    "capacity": "20",
    "guests_allowed": "1",
    "reserve_share": "20",
    "description": "We bring cameras and talk about wishes.",
    "submission_key": "0123456789abcdef",
}


def test_a_core_fan_plans_staff_approve_and_everybody_sees_it() -> None:
    make_place()
    planner = make_core_fan()
    client, desk = signed_in(planner), signed_in(make_staff())
    answer = client.post("/meetups/new/", FORM)
    meetup = Meetup.objects.get()
    assert answer.headers["Location"] == meetup.get_absolute_url()
    client.post("/meetups/new/", FORM)  # C3
    assert Meetup.objects.count() == 1
    assert Client().get(meetup.get_absolute_url()).status_code == 404
    client.post(f"/meetups/{meetup.pk}/submission/")
    assert "Cameras at the river" in desk.get("/staff/meetups/").text
    desk.post(f"/staff/meetups/{meetup.pk}/return/", {"reason": "Which floor?"})
    assert "Which floor?" in client.get(meetup.get_absolute_url()).text
    client.post(f"/meetups/{meetup.pk}/edit/", {**FORM, "address": "1 Long Road, third floor"})
    client.post(f"/meetups/{meetup.pk}/submission/")
    desk.post(f"/staff/meetups/{meetup.pk}/approval/")
    client.post(f"/meetups/{meetup.pk}/announcement/")
    meetup.refresh_from_db()
    assert meetup.state == MeetupState.RSVP_OPEN
    page = Client().get(meetup.get_absolute_url())
    assert (page.status_code, "1 Long Road, third floor" in page.text) == (200, True)
    thread = Thread.objects.get(kind="meetup")
    assert (thread.about_url, thread.state) == (meetup.get_absolute_url(), State.PUBLISHED)
    verbs = AuditEntry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["meetup returned", "meetup approved", "published"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"capacity": "61"}, "capacity"),
        ({"ends_local": "2026-11-28T13:00"}, "ends_local"),
        ({"starts_local": "soon"}, "starts_local"),
        ({"agenda": "#987654"}, "agenda"),
        ({"place": "Nowhere"}, "place"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(changed: dict[str, str], field: str) -> None:
    make_place()
    answer = signed_in(make_core_fan()).post("/meetups/new/", {**FORM, **changed})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "Riverside library" in answer.text
    assert Meetup.objects.count() == 0


def test_an_approved_plan_is_announced_though_its_approver_left_office() -> None:
    """The approval stands: its words were read (A1)."""
    meetup, staff = make_draft(), make_staff()
    meetups.submit(meetup=meetup, by=meetup.organiser, at=NOW)
    meetups.approve(meetup=meetup, by=staff, at=NOW)
    Fan.objects.filter(pk=staff.pk).update(role=Role.FAN)
    found = Meetup.objects.get(pk=meetup.pk)
    meetup = meetups.announce(meetup=found, by=found.organiser, at=NOW)
    assert meetup.state == MeetupState.RSVP_OPEN
    assert Meetup.objects.visible_to(make_fan()).filter(pk=meetup.pk).exists()
    published = AuditEntry.objects.get(verb="published")
    assert (published.actor, published.concerns) == (None, meetup.organiser)


def test_who_may_not_propose_or_approve() -> None:
    make_place()
    assert signed_in(make_fan()).post("/meetups/new/", FORM).status_code == 302
    assert Meetup.objects.count() == 0
    draft = make_draft()
    for fan in (make_core_fan(), make_moderator()):
        client = signed_in(fan)
        assert client.get(draft.get_absolute_url()).status_code == 404
        assert client.post(f"/meetups/{draft.pk}/submission/").status_code == 404
        assert client.post(f"/staff/meetups/{draft.pk}/approval/").status_code == 404
    own = make_draft(make_staff())
    Meetup.objects.filter(pk=own.pk).update(state=MeetupState.SUBMITTED)
    make_staff()
    signed_in(own.organiser).post(f"/staff/meetups/{own.pk}/approval/")
    own.refresh_from_db()
    assert own.state == MeetupState.SUBMITTED


def test_another_slug_leads_to_the_page_whatever_its_script() -> None:
    meetup = make_meetup(title="江边拍照：带上你的相机")
    for path in (f"/meetups/{meetup.pk}/", f"/meetups/{meetup.pk}/-/"):
        answer = Client().get(path, follow=True)
        assert answer.redirect_chain == [(meetup.get_absolute_url(), 301)]


def test_a_hidden_thread_hides_its_meetup() -> None:
    meetup = make_meetup()
    Thread.objects.filter(pk=meetup.thread_id).update(state=State.HIDDEN)
    assert Client().get(meetup.get_absolute_url()).status_code == 404
    assert meetup.title not in Client().get("/meetups/").text
    assert Client().get(f"/meetups/{meetup.pk}/calendar.ics").status_code == 404


def test_the_button_reserves_waits_and_gives_back() -> None:
    meetup = make_meetup(capacity=1, guests_allowed=1)
    mine, late = signed_in(make_fan()), signed_in(make_fan())
    assert "Reserve a seat" in mine.get(meetup.get_absolute_url()).text
    mine.post(f"/meetups/{meetup.pk}/rsvp/", {"shows_name": "on"})
    assert "You are in" in mine.get(meetup.get_absolute_url()).text
    assert "Join the waiting list" in late.get(meetup.get_absolute_url()).text
    late.post(f"/meetups/{meetup.pk}/rsvp/")
    assert "You wait in place 1." in late.get(meetup.get_absolute_url()).text
    page = mine.post(f"/meetups/{meetup.pk}/rsvp/cancellation/", follow=True).text
    assert f"/meetups/{meetup.pk}/rsvp/cancellation/withdrawal/" in page
    assert "You are in" in late.get(meetup.get_absolute_url()).text


def test_names_and_the_address_are_seen_by_consent_alone() -> None:
    """A4, M11."""
    meetup = make_meetup(address_is_for_attendees=True)
    shown, hidden = make_fan(display_name="Shown Wei"), make_fan(display_name="Hidden Lin")
    reserve(meetup, shown, shows_name=True)
    reserve(meetup, hidden)
    page = Client().get(meetup.get_absolute_url()).text
    assert ("Shown Wei" in page, "Hidden Lin" in page) == (True, False)
    assert "1 Long Road" not in page
    assert "1 Long Road" not in Client().get(f"/meetups/{meetup.pk}/calendar.ics").text
    assert "1 Long Road" in signed_in(hidden).get(meetup.get_absolute_url()).text
    manage = signed_in(meetup.organiser).get(f"/meetups/{meetup.pk}/manage/").text
    assert "Hidden Lin" in manage
    assert signed_in(shown).get(f"/meetups/{meetup.pk}/manage/").status_code == 404


def test_a_ticket_is_ones_own() -> None:
    """M5."""
    meetup = make_meetup(capacity=1)
    seat, waits = reserve(meetup), reserve(meetup)
    page = signed_in(seat.fan).get(f"/meetups/{meetup.pk}/ticket/")
    assert short_code_of(seat) in page.text
    assert page.text.count('class="code-picture"') == 1
    assert signed_in(waits.fan).get(f"/meetups/{meetup.pk}/ticket/").status_code == 404
    assert signed_in(make_staff()).get(f"/meetups/{meetup.pk}/ticket/").status_code == 404


def test_the_calendar_entry_keeps_its_name_and_says_when_it_is_called_off() -> None:
    """M11."""
    meetup = make_meetup(title="Cameras, rivers; light")
    entry = Client().get(f"/meetups/{meetup.pk}/calendar.ics").text
    assert f"UID:meetup-{meetup.pk}@localhost\r\nSEQUENCE:0\r\n" in entry
    assert "DTSTART:20261128T060000Z\r\nDTEND:20261128T090000Z\r\n" in entry
    assert "SUMMARY:Cameras\\, rivers\\; light\r\n" in entry
    assert all(len(line.encode()) <= 75 for line in entry.split("\r\n"))
    organiser = signed_in(meetup.organiser)
    organiser.post(f"/meetups/{meetup.pk}/cancellation/", {"reason": "The library is flooded."})
    entry = Client().get(f"/meetups/{meetup.pk}/calendar.ics").text
    assert "SEQUENCE:1\r\n" in entry
    assert "STATUS:CANCELLED\r\n" in entry


def at_door(monkeypatch: pytest.MonkeyPatch, hours: float = 0) -> None:
    monkeypatch.setattr(clock, "now", lambda: STARTS + timedelta(hours=hours))


def test_the_door_lets_in_once_and_says_by_whom(monkeypatch: pytest.MonkeyPatch) -> None:
    """M6."""
    meetup, host = make_meetup(), make_host(display_name="Host Hua")
    seat = reserve(meetup, make_fan(display_name="Guest Gu"))
    other = reserve(make_meetup(**at_local(STARTS + timedelta(days=9), 1)), seat.fan)
    at_door(monkeypatch)
    door = signed_in(host)
    url = f"/meetups/{meetup.pk}/door/check-ins/"
    assert "Guest Gu is in." in door.post(url, {"code": code_of(seat)}, follow=True).text
    again = door.post(url, {"code": short_code_of(seat).lower()}, follow=True).text
    assert "Guest Gu is in already: 14:00 by Host Hua." in again
    assert "1 / 1" in again
    assert CheckIn.objects.count() == 1
    for code, words in (
        (code_of(other), "This ticket is for another meetup."),
        (code_of(seat)[:-1] + "x", "This is no ticket of ours."),
        ("ZZZZ-ZZZZ", "This is no ticket of ours."),
        ("'; drop table", "This is no ticket of ours."),
        ("", "Scan or type a code"),
    ):
        refused = door.post(url, {"code": code})
        assert (refused.status_code, words in refused.text) == (422, True)
    undo = f"/meetups/{meetup.pk}/door/check-ins/{CheckIn.objects.get().pk}/undo/"
    door.post(undo)
    assert "0 / 1" in door.get(f"/meetups/{meetup.pk}/door/").text


def test_an_old_ticket_is_no_longer_good(monkeypatch: pytest.MonkeyPatch) -> None:
    meetup, host = make_meetup(), make_host()
    seat = reserve(meetup)
    old = code_of(seat)
    signed_in(seat.fan).post(f"/meetups/{meetup.pk}/rsvp/cancellation/")
    new = reserve(meetup, seat.fan)
    at_door(monkeypatch)
    url = f"/meetups/{meetup.pk}/door/check-ins/"
    assert "no longer good" in signed_in(host).post(url, {"code": old}).text
    assert signed_in(host).post(url, {"code": code_of(new)}).status_code == 302


def test_only_hosts_moderators_and_staff_are_at_the_door(monkeypatch: pytest.MonkeyPatch) -> None:
    meetup = make_meetup()
    elsewhere = make_host(make_place("110000", name_en="Beijing", pinyin="beijing"))
    over = make_host()
    Hosting.objects.filter(fan=over).update(ends_at=NOW - timedelta(days=1))
    at_door(monkeypatch)
    url = f"/meetups/{meetup.pk}/door/"
    for fan in (make_fan(), make_core_fan(), elsewhere, over, meetup.organiser):
        assert signed_in(fan).get(url).status_code == 404
        assert signed_in(fan).post(f"{url}check-ins/", {"fan": fan.handle}).status_code == 404
    for fan in (make_host(), make_moderator(), make_staff()):
        assert signed_in(fan).get(url).status_code == 200
    assert "Door" in signed_in(make_staff()).get(url).text
    at_door(monkeypatch, -1.1)
    answer = signed_in(make_staff()).post(f"{url}check-ins/", {"fan": make_fan().handle})
    assert (answer.status_code, CheckIn.objects.count()) == (422, 0)


def test_the_survey_is_for_those_who_were_there_and_shows_from_five_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    meetup, host = make_meetup(), make_host()
    guests = [reserve(meetup).fan for _ in range(5)]
    for guest in guests:
        CheckIn.objects.create(
            meetup=meetup, fan=guest, checked_in_by=host, checked_in_at=STARTS, way=Way.LIST
        )
        Rsvp.objects.filter(fan=guest).update(state=RsvpState.ATTENDED)
    Meetup.objects.update(state=MeetupState.COMPLETED)
    at_door(monkeypatch, 30)
    url = f"/meetups/{meetup.pk}/survey/"
    assert signed_in(make_fan()).get(url).status_code == 404
    for guest in guests[:4]:
        signed_in(guest).post(url, {"rating": "5", "words": "More tea."})
    assert "on average" not in Client().get(meetup.get_absolute_url()).text
    assert signed_in(guests[4]).post(url, {"rating": "6"}).status_code == 422
    signed_in(guests[4]).post(url, {"rating": "3"})
    page = Client().get(meetup.get_absolute_url()).text
    assert "on average" in page
    assert "4.6" in page
    assert "More tea" not in page


def test_everybody_with_a_seat_or_a_wait_is_told_once(
    django_assert_num_queries: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fans.notifications.actions import spread
    from fans.notifications.models import Event

    meetup = make_meetup(capacity=1)
    seat, waits = reserve(meetup), reserve(meetup)
    client = signed_in(meetup.organiser)
    for _ in range(2):
        client.post(f"/meetups/{meetup.pk}/postponement/", {"reason": "Storm."})
    for _ in range(2):
        for event in Event.objects.all():
            spread(event_id=event.pk, at=NOW)
    told = Notice.objects.filter(event__kind="meetup_postponed").order_by("fan")
    assert list(told.values_list("fan", flat=True)) == [seat.fan_id, waits.fan_id]
    client.post(
        f"/meetups/{meetup.pk}/date/",
        {"starts_local": "2026-12-05T14:00", "ends_local": "2026-12-05T17:00"},
    )
    seat.refresh_from_db()
    assert (seat.state, seat.offered_until) == (RsvpState.OFFERED, NOW + timedelta(hours=48))
    assert (
        "A seat is yours if you take it"
        in signed_in(seat.fan).get(meetup.get_absolute_url(), follow=True).text
    )


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_whatever_their_length(count: int, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    for day in range(count):
        meetup = make_meetup(**at_local(STARTS + timedelta(days=day), 2))
        for _ in range(count):
            reserve(meetup, shows_name=True)
    client, guest = signed_in(make_fan()), Client()
    client.get("/meetups/")
    guest.get("/meetups/")
    with django_assert_num_queries(2):
        assert guest.get("/meetups/").text.count("Cameras at the river") == count
    with django_assert_num_queries(3):
        guest.get(meetup.get_absolute_url())
    manager = signed_in(meetup.organiser)
    manager.get(f"/meetups/{meetup.pk}/manage/")
    with django_assert_num_queries(6):
        manager.get(f"/meetups/{meetup.pk}/manage/")
