"""Figures this room can answer for (spec §10)."""

from datetime import datetime

from django.db.models import F

from community.feedback.models import FeedbackItem


def answers_in_time(since: datetime, until: datetime) -> tuple[int, int]:
    """Of the items whose answer fell due in this time: how many had it by then, and all.

    A reopened item counts by the answer that is owed now.
    """
    due = FeedbackItem.objects.standing().filter(answer_due_at__gte=since, answer_due_at__lt=until)
    return due.filter(answered_at__lte=F("answer_due_at")).count(), due.count()
