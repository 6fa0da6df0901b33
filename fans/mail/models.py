from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q


class QueuedMailQuerySet(models.QuerySet["QueuedMail"]):
    def unanswered(self) -> Self:
        """Neither sent nor given up, and nobody has to look at it."""
        return self.filter(sent_at=None, given_up_at=None, unknown_at=None)

    def due(self, at: datetime) -> Self:
        """Not sent yet, not given up, and not claimed by a worker that still holds its lease.

        A letter that is sent once is not due again when its lease ends: see `lost`.
        """
        return self.unanswered().filter(Q(is_sent_once=False) | Q(claimed_at=None), due_at__lte=at)

    def lost(self, at: datetime) -> Self:
        """Letters sent once whose worker never came back to say what became of them (D1)."""
        return self.unanswered().filter(is_sent_once=True, claimed_at__isnull=False, due_at__lte=at)

    def unknown(self) -> Self:
        return self.filter(unknown_at__isnull=False)


class QueuedMail(models.Model):
    """One mail to one address, written with the fact it tells of and sent by the worker.

    Security mail is sent at least once (spec §8 D1): a worker that dies after the server took
    it sends it again under the same Message-ID. A letter `is_sent_once` never is.
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
        constraints = [
            models.UniqueConstraint(
                fields=["message_id"], name="written_once", condition=~Q(message_id="")
            )
        ]
        indexes = [
            models.Index(
                fields=["is_sent_once", "due_at", "id"],
                name="mail_due",
                condition=Q(sent_at=None, given_up_at=None, unknown_at=None),
            ),
            models.Index(
                fields=["unknown_at", "id"],
                name="mail_unknown",
                condition=Q(unknown_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to}"
