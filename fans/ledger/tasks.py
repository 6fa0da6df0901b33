from celery import shared_task

from fans import clock
from fans.clock.weeks import platform_date
from fans.ledger.models import SiteSize
from fans.ledger.size import count_before


@shared_task
def count_active_fans() -> None:
    """n of spec §0, once a day; asked again the same day it does nothing."""
    today = platform_date(clock.now())
    if not SiteSize.objects.filter(day=today).exists():
        SiteSize.objects.get_or_create(day=today, defaults={"active_count": count_before(today)})
