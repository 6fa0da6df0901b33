"""The report of a week opens, and those who wait for it hear so."""

from datetime import datetime

from community.fridays.actions.cycles import set_state
from community.fridays.models import Cycle, CycleState
from fans.ledger.actions import note_held_week
from fans.notifications.actions import tell


def open_form(cycle: Cycle, at: datetime) -> None:
    """From now on the week is held (T6). Called under the cycle's lock."""
    set_state(cycle, CycleState.COLLECTING, held_at=at)
    note_held_week(week=cycle.week, at=at)
    tell_report_is_open(cycle, at)


def open_if_due(cycle: Cycle, at: datetime) -> None:
    """Fans could report by the stored times, and no sweep has come by to say so (O1)."""
    if cycle.state == CycleState.RELEASED and cycle.report_opens_at <= at:
        open_form(cycle, cycle.report_opens_at)


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
