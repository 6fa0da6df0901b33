from datetime import timedelta

import structlog
from celery import shared_task

from fans import clock
from fans.digests import actions
from fans.digests.models import Delivery, Issue

AT_ONCE = 1000
# Well within the time limit of a task: what is left over waits for the next sweep.
LONGEST = timedelta(seconds=40)

logger = structlog.get_logger(__name__)


@shared_task
def make_issues() -> None:
    """Friday 18:00: the issue of the week, and a row for everybody who wants it."""
    at = clock.now()
    actions.make_issue(at=at)
    for issue in Issue.objects.filter(opened_at=None).order_by("pk"):
        while actions.open_deliveries(issue_id=issue.pk, at=at):
            pass


@shared_task
def send_letters() -> None:
    """Queue each letter whose hour has come; one that cannot be written stops no other."""
    started_at = clock.now()
    due = Delivery.objects.due(started_at).order_by("due_at", "pk").values_list("pk", flat=True)
    for delivery_id in list(due[:AT_ONCE]):
        at = clock.now()
        if at > started_at + LONGEST:
            break
        try:
            actions.deliver(delivery_id=delivery_id, at=at)
        except Exception:
            logger.exception("A letter could not be written.", delivery_id=delivery_id)
            actions.try_later(delivery_id=delivery_id, at=at)
