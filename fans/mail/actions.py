"""Sending what is queued: security mail at least once, letters at most once (spec §8 D1)."""

import smtplib
from datetime import datetime, timedelta

from django.core.mail import EmailMessage
from django.db.models import F

from fans.mail.models import QueuedMail
from fans.mail.transport import MaybeTaken, Transport

LEASE = timedelta(minutes=2)
# Minutes until the next try after the first, second, … failure; after the last one we give up.
RETRY_AFTER_MINUTES = (1, 5, 30, 120, 120, 120, 120)
KEPT_DAYS = 30


def queue_once(message: EmailMessage, *, message_id: str, at: datetime) -> QueuedMail:
    """Queue a letter to one address that is never sent twice, whatever breaks (D1)."""
    (to,) = message.recipients()
    message.extra_headers["Message-ID"] = message_id
    return QueuedMail.objects.create(
        to=to,
        subject=message.subject[:255],
        message=message.message().as_bytes(),
        created_at=at,
        due_at=at,
        is_sent_once=True,
        message_id=message_id,
    )


def send(*, mail_id: int, by: Transport, at: datetime) -> bool:
    """Send one due mail; False when another worker has it or the server did not take it."""
    mail = _claim(mail_id, at)
    if mail is None:
        return False
    try:
        by.deliver(mail)
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        _note_failure(mail, error, at)
        return False
    _note_sent(mail, at, keeps_message=by.keeps_message)
    return True


def _claim(mail_id: int, at: datetime) -> QueuedMail | None:
    # No transaction is open while the server is spoken to. A worker that dies holding the
    # lease loses it: the mail is tried again, or, if it is sent once, is lost (`note_lost`).
    claimed = (
        QueuedMail.objects.due(at)
        .filter(pk=mail_id)
        .update(due_at=at + LEASE, claimed_at=at, attempt_count=F("attempt_count") + 1)
    )
    return QueuedMail.objects.get(pk=mail_id) if claimed else None


def _note_sent(mail: QueuedMail, at: datetime, *, keeps_message: bool) -> None:
    mail.sent_at, mail.unknown_at, mail.last_error = at, None, ""
    if not keeps_message:
        mail.message = b""  # it may hold a code or a link that opens an account
    mail.save(update_fields=["sent_at", "unknown_at", "last_error", "message"])


def _note_failure(mail: QueuedMail, error: Exception, at: datetime) -> None:
    """Try again later, or not: where the server may have the letter, only people decide."""
    noted: dict[str, object] = {"last_error": f"{type(error).__name__}: {error}"[:300]}
    if mail.is_sent_once and isinstance(error, MaybeTaken):
        noted |= {"unknown_at": at}
    elif mail.attempt_count > len(RETRY_AFTER_MINUTES) or _is_final(error):
        noted |= {"given_up_at": at, "message": b"", "unknown_at": None}
    else:
        wait = timedelta(minutes=RETRY_AFTER_MINUTES[mail.attempt_count - 1])
        noted |= {"due_at": at + wait, "claimed_at": None, "unknown_at": None}
    # Whoever answers after their lease says nothing about the try of the next.
    QueuedMail.objects.filter(pk=mail.pk, attempt_count=mail.attempt_count).update(**noted)


def note_lost(*, at: datetime) -> int:
    """Letters whose worker died with them in hand are nobody's guess; how many there were."""
    return QueuedMail.objects.lost(at).update(unknown_at=at)


def _is_final(error: Exception) -> bool:
    """Whether the server said that this address will never take mail."""
    return isinstance(error, smtplib.SMTPRecipientsRefused) and all(
        code >= 500 for code, _ in error.recipients.values()
    )


def forget_old(*, at: datetime) -> int:
    """Delete what was sent or given up more than 30 days ago; how many rows that were."""
    old = at - timedelta(days=KEPT_DAYS)
    sent, _ = QueuedMail.objects.filter(sent_at__lt=old).delete()
    given_up, _ = QueuedMail.objects.filter(given_up_at__lt=old).delete()
    return sent + given_up
