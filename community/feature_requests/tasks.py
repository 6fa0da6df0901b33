"""Sweeps. Each row has its transaction; delivered twice nothing more happens."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import structlog
from celery import shared_task
from django.db import models

from community.feature_requests import actions
from community.feature_requests.actions.asking import STALE_AFTER
from community.feature_requests.indexing import stale, write_down
from community.feature_requests.models import FeatureRequest, Status, Vote
from fans import clock

AT_ONCE = 500
M = TypeVar("M", bound=models.Model)

logger = structlog.get_logger(__name__)


@shared_task
def count_young_votes() -> None:
    """Votes of accounts that are 7 days old by now (F2), or no longer suspended (F3)."""
    at = clock.now()
    due = Vote.objects.due(at).on_open_wishes().select_related("feature_request", "fan")
    _for_each(
        due.order_by("counts_from", "pk")[:AT_ONCE],
        lambda vote: actions.count_young_vote(vote=vote, at=at),
    )


@shared_task
def follow_questions() -> None:
    """Wishes their author has said more about, and those nobody did for 30 days."""
    at = clock.now()
    _for_each(
        FeatureRequest.objects.answered_by_author().order_by("pk")[:AT_ONCE],
        lambda wish: actions.note_answer(feature_request=wish, at=at),
    )
    stale = FeatureRequest.objects.filter(status=Status.NEEDS_INFO, status_at__lte=at - STALE_AFTER)
    _for_each(
        stale.order_by("status_at", "pk")[:AT_ONCE],
        lambda wish: actions.close_stale(feature_request=wish, at=at),
    )


@shared_task
def follow_edited_titles() -> None:
    """The thread's title is where its author edits it; the wish is called the same."""
    renamed = FeatureRequest.objects.exclude(title=models.F("thread__title"))
    # Not cut in SQL: to find the first few where there are none it would walk both indexes.
    for pk, title in renamed.values_list("pk", "thread__title"):
        FeatureRequest.objects.filter(pk=pk).update(title=title)


@shared_task
def index_wishes() -> None:
    """What the index does not say yet: edits, threads that were moved or shown, an upgrade."""
    _for_each(stale()[:AT_ONCE], lambda wish: write_down([wish]))


def _for_each(rows: Iterable[M], act: Callable[[M], object]) -> None:
    for row in rows:
        try:
            act(row)
        except Exception:
            logger.exception("sweep failed", model=row._meta.model_name, pk=row.pk)
