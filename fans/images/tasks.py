import structlog
from celery import shared_task

from fans import clock
from fans.images.actions import discard_unused
from fans.images.models import Image

AT_ONCE = 500

logger = structlog.get_logger(__name__)


@shared_task
def discard_unused_images() -> None:
    """A picture that cannot be deleted does not hold up the rest."""
    at = clock.now()
    for image in Image.objects.unused(at).order_by("uploaded_at", "pk")[:AT_ONCE]:
        try:
            discard_unused(image, at)
        except Exception:
            logger.exception("unused picture not discarded", image=image.pk)
