from collections.abc import Callable
from datetime import datetime

import structlog
from celery import shared_task
from django.db.models import QuerySet

from community.fridays import actions
from community.fridays.actions import passing_on, paying
from community.fridays.models import Cycle
from community.products.models import Product
from fans import clock
from fans.ledger.actions import note_written_until

AT_ONCE = 200
CHUNKS_A_TICK = 100  # of 500 reports

logger = structlog.get_logger(__name__)


@shared_task
def move_weeks_on() -> None:
    """Put the next weeks on the calendar, then take each due step of each week (O1).

    One week a transaction; one that fails does not hold up the others. When all of them are where
    they belong and every report is paid the ledger is told, for the tiers wait for it. What fans
    complained of goes to the desks meanwhile.
    """
    at = clock.now()
    are_scheduled = _schedule(at)
    are_moved = _move(at)
    are_paid = _in_chunks(Cycle.objects.unpaid(), paying.pay_reports, at)
    note_written_until(at=at, is_complete=are_scheduled and are_moved and are_paid)
    _in_chunks(Cycle.objects.to_pass_on(), passing_on.pass_on, at)


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
    """The step that was due first comes first, of whichever week: they share the ledger."""
    due = Cycle.objects.due(at).order_by("friday", "pk").values_list("pk", flat=True)[:AT_ONCE]
    is_complete = len(due) < AT_ONCE
    waiting = {pk: moment for pk in due if (moment := actions.next_step_at(pk))}
    while waiting:
        pk = min(waiting, key=lambda pk: (waiting[pk], pk))
        try:
            is_taken = actions.take_step(cycle_id=pk, at=at)
        except Exception:
            logger.exception("week not moved on", cycle=pk)
            is_taken = is_complete = False
        following = actions.next_step_at(pk) if is_taken else None
        if following is None or following > at:
            del waiting[pk]
        else:
            waiting[pk] = following
    return is_complete


def _in_chunks(weeks: QuerySet[Cycle], take: Callable[..., int], at: datetime) -> bool:
    """Take a piece of a week until none is left, each a transaction of its own; what does not fit
    into a tick waits for the next. Whether all is done.
    """
    left, is_complete = CHUNKS_A_TICK, True
    for pk in weeks.order_by("frozen_at", "pk").values_list("pk", flat=True):
        try:
            while left > 0 and take(cycle_id=pk, at=at):
                left -= 1
        except Exception:
            logger.exception("week not finished", cycle=pk, what=take.__name__)
            is_complete = False
    return is_complete and left > 0
