import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from fans.accounts.models import Fan
from fans.notifications import actions, inbox
from fans.notifications.models import MutedKind, Notice
from tests.factories import NOW, make_fan

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kinds(settings: Settings) -> None:
    settings.NOTICES = ["tests.fans.notices_for_tests"]


@pytest.fixture
def li(client: Client) -> Fan:
    fan = make_fan(handle="li", timezone="Asia/Shanghai")
    client.force_login(fan)
    return fan


def notify(fan: Fan, number: int = 1, **fields: Any) -> Notice:
    at = fields.pop("at", NOW + timedelta(minutes=number))
    given = {"kind": "spoken", "facts": {"who": f"Fan {number}"}, **fields}
    event = actions.tell(
        subject="thread:1", key=f"key:{number}", at=at, to=[(fan, "author")], **given
    )
    return event.notices.get(fan=fan)


def words_on(client: Client, address: str = "/me/inbox/") -> list[str]:
    page = client.get(address).content.decode()
    return re.findall(r"<bdi>(Fan \d+ spoke to you|A song was sung: \w+)</bdi>", page)


def is_unread(notice: Notice) -> bool:
    return Notice.objects.unread().filter(pk=notice.pk).exists()


def test_the_newest_comes_first_by_the_readers_day_and_says_why_it_came(
    client: Client, li: Fan
) -> None:
    notify(li, 1, at=NOW)  # 17:00 in Shanghai
    notify(li, 2, at=NOW + timedelta(hours=8))  # the next day there
    notify(make_fan(), 3)
    page = client.get("/me/inbox/").content.decode()
    assert words_on(client) == ["Fan 2 spoke to you", "Fan 1 spoke to you"]
    days = re.findall(r'<h2[^>]*><time datetime="([\d-]+)"', page)
    assert days == ["2026-11-21", "2026-11-20"]
    assert page.count("because you are the author") == 2


def test_following_a_notice_reads_it_and_leads_where_it_says(client: Client, li: Fan) -> None:
    notice = notify(li, facts={"url": "/guidelines/"})
    answer = client.post(f"/me/inbox/{notice.pk}/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/guidelines/")
    assert not is_unread(notice)


def test_looking_changes_nothing(client: Client, li: Fan) -> None:
    notice = notify(li)
    assert client.get("/me/inbox/").status_code == 200
    assert client.get(f"/me/inbox/{notice.pk}/").status_code == 405
    assert is_unread(notice)


def test_a_notice_of_somebody_else_is_not_there(client: Client, li: Fan) -> None:
    notice = notify(make_fan())
    assert client.post(f"/me/inbox/{notice.pk}/").status_code == 404
    assert is_unread(notice)


def test_what_may_not_be_seen_any_more_disappears_and_leads_nowhere(
    client: Client, li: Fan
) -> None:
    notice = notify(li, 1, kind="sung", facts={"song": "Oranges"})
    notify(li, 2)
    assert words_on(client) == ["Fan 2 spoke to you", "A song was sung: Oranges"]
    notice.event.facts = {"deaf": [li.pk]}
    notice.event.save(update_fields=["facts"])
    assert words_on(client) == ["Fan 2 spoke to you"]
    assert client.post(f"/me/inbox/{notice.pk}/").headers["Location"] == "/me/inbox/"


def test_a_kind_that_is_no_more_is_left_out(client: Client, li: Fan, settings: Settings) -> None:
    notify(li)
    settings.NOTICES = []
    assert "A quiet day" in client.get("/me/inbox/").content.decode()


def test_all_can_be_marked_as_read_and_that_undone(client: Client, li: Fan) -> None:
    read, unread, other = notify(li, 1), notify(li, 2), notify(make_fan(), 3)
    actions.mark_read(notice=read, at=NOW)
    page = client.post("/me/inbox/reading/", follow=True).content.decode()
    assert 'action="/me/inbox/reading/withdrawal/"' in page
    assert (is_unread(unread), is_unread(other)) == (False, True)
    client.post("/me/inbox/reading/withdrawal/")
    assert (is_unread(read), is_unread(unread)) == (False, True)
    client.post("/me/inbox/reading/withdrawal/")
    assert is_unread(unread)


def test_the_unread_alone_can_be_shown(client: Client, li: Fan) -> None:
    actions.mark_read(notice=notify(li, 1), at=NOW)
    notify(li, 2)
    assert words_on(client, "/me/inbox/?show=unread") == ["Fan 2 spoke to you"]


