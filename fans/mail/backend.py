"""Django's e-mail backend that writes rows; the worker speaks SMTP."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from fans import clock
from fans.mail.models import QueuedMail


class QueueBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        at = clock.now()
        rows = [
            QueuedMail(
                to=address,
                subject=message.subject[:255],
                message=message.message().as_bytes(),
                created_at=at,
                due_at=at,
            )
            for message in email_messages
            for address in message.recipients()
        ]
        QueuedMail.objects.bulk_create(rows)
        return len(email_messages)
