import structlog
from celery import shared_task

from community.fridays import actions
from community.fridays.models import Cycle
from community.products.models import Product
from fans import clock

AT_ONCE = 200

logger = structlog.get_logger(__name__)


@shared_task
def move_weeks_on() -> None:
    """Put the next weeks on the calendar, then take each due step of each week (O1).

    One week a transaction; one that fails does not hold up the others.
    """
    at = clock.now()
    for product in Product.objects.filter(retired_at=None).in_order():
        try:
            actions.schedule_weeks(product=product, at=at)
        except Exception:
            logger.exception("weeks not scheduled", product=product.pk)
    for pk in Cycle.objects.due(at).order_by("friday", "pk").values_list("pk", flat=True)[:AT_ONCE]:
        try:
            actions.sweep_cycle(cycle_id=pk, at=at)
        except Exception:
            logger.exception("week not moved on", cycle=pk)