def test_a_long_inbox_is_read_in_pages_and_nothing_is_left_out_or_shown_twice(
    client: Client, li: Fan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "SIZE", 2)
    for number in range(1, 6):
        notify(li, number, at=NOW)  # all at once: the number decides
    seen, address = [], "/me/inbox/?show=unread"
    for _ in range(3):
        seen += words_on(client, address)
        older = re.search(r'rel="next" href="([^"]+)"', client.get(address).content.decode())
        address = older[1].replace("&amp;", "&") if older else ""
    assert seen == [f"Fan {number} spoke to you" for number in (5, 4, 3, 2, 1)]
    assert address == ""


@pytest.mark.parametrize("cursor", ["x", "1-", "-1", "9" * 40 + "-1", "1-" + "9" * 40, "٣-٣"])
def test_a_cursor_that_makes_no_sense_is_the_first_page(
    client: Client, li: Fan, cursor: str
) -> None:
    notify(li)
    assert words_on(client, f"/me/inbox/?before={cursor}") == ["Fan 1 spoke to you"]


def test_one_and_three_notices_take_as_many_queries(
    client: Client, li: Fan, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    notify(li, 1)
    client.get("/me/inbox/")
    with django_assert_num_queries(2):  # the reader; notices with their events
        client.get("/me/inbox/")
    notify(li, 2)
    notify(li, 3, kind="sung")
    with django_assert_num_queries(2):
        client.get("/me/inbox/")


def test_the_bell_on_every_page_says_how_many_are_unread(client: Client, li: Fan) -> None:
    assert 'aria-label="Inbox"' in client.get("/about/").content.decode()
    actions.mark_read(notice=notify(li, 1), at=NOW)
    notify(li, 2), notify(li, 3), notify(make_fan(), 4)
    page = client.get("/about/").content.decode()
    assert 'aria-label="Inbox, 2 unread"' in page
    assert 'aria-hidden="true">2</span>' in page
    assert 'class="bell"' not in Client().get("/about/").content.decode()


def test_words_of_a_notice_are_never_markup(client: Client, li: Fan) -> None:
    notify(li, facts={"who": "<script>alert(1)</script>"})
    page = client.get("/me/inbox/").content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_kinds_are_switched_off_and_on_one_by_one(client: Client, li: Fan) -> None:
    """A kind the settings do not list now stays as it was."""
    MutedKind.objects.create(fan=li, kind="elsewhere")
    client.post("/me/settings/notifications/", {"kinds": ["sung"]})
    assert set(MutedKind.objects.values_list("kind", flat=True)) == {"spoken", "elsewhere"}
    page = client.get("/me/settings/notifications/").content.decode()
    assert 'value="sung" checked' in page
    assert 'value="spoken">' in page
    client.post("/me/settings/notifications/", {"kinds": ["sung", "spoken"]})
    assert set(MutedKind.objects.values_list("kind", flat=True)) == {"elsewhere"}
    li.refresh_from_db()
    assert li.wants_weekly is False
    client.post("/me/settings/notifications/", {"wants_weekly": "on"})
    li.refresh_from_db()
    assert li.wants_weekly is True


def test_a_kind_nobody_has_cannot_be_chosen(client: Client, li: Fan) -> None:
    answer = client.post("/me/settings/notifications/", {"kinds": ["shouted"]})
    assert answer.status_code == 422
    assert not MutedKind.objects.exists()


def test_what_is_held_about_somebody_can_be_taken_along_and_taken_away(li: Fan) -> None:
    from fans.notifications import personal_data

    notify(li), notify(make_fan(), 2)
    MutedKind.objects.create(fan=li, kind="sung")
    held = personal_data.export(li)
    assert [notice["kind"] for notice in held["notices"]] == ["spoken"]
    assert held["muted_kinds"] == ["sung"]
    personal_data.erase(fan=li, at=NOW, with_words=True)
    assert Notice.objects.count() == 1
    assert personal_data.export(li) == {"notices": [], "muted_kinds": []}


def test_a_notice_without_words_does_not_cost_the_page(client: Client, li: Fan) -> None:
    broken = notify(li, 1)
    notify(li, 2)
    broken.event.facts = []  # what no room of today writes
    broken.event.save(update_fields=["facts"])
    assert words_on(client) == ["Fan 2 spoke to you"]
