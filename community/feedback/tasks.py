import structlog
from celery import shared_task

from community.feedback import actions
from community.feedback.models import FeedbackItem
from fans import clock

AT_ONCE = 200

logger = structlog.get_logger(__name__)


@shared_task
def release_first_words() -> None:
    """Let newcomers' public items appear whose time has come (A1); each asked under its lock."""
    at = clock.now()
    for item in FeedbackItem.objects.due_for_release(at).order_by("release_at", "pk")[:AT_ONCE]:
        try:
            actions.release(item=item, at=at)
        except Exception:
            logger.exception("feedback not released", item=item.pk)
