import structlog
from celery import shared_task

from fans import clock
from fans.notifications import actions
from fans.notifications.models import Event

logger = structlog.get_logger(__name__)

EVENTS = 200


@shared_task
def spread_events() -> None:
    """Tell followers, voters and attendees, a chunk a transaction; one bad event stops no other."""
    due = Event.objects.due().order_by("pk").values_list("pk", flat=True)
    for event_id in list(due[:EVENTS]):
        try:
            while actions.spread(event_id=event_id, at=clock.now()):
                pass
        except Exception:
            logger.exception("An event could not be told.", event_id=event_id)
