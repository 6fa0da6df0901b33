"""D1: a letter leaves at most once, and whether it did is never guessed."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from typing import Any, Self

import pytest
from aiosmtpd.controller import Controller
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from pytest_django import Settings

from fans.mail import actions
from fans.mail.models import QueuedMail
from fans.mail.tasks import send_queued_mail
from fans.mail.transport import OnScreen, Smtp
from tests.factories import NOW
from tests.locks import holding, start

pytestmark = pytest.mark.django_db

LEASE_OVER = NOW + actions.LEASE
MUCH_LATER = NOW + timedelta(days=3)


def write(to: str = "li@example.com", message_id: str = "<weekly-1@test>") -> QueuedMail:
    message = EmailMultiAlternatives("The week", "Words", "site@example.com", [to])
    return actions.queue_once(message, message_id=message_id, at=NOW)


class Server:
    """A mail server that takes, refuses or dies, as the test has it."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.answer_to_words = "250 OK"
        self.dies_on_words = False

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answer_to_words.startswith("250"):
            self.taken.append(message_from_bytes(envelope.content))
        if self.dies_on_words:
            server.transport.abort()
        return self.answer_to_words


class Dying(OnScreen):
    """The worker is killed before it hears what the server says."""

    def __enter__(self) -> Self:
        return self

    def deliver(self, mail: QueuedMail) -> None:
        raise SystemExit


@pytest.fixture
def server() -> Iterator[tuple[Server, str]]:
    handler = Server()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, f"smtp://127.0.0.1:{port}?tls=off"
    controller.stop()


def is_never_sent_by_itself(mail: QueuedMail) -> bool:
    sent = actions.send(mail_id=mail.pk, by=OnScreen(), at=MUCH_LATER)
    return not sent and not QueuedMail.objects.due(MUCH_LATER).exists()


def test_a_letter_the_server_took_is_sent(server: tuple[Server, str]) -> None:
    handler, url = server
    mail = write()
    with Smtp(url) as by:
        assert actions.send(mail_id=mail.pk, by=by, at=NOW)
        assert not actions.send(mail_id=mail.pk, by=by, at=MUCH_LATER)
    mail.refresh_from_db()
    assert (mail.sent_at, mail.unknown_at, bytes(mail.message)) == (NOW, None, b"")
    assert [message["Message-ID"] for message in handler.taken] == ["<weekly-1@test>"]


def test_a_letter_under_a_message_id_is_written_once() -> None:
    write()
    with pytest.raises(IntegrityError), transaction.atomic():
        write()


def test_a_server_that_dies_with_the_words_may_have_them_so_nobody_sends_them_again(
    server: tuple[Server, str],
) -> None:
    handler, url = server
    handler.dies_on_words = True
    mail = write()
    with Smtp(url) as by:
        assert not actions.send(mail_id=mail.pk, by=by, at=NOW)
    mail.refresh_from_db()
    assert (mail.unknown_at, mail.sent_at, mail.given_up_at) == (NOW, None, None)
    assert mail.last_error.startswith("MaybeTaken: SMTPServerDisconnected")
    assert bytes(mail.message)
    assert is_never_sent_by_itself(mail)
    assert len(handler.taken) == 1


def test_security_mail_is_tried_again_where_a_letter_is_not(server: tuple[Server, str]) -> None:
    handler, url = server
    handler.dies_on_words = True
    mail = write()
    QueuedMail.objects.filter(pk=mail.pk).update(is_sent_once=False)
    with Smtp(url) as by:
        assert not actions.send(mail_id=mail.pk, by=by, at=NOW)
        handler.dies_on_words = False
        assert actions.send(mail_id=mail.pk, by=by, at=NOW + timedelta(minutes=1))
    assert [message["Message-ID"] for message in handler.taken] == ["<weekly-1@test>"] * 2


def test_a_server_that_refuses_the_words_has_nothing_so_they_are_tried_later(
    server: tuple[Server, str],
) -> None:
    handler, url = server
    handler.answer_to_words = "451 try later"
    mail = write()
    with Smtp(url) as by:
        assert not actions.send(mail_id=mail.pk, by=by, at=NOW)
        mail.refresh_from_db()
        assert (mail.unknown_at, mail.due_at) == (None, NOW + timedelta(minutes=1))
        handler.answer_to_words = "250 OK"
        assert actions.send(mail_id=mail.pk, by=by, at=mail.due_at)
    assert len(handler.taken) == 1


