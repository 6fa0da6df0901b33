import socket
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from typing import Any, Self

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler
from django.core.mail import BadHeaderError, EmailMessage, send_mail
from django.db import transaction
from django.test import Client
from pytest_django import Settings

from fans.mail import actions, backend
from fans.mail.models import QueuedMail
from fans.mail.tasks import forget_old_mail, send_queued_mail
from fans.mail.transport import OnScreen, Smtp, transport
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _queued(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "fans.mail.backend.QueueBackend"


def queue(to: str = "li@example.com", **fields: Any) -> QueuedMail:
    send_mail("Your code", "123-456", None, [to])
    mail = QueuedMail.objects.latest("pk")
    QueuedMail.objects.filter(pk=mail.pk).update(due_at=NOW, created_at=NOW, **fields)
    mail.refresh_from_db()
    return mail


class Refusing(OnScreen):
    """A server that takes nothing."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __enter__(self) -> Self:
        return self

    def deliver(self, mail: QueuedMail) -> None:
        raise self.error


class Sink(MessageHandler):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.taken: list[Any] = []

    def handle_message(self, message: Any) -> None:
        self.taken.append(message)


@pytest.fixture
def sink() -> Iterator[tuple[Sink, str]]:
    handler = Sink()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, f"smtp://127.0.0.1:{port}?tls=off"
    controller.stop()


def test_a_mail_is_one_row_for_each_recipient() -> None:
    send_mail("Hello", "Words", None, ["a@example.com", "b@example.com"])
    assert list(QueuedMail.objects.order_by("pk").values_list("to", flat=True)) == [
        "a@example.com",
        "b@example.com",
    ]


def test_a_mail_leaves_over_smtp_once_and_its_words_are_not_kept(
    sink: tuple[Sink, str],
) -> None:
    handler, url = sink
    mail = queue()
    with Smtp(url) as by:
        assert actions.send(mail_id=mail.pk, by=by, at=NOW)
        assert not actions.send(mail_id=mail.pk, by=by, at=NOW)
    mail.refresh_from_db()
    assert (mail.sent_at, bytes(mail.message), mail.attempt_count) == (NOW, b"", 1)
    assert [message["To"] for message in handler.taken] == ["li@example.com"]


def test_a_mail_keeps_its_message_id_however_often_it_is_tried(sink: tuple[Sink, str]) -> None:
    handler, url = sink
    mail = queue()
    written = message_from_bytes(bytes(mail.message))["Message-ID"]
    with Smtp(url) as by:
        by.deliver(mail)
        by.deliver(mail)
    assert [message["Message-ID"] for message in handler.taken] == [written, written]


def test_a_worker_that_dies_with_a_mail_in_hand_loses_it_after_two_minutes() -> None:
    mail = queue()
    with pytest.raises(SystemExit):
        actions.send(mail_id=mail.pk, by=Refusing(SystemExit()), at=NOW)  # type: ignore[arg-type]
    soon, later = NOW + timedelta(seconds=119), NOW + timedelta(seconds=120)
    assert not actions.send(mail_id=mail.pk, by=OnScreen(), at=soon)
    assert actions.send(mail_id=mail.pk, by=OnScreen(), at=later)


def test_a_refused_mail_is_tried_again_later_and_later_and_given_up_after_eight_times() -> None:
    mail = queue()
    at, waits = NOW, []
    for _ in range(8):
        assert not actions.send(mail_id=mail.pk, by=Refusing(OSError("no route")), at=at)
        mail.refresh_from_db()
        waits.append(round((mail.due_at - at).total_seconds() / 60))
        at = mail.due_at
    assert waits[:7] == [1, 5, 30, 120, 120, 120, 120]
    assert mail.given_up_at is not None
    assert mail.last_error == "OSError: no route"
    assert not actions.send(mail_id=mail.pk, by=OnScreen(), at=at + timedelta(days=1))


def test_an_address_that_the_server_does_not_know_is_given_up_at_once(
    sink: tuple[Sink, str],
) -> None:
    handler, url = sink

    async def refuse(server: Any, session: Any, envelope: Any, to: str, options: Any) -> str:
        return "550 no such person"

    handler.handle_RCPT = refuse
    mail = queue()
    with Smtp(url) as by:
        assert not actions.send(mail_id=mail.pk, by=by, at=NOW)
    mail.refresh_from_db()
    assert mail.given_up_at == NOW


def test_one_refused_address_does_not_stop_the_rest(
    sink: tuple[Sink, str], settings: Settings
) -> None:
    handler, settings.EMAIL_URL = sink

    async def refuse(server: Any, session: Any, envelope: Any, to: str, options: Any) -> str:
        if to.startswith("gone"):
            return "450 try later"
        envelope.rcpt_tos.append(to)
        return "250 OK"

    handler.handle_RCPT = refuse
    for to in ("a@example.com", "gone@example.com", "b@example.com"):
        queue(to)
    send_queued_mail()
    assert [message["To"] for message in handler.taken] == ["a@example.com", "b@example.com"]
    assert QueuedMail.objects.get(sent_at=None).to == "gone@example.com"


def test_a_header_cannot_be_smuggled_into_a_mail() -> None:
    with pytest.raises(BadHeaderError):
        EmailMessage("Hello\nBcc: all@example.com", "Words", to=["a@example.com"]).send()
    assert not QueuedMail.objects.exists()


def test_the_worker_is_nudged_after_the_transaction_and_a_dead_queue_breaks_nothing(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def unreachable(**options: Any) -> None:
        raise OSError("no broker")

    monkeypatch.setattr(send_queued_mail, "apply_async", unreachable)
    with django_capture_on_commit_callbacks(execute=True) as callbacks, transaction.atomic():
        queue()
    assert [callback.__name__ for callback in callbacks] == [backend._nudge_worker.__name__]
    assert QueuedMail.objects.filter(sent_at=None).count() == 1


def test_without_a_mail_server_a_development_site_shows_mail_and_sends_none() -> None:
    mail = queue()
    send_queued_mail()
    mail.refresh_from_db()
    assert mail.sent_at is not None
    assert bytes(mail.message)


@pytest.mark.parametrize("url", ["http://mail", "smtp://", "smtp://host?tls=maybe", "mail"])
def test_a_mail_address_of_the_site_that_makes_no_sense_is_refused(
    url: str, settings: Settings
) -> None:
    from django.core.exceptions import ImproperlyConfigured

    settings.EMAIL_URL = url
    with pytest.raises(ImproperlyConfigured):
        transport()


def test_in_production_mail_without_a_server_is_an_error_and_stays_queued(
    settings: Settings,
) -> None:
    from django.core.exceptions import ImproperlyConfigured

    settings.IN_DEVELOPMENT = False
    mail = queue()
    with pytest.raises(ImproperlyConfigured):
        send_queued_mail()
    mail.refresh_from_db()
    assert mail.sent_at is None


def test_mail_is_forgotten_after_thirty_days() -> None:
    old, new = queue(sent_at=NOW - timedelta(days=31)), queue(sent_at=NOW - timedelta(days=29))
    waiting, given_up = queue(), queue(given_up_at=NOW - timedelta(days=31))
    assert actions.forget_old(at=NOW) == 2
    assert set(QueuedMail.objects.all()) == {new, waiting}
    assert {old, given_up}.isdisjoint(QueuedMail.objects.all())
    forget_old_mail()


def test_dev_mail_shows_the_newest_first_sent_or_not(client: Client) -> None:
    queue("first@example.com", sent_at=NOW)
    queue("second@example.com")
    page = client.get("/dev/mail/").content.decode()
    assert page.index("second@example.com") < page.index("first@example.com")


def test_dev_mail_lists_one_and_three_mails_in_as_many_queries(
    client: Client, django_assert_num_queries: Any
) -> None:
    queue()
    client.get("/dev/mail/")
    with django_assert_num_queries(1):
        client.get("/dev/mail/")
    queue()
    queue()
    with django_assert_num_queries(1):
        client.get("/dev/mail/")


def test_the_html_of_a_mail_is_shown_where_no_script_runs(client: Client) -> None:
    message = EmailMessage("Hi", "<p>Hello<script>alert(1)</script></p>", to=["a@example.com"])
    message.content_subtype = "html"
    message.send()
    response = client.get(f"/dev/mail/{QueuedMail.objects.get().pk}/page/")
    assert response.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    )


def test_a_mail_that_was_sent_has_a_page_without_words(client: Client) -> None:
    mail = queue(sent_at=NOW, message=b"")
    assert client.get(f"/dev/mail/{mail.pk}/").status_code == 200
    assert client.get(f"/dev/mail/{mail.pk}/page/").status_code == 200
