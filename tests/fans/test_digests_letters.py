"""D2, D3: what a letter carries, the way out of it, and the mail room."""

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email import policy as email_policy
from email.message import EmailMessage
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from fans.accounts.models import Fan
from fans.audit.models import AuditEntry
from fans.digests import actions
from fans.digests.models import Delivery, DeliveryState, Issue
from fans.digests.tokens import token_of, unsubscribe_address
from fans.mail import actions as mailing
from fans.mail.models import QueuedMail
from fans.mail.transport import OnScreen
from fans.site.models import SiteIdentity
from tests.factories import make_fan, make_staff

pytestmark = pytest.mark.django_db

FRIDAY = datetime(2026, 11, 20, 10, tzinfo=UTC)  # 18:00 in Shanghai, in 2026-W47


@pytest.fixture(autouse=True)
def _sections(settings: Settings) -> None:
    settings.DIGEST_SECTIONS = ["tests.fans.sections_for_tests.songs"]
    settings.SITE_URL = "https://fans.example.org"


def send_to(**fields: Any) -> Delivery:
    fan = make_fan(**fields)
    issue = Issue.objects.filter(week="2026-W47").first() or actions.make_issue(at=FRIDAY)
    assert issue is not None
    delivery = Delivery.objects.create(issue=issue, fan=fan, due_at=FRIDAY)
    actions.deliver(delivery_id=delivery.pk, at=FRIDAY)
    delivery.refresh_from_db()
    return delivery


