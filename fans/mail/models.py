from datetime import datetime
from typing import Self

from django.db import models


class QueuedMailQuerySet(models.QuerySet["QueuedMail"]):
    def due(self, at: datetime) -> Self:
        """Not sent yet, not given up, and not claimed by a worker that still holds its lease."""
        return self.filter(sent_at=None, given_up_at=None, due_at__lte=at)


class QueuedMail(models.Model):
    """One mail to one address, written with the fact it tells of and sent by the worker.

    At-least-once (spec §8 D1, security mail): a worker that dies after the server took
    the mail sends it again under the same Message-ID.
    """

    to = models.EmailField(max_length=254)
    subject = models.CharField(max_length=255)
    message = models.BinaryField()  # the whole mail as RFC 5322 bytes
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()  # first try, next try, or the end of a worker's lease
    attempt_count = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    # D1: a letter that is never sent twice. Whoever claims it notes it, and a claim that was
    # never answered for ends as «unknown», for people to look at.
    is_sent_once = models.BooleanField(default=False)
    claimed_at = models.DateTimeField(null=True)
    unknown_at = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=200, blank=True)  # of a letter sent once

    objects = QueuedMailQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="mail_due",
                condition=models.Q(sent_at=None, given_up_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to}"
