"""The worker's sign of life, and what is counted over all rooms."""

from celery import shared_task

from config import health
from config.measures.snapshots import take_snapshots
from fans import clock
from fans.measures.actions import forget_turns


@shared_task
def note_worker_is_alive() -> None:
    health.note_worker(clock.real_now())


@shared_task
def keep_measures() -> None:
    """The figures of each week that is over; and who answered then is forgotten."""
    at = clock.now()
    take_snapshots(at)
    forget_turns(at=at)