def letter_to(**fields: Any) -> EmailMessage:
    mail = send_to(**fields).mail
    assert mail is not None
    parsed = message_from_bytes(bytes(mail.message), policy=email_policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def part(letter: EmailMessage, kind: str) -> str:
    body = letter.get_body((kind,))
    assert body is not None
    return str(body.get_content())


# --- The letter (D2) ---------------------------------------------------------------------


def test_a_letter_says_how_to_stop_it_whose_list_it_is_and_always_the_same_number() -> None:
    delivery = send_to(handle="li")
    assert delivery.mail is not None
    letter = message_from_bytes(bytes(delivery.mail.message))
    assert letter["List-Unsubscribe"].strip() == f"<{unsubscribe_address(delivery.fan)}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["List-Id"] == "<weekly.fans.example.org>"
    assert letter["Message-ID"] == f"<weekly-2026-W47-{delivery.fan_id}@fans.example.org>"
    assert delivery.mail.message_id == letter["Message-ID"]
    assert letter["To"] == "li@example.com"


def test_both_versions_say_the_same_and_how_to_stop_it() -> None:
    SiteIdentity.objects.create(pk=1, name="Peel", footer="Peel Ltd, Chengdu")
    letter = letter_to(display_name="Li & <Wu>")
    assert letter.get_content_type() == "multipart/alternative"
    text, html = part(letter, "plain"), part(letter, "html")
    assert "A song for Li & <Wu>" in text
    assert "A song for Li &amp; &lt;Wu&gt;" in html
    for version in (text, html):
        assert "Peel Ltd, Chengdu" in version
        assert "https://fans.example.org/unsubscribe/" in version
        assert "https://fans.example.org/me/settings/notifications/" in version
        assert "https://fans.example.org/about/" in version
        assert "because you asked" in version
    assert "prefers-color-scheme: dark" in html
    assert re.findall(r"<img|url\(|<link|<script|src=", html) == []


def test_the_subject_says_the_fact_first_in_one_short_line() -> None:
    assert letter_to(bio="5 of your votes shipped")["Subject"] == "5 of your votes shipped"
    assert letter_to()["Subject"] == "Your week: Orange weekly 47"
    long = letter_to(bio="word " * 40)["Subject"].strip()
    assert (len(long), long[-1]) == (50, "…")


@pytest.mark.parametrize(
    "hostile", ["Hi\nBcc: all@example.com", "Hi\r\n\r\nWords", "Hi\u2028Bcc: x"]
)
def test_a_hostile_title_stays_a_title(hostile: str) -> None:
    letter = letter_to(bio=hostile)
    assert letter["Bcc"] is None
    assert letter["Subject"] == " ".join(hostile.split())
    assert "A song for" in part(letter, "plain")


def test_a_letter_stays_under_60_kb_by_leaving_out_the_end(settings: Settings) -> None:
    settings.DIGEST_SECTIONS = [
        "tests.fans.sections_for_tests.songs",
        "tests.fans.sections_for_tests.a_long_one",
    ]
    delivery = send_to()
    assert delivery.mail is not None
    assert len(bytes(delivery.mail.message)) <= 60_000
    assert b"Songs" in bytes(delivery.mail.message)
    assert b"la la" not in bytes(delivery.mail.message)


# --- The way out (RFC 8058) ------------------------------------------------------------------


def wants_weekly(fan: Fan) -> bool:
    return Fan.objects.get_queryset().filter(pk=fan.pk, wants_weekly=True).exists()


def test_looking_at_the_way_out_changes_nothing_and_shows_no_whole_address(
    client: Client,
) -> None:
    fan = make_fan(handle="lilian")
    page = client.get(f"/unsubscribe/{token_of(fan)}/").content.decode()
    assert wants_weekly(fan)
    assert "l***@example.com" in page
    assert "lilian" not in page


def test_one_press_stops_the_letter_and_another_undoes_it(client: Client) -> None:
    fan = make_fan()
    address = f"/unsubscribe/{token_of(fan)}/"
    page = client.post(address, follow=True).content.decode()
    assert not wants_weekly(fan)
    assert f'action="{address}withdrawal/"' in page
    client.post(f"{address}withdrawal/")
    assert wants_weekly(fan)
    assert client.get(f"{address}withdrawal/").status_code == 405


def test_a_mail_server_presses_without_cookies_and_is_led_nowhere() -> None:
    """RFC 8058: no redirect, no session, no CSRF token."""
    fan = make_fan()
    server = Client(enforce_csrf_checks=True)
    answer = server.post(
        f"/unsubscribe/{token_of(fan)}/", {"List-Unsubscribe": "One-Click"}, secure=True
    )
    assert answer.status_code == 200
    assert not wants_weekly(fan)


def test_a_token_nobody_made_says_nothing_of_any_account(client: Client) -> None:
    fan, banned = make_fan(), make_fan(banned_at=FRIDAY)
    pages = []
    for token in ("nonsense", f"{fan.pk}", token_of(fan)[:-1] + "~", token_of(banned)):
        for press in (client.get, client.post):
            answer = press(f"/unsubscribe/{token}/")
            assert answer.status_code == 404
        pages.append(re.sub(r"/unsubscribe/[^\"]*", "", answer.content.decode()))
    assert all("This link does not work" in page for page in pages)
    assert "@example.com" not in "".join(pages)
    assert wants_weekly(fan)


# --- The mail room -----------------------------------------------------------------------------


@pytest.fixture
def staff(client: Client) -> Fan:
    fan = make_staff()
    client.force_login(fan)
    return fan


def lose(delivery: Delivery) -> Delivery:
    QueuedMail.objects.filter(pk=delivery.mail_id or 0).update(
        claimed_at=FRIDAY, unknown_at=FRIDAY, attempt_count=1
    )
    return delivery


def test_the_mail_room_counts_what_became_of_each_letter(client: Client, staff: Fan) -> None:
    lose(send_to()), send_to(), send_to(display_name="Deaf")
    mailing.send(mail_id=send_to().mail_id or 0, by=OnScreen(), at=FRIDAY)
    Delivery.objects.create(issue=Issue.objects.get(), fan=staff, due_at=FRIDAY)
    page = client.get("/staff/digests/").content.decode()
    row = page[page.index('<th scope="row">2026-W47') :].split("</tr>")[0]
    # waiting, leaving, sent, unknown, given up, nothing to tell, not wanted
    assert re.findall(r"<td>(\d+)</td>", row) == ["1", "1", "1", "1", "0", "1", "0"]


def test_the_mail_room_is_for_staff(client: Client) -> None:
    client.force_login(make_fan())
    delivery = lose(send_to())
    assert client.get("/staff/digests/").status_code == 404
    assert client.post(f"/staff/digests/{delivery.pk}/sending/").status_code == 404
    assert QueuedMail.objects.unknown().count() == 1


def test_an_unknown_letter_that_arrived_is_noted_by_hand_once(client: Client, staff: Fan) -> None:
    delivery = lose(send_to())
    for _ in range(2):
        client.post(f"/staff/digests/{delivery.pk}/arrival/")
    mail = QueuedMail.objects.get()
    assert (mail.unknown_at, bytes(mail.message)) == (None, b"")
    assert mail.sent_at is not None
    (entry,) = AuditEntry.objects.filter(verb="letter arrived")
    assert (entry.actor, entry.concerns, entry.subject) == (
        staff,
        delivery.fan,
        f"letter:{delivery.pk}",
    )


def test_an_unknown_letter_is_sent_again_by_hand_alone_and_once(client: Client, staff: Fan) -> None:
    delivery = lose(send_to())
    assert delivery.mail_id is not None
    later = FRIDAY + timedelta(days=365)
    assert not mailing.send(mail_id=delivery.mail_id, by=OnScreen(), at=later)
    for _ in range(2):
        client.post(f"/staff/digests/{delivery.pk}/sending/")
    assert AuditEntry.objects.filter(verb="letter sent again").count() == 1
    assert mailing.send(mail_id=delivery.mail_id, by=OnScreen(), at=later)
    assert not mailing.send(mail_id=delivery.mail_id, by=OnScreen(), at=later)


def test_a_letter_that_was_sent_cannot_be_sent_again(client: Client, staff: Fan) -> None:
    delivery = send_to()
    mailing.send(mail_id=delivery.mail_id or 0, by=OnScreen(), at=FRIDAY)
    client.post(f"/staff/digests/{delivery.pk}/sending/")
    assert QueuedMail.objects.get().sent_at == FRIDAY
    assert not AuditEntry.objects.exists()


def test_one_and_three_unknown_letters_take_as_many_queries(
    client: Client, staff: Fan, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lose(send_to())
    client.get("/staff/digests/")
    with django_assert_num_queries(3):  # the reader; letters; issues with their counts
        client.get("/staff/digests/")
    lose(send_to()), lose(send_to())
    with django_assert_num_queries(3):
        client.get("/staff/digests/")


# --- Personal data -----------------------------------------------------------------------------


def test_what_is_held_about_somebody_can_be_taken_along_and_taken_away() -> None:
    from fans.digests import personal_data

    delivery, other = send_to(), send_to()
    held = personal_data.export(delivery.fan)
    assert held == {
        "wants_weekly": True,
        "letters": [{"week": "2026-W47", "state": "queued", "done_at": FRIDAY.isoformat()}],
    }
    personal_data.erase(fan=delivery.fan, at=FRIDAY, with_words=True)
    assert list(Delivery.objects.all()) == [other]
    assert list(QueuedMail.objects.all()) == [other.mail]
    assert other.state == DeliveryState.QUEUED
