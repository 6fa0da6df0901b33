import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from celery import shared_task

from community.moderation import actions
from community.moderation.models import ALONE_AFTER, Case, Sanction
from fans import clock

BATCH = 200
logger = logging.getLogger(__name__)
Row = TypeVar("Row", Case, Sanction)


@shared_task
def show_flagged_posts_again() -> None:
    """Posts that flags alone have kept hidden for 24 hours (spec §9)."""
    at = clock.now()
    due = Case.objects.hidden_too_long(at).order_by("hidden_by_flags_at", "pk")[:BATCH]
    _each(due, lambda case: actions.show_again(case=case, at=at))


@shared_task
def let_lone_bans_stand() -> None:
    """Bans nobody else is there to agree to, after 48 hours (A3)."""
    at = clock.now()
    due = Sanction.objects.proposed().filter(proposed_at__lte=at - ALONE_AFTER)
    _each(
        due.order_by("proposed_at", "pk")[:BATCH],
        lambda sanction: actions.let_ban_stand(sanction=sanction, at=at),
    )


def _each(rows: Iterable[Row], act: Callable[[Row], object]) -> None:
    for row in rows:
        try:
            act(row)
        except Exception:
            logger.exception("A sweep left %r for the next time", row)
