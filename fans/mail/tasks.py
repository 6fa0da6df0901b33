from datetime import timedelta

from celery import shared_task

from fans import clock
from fans.mail import actions
from fans.mail.models import QueuedMail
from fans.mail.transport import transport

BATCH = 200
# Well within the time limit of a task: what is left over waits for the next sweep.
LONGEST_BATCH = timedelta(seconds=40)


@shared_task
def send_queued_mail() -> None:
    """Send what is due, one row at a time; one refused address does not stop the rest."""
    started_at = clock.now()
    due = QueuedMail.objects.due(started_at).order_by("due_at", "pk").values_list("pk", flat=True)
    with transport() as by:
        for mail_id in list(due[:BATCH]):
            at = clock.now()
            if at > started_at + LONGEST_BATCH:
                break
            actions.send(mail_id=mail_id, by=by, at=at)


@shared_task
def forget_old_mail() -> None:
    actions.forget_old(at=clock.now())
