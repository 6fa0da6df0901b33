"""The worker's sign of life."""

from celery import shared_task

from config import health
from fans import clock


@shared_task
def note_worker_is_alive() -> None:
    health.note_worker(clock.real_now())
