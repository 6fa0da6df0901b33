import structlog
from celery import shared_task

from events.chapters import actions
from events.chapters.models import Chapter
from fans import clock

AT_ONCE = 200

logger = structlog.get_logger(__name__)


@shared_task
def let_idle_chapters_sleep() -> None:
    """Chapters without a meetup for 90 days become dormant; one transaction each."""
    at = clock.now()
    idle = Chapter.objects.idle_since(at - actions.IDLE).order_by("pk")
    for chapter in idle[:AT_ONCE]:
        try:
            actions.fall_asleep(chapter=chapter, at=at)
        except Exception:
            logger.exception("chapter not put to sleep", chapter=chapter.pk)


@shared_task
def end_terms_of_hosts() -> None:
    """Hosts whose 12 months are over are hosts no longer."""
    actions.end_terms(at=clock.now())
