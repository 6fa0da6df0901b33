from datetime import datetime

import structlog
from celery import shared_task

from community.fridays import actions
from community.fridays.models import Cycle
from community.products.models import Product
from fans import clock
from fans.ledger.actions import note_written_until

AT_ONCE = 200

logger = structlog.get_logger(__name__)


@shared_task
def move_weeks_on() -> None:
    """Put the next weeks on the calendar, then take each due step of each week (O1).

    One week a transaction; one that fails does not hold up the others. When all of them are where
    they belong the ledger is told, for the tiers wait for it.
    """
    at = clock.now()
    are_scheduled = _schedule(at)
    are_moved = _move(at)
    note_written_until(at=at, is_complete=are_scheduled and are_moved)


def _schedule(at: datetime) -> bool:
    is_complete = True
    for product in Product.objects.filter(retired_at=None).in_order():
        try:
            actions.schedule_weeks(product=product, at=at)
        except Exception:
            logger.exception("weeks not scheduled", product=product.pk)
            is_complete = False
    return is_complete


def _move(at: datetime) -> bool:
    due = Cycle.objects.due(at).order_by("friday", "pk").values_list("pk", flat=True)[:AT_ONCE]
    is_complete = len(due) < AT_ONCE
    for pk in due:
        try:
            actions.sweep_cycle(cycle_id=pk, at=at)
        except Exception:
            logger.exception("week not moved on", cycle=pk)
            is_complete = False
    return is_complete