def test_a_server_that_is_not_there_has_nothing_so_it_is_tried_later() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    mail = write()
    with Smtp(f"smtp://127.0.0.1:{port}?tls=off") as by:
        assert not actions.send(mail_id=mail.pk, by=by, at=NOW)
    mail.refresh_from_db()
    assert (mail.unknown_at, mail.claimed_at) == (None, None)
    assert actions.send(mail_id=mail.pk, by=OnScreen(), at=NOW + timedelta(minutes=1))


def test_an_address_nobody_has_is_given_up_at_once(server: tuple[Server, str]) -> None:
    handler, url = server

    async def refuse(server: Any, session: Any, envelope: Any, to: str, options: Any) -> str:
        return "550 no such person"

    handler.handle_RCPT = refuse  # type: ignore[attr-defined]
    mail = write()
    with Smtp(url) as by:
        assert not actions.send(mail_id=mail.pk, by=by, at=NOW)
    mail.refresh_from_db()
    assert (mail.given_up_at, mail.unknown_at) == (NOW, None)


def test_a_worker_killed_between_claim_and_answer_leaves_an_unknown_letter() -> None:
    mail = write()
    with pytest.raises(SystemExit):
        actions.send(mail_id=mail.pk, by=Dying(), at=NOW)
    assert not actions.send(mail_id=mail.pk, by=OnScreen(), at=LEASE_OVER)
    assert actions.note_lost(at=LEASE_OVER - timedelta(seconds=1)) == 0
    assert actions.note_lost(at=LEASE_OVER) == 1
    assert actions.note_lost(at=LEASE_OVER) == 0
    mail.refresh_from_db()
    assert mail.unknown_at == LEASE_OVER
    assert is_never_sent_by_itself(mail)


def test_a_worker_who_says_late_that_it_was_sent_is_believed() -> None:
    class Slow(OnScreen):
        def deliver(self, mail: QueuedMail) -> None:
            assert actions.note_lost(at=LEASE_OVER) == 1

    mail = write()
    assert actions.send(mail_id=mail.pk, by=Slow(), at=NOW)
    mail.refresh_from_db()
    assert (mail.sent_at, mail.unknown_at) == (NOW, None)


def test_a_worker_who_fails_late_says_nothing_about_the_next_try() -> None:
    class Slow(OnScreen):
        def deliver(self, mail: QueuedMail) -> None:
            again = {"unknown_at": None, "claimed_at": None, "due_at": LEASE_OVER}
            QueuedMail.objects.filter(pk=mail.pk).update(**again)  # a person pressed «again»
            assert actions.send(mail_id=mail.pk, by=OnScreen(), at=LEASE_OVER)
            raise OSError("no route")

    mail = write()
    assert not actions.send(mail_id=mail.pk, by=Slow(), at=NOW)
    mail.refresh_from_db()
    assert (mail.sent_at, mail.last_error) == (LEASE_OVER, "")


def test_the_sweep_finds_lost_letters_and_sends_codes_before_the_letters(
    server: tuple[Server, str], settings: Settings
) -> None:
    handler, settings.EMAIL_URL = server
    long_ago = NOW - timedelta(days=400)
    lost = write("lost@example.com", "<weekly-2@test>")
    with pytest.raises(SystemExit):
        actions.send(mail_id=lost.pk, by=Dying(), at=NOW)
    write("letter@example.com", "<weekly-3@test>")
    code = write("code@example.com", "<weekly-4@test>")
    QueuedMail.objects.update(due_at=long_ago)
    later = long_ago + timedelta(days=1)
    QueuedMail.objects.filter(pk=code.pk).update(is_sent_once=False, due_at=later)
    send_queued_mail()
    send_queued_mail()
    taken = [message["Message-ID"] for message in handler.taken]
    assert taken == ["<weekly-4@test>", "<weekly-3@test>"]
    assert list(QueuedMail.objects.unknown()) == [lost]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_one_letter_send_it_once() -> None:
    mail = write()
    with holding(QueuedMail, mail.pk):
        second = start(lambda: actions.send(mail_id=mail.pk, by=OnScreen(), at=NOW))
        second.waits_for_a_lock()
        assert actions.send(mail_id=mail.pk, by=OnScreen(), at=NOW)
    assert second.result() is False
    mail.refresh_from_db()
    assert mail.attempt_count == 1
