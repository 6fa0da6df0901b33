"""Django's e-mail backend that writes rows; the worker speaks SMTP."""

import logging
import uuid
from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from fans import clock
from fans.mail.models import QueuedMail

logger = logging.getLogger(__name__)


class QueueBackend(BaseEmailBackend):
    """One row per recipient, in the transaction of whatever the mail tells of."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        at = clock.now()
        rows = [
            QueuedMail(
                to=address,
                subject=message.subject[:255],
                message=_as_bytes(message),
                created_at=at,
                due_at=at,
            )
            for message in email_messages
            for address in message.recipients()
        ]
        QueuedMail.objects.bulk_create(rows)
        transaction.on_commit(_nudge_worker)
        return len(email_messages)


def _as_bytes(message: EmailMessage) -> bytes:
    # Fixed here and kept with the row: a mail that is tried again is the same mail.
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    message.extra_headers.setdefault("Message-ID", f"<{uuid.uuid4().hex}@{host}>")
    return message.message().as_bytes()


def _nudge_worker() -> None:
    """Somebody waits for this mail: send it now. Without a broker the sweep finds it later."""
    from fans.mail.tasks import send_queued_mail

    try:
        send_queued_mail.apply_async(retry=False)
    except Exception:
        logger.warning("The queue is out of reach; mail waits for the next sweep.", exc_info=True)
