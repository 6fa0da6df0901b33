"""Telling that the report of a week is open."""

from datetime import datetime

from community.fridays.models import Cycle
from fans.notifications.actions import tell


def tell_report_is_open(cycle: Cycle, at: datetime) -> None:
    """Those who reported lately, or noted something this week, hear of it once a week."""
    tell(
        kind="report_opens",
        subject=cycle.subject,
        key=f"report_opens:{cycle.pk}",
        at=at,
        facts={
            "cycle": cycle.pk,
            "product": cycle.product.name,
            "week": cycle.week,
            "url": f"{cycle.get_absolute_url()}report/",
        },
    )
