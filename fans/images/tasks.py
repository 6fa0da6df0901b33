from celery import shared_task

from fans import clock
from fans.images.actions import discard_unused
from fans.images.models import Image

AT_ONCE = 500


@shared_task
def discard_unused_images() -> None:
    at = clock.now()
    for image in Image.objects.unused(at).order_by("uploaded_at", "pk")[:AT_ONCE]:
        discard_unused(image, at)
