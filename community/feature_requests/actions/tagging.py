"""What subjects a wish is about."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from community.feature_requests.actions.locking import lock_request
from community.feature_requests.actions.refusals import NotAllowed
from community.feature_requests.models import FeatureRequest
from community.feature_requests.permissions import may_triage
from community.products.models import Tag
from fans.accounts.models import Fan
from fans.audit.actions import record


@transaction.atomic
def set_tags(
    *, feature_request: FeatureRequest, tags: Iterable[Tag], actor: Fan, at: datetime
) -> set[Tag]:
    """Put exactly these on a wish; those it had until now. What is retired stays, unseen."""
    wish = lock_request(feature_request)
    if not may_triage(actor, wish):
        raise NotAllowed
    offered = Tag.objects.filter(retired_at=None)
    wanted = set(offered.filter(pk__in=[tag.pk for tag in tags]))
    before = set(offered.filter(feature_requests=wish.pk))
    if wanted != before:
        wish.tags.remove(*before - wanted)
        wish.tags.add(*wanted - before)
        record(
            actor=actor,
            verb="wish tagged",
            subject=wish.subject,
            at=at,
            concerns=wish.author,
            scope=f"board:{wish.thread.board_id}",
            put_on=sorted(tag.name for tag in wanted - before),
            taken_off=sorted(tag.name for tag in before - wanted),
        )
    return before
