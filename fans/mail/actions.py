"""Sending what is queued: at least once, under the same Message-ID (spec §8 D1, security mail)."""

import smtplib
from datetime import datetime, timedelta

from django.db.models import F

from fans.mail.models import QueuedMail
from fans.mail.transport import Transport

LEASE = timedelta(minutes=2)
# Minutes until the next try after the first, second, … failure; after the last one we give up.
RETRY_AFTER_MINUTES = (1, 5, 30, 120, 120, 120, 120)
KEPT_DAYS = 30


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
    # No transaction is open while the server is spoken to. A worker that dies
    # holding the lease loses it, and the mail is tried again.
    claimed = (
        QueuedMail.objects.due(at)
        .filter(pk=mail_id)
        .update(due_at=at + LEASE, attempt_count=F("attempt_count") + 1)
    )
    return QueuedMail.objects.get(pk=mail_id) if claimed else None


def _note_sent(mail: QueuedMail, at: datetime, *, keeps_message: bool) -> None:
    mail.sent_at, mail.last_error = at, ""
    if not keeps_message:
        mail.message = b""  # it may hold a code or a link that opens an account
    mail.save(update_fields=["sent_at", "last_error", "message"])


def _note_failure(mail: QueuedMail, error: Exception, at: datetime) -> None:
    mail.last_error = f"{type(error).__name__}: {error}"[:300]
    if mail.attempt_count > len(RETRY_AFTER_MINUTES) or _is_final(error):
        mail.given_up_at = at
        mail.message = b""
    else:
        wait = RETRY_AFTER_MINUTES[mail.attempt_count - 1]
        mail.due_at = at + timedelta(minutes=wait)
    mail.save(update_fields=["last_error", "given_up_at", "message", "due_at"])


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
