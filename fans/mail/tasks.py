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
    """Send what is due, one row at a time; one refused address does not stop the rest.

    Codes never queue up behind a week's letters.
    """
    started_at = clock.now()
    actions.note_lost(at=started_at)
    due = (
        QueuedMail.objects.due(started_at)
        .order_by("is_sent_once", "due_at", "pk")
        .values_list("pk", flat=True)
    )
    with transport() as by:
        for mail_id in list(due[:BATCH]):
            at = clock.now()
            if at > started_at + LONGEST_BATCH:
                break
            actions.send(mail_id=mail_id, by=by, at=at)


@shared_task
def forget_old_mail() -> None:
    actions.forget_old(at=clock.now())
