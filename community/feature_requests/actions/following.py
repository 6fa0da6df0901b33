"""Who wants to hear of a wish, and who wants to hear no more (F2).

Whoever asked or voted follows by themselves and needs no row. A row is one person's own word on
one wish; it speaks for all that is merged into it for as long as it is (F4). Each verb is one
statement: pressed twice, or two of them at once, the later one holds.
"""

from datetime import datetime

from django.db.models import QuerySet

from community.feature_requests.models import FeatureRequest, Follow
from fans.accounts.models import Fan


def follow(*, feature_request: FeatureRequest, fan: Fan, at: datetime) -> None:
    """Hear of every step, without a vote."""
    _say(feature_request, fan, at, muted_at=None)


def unfollow(*, feature_request: FeatureRequest, fan: Fan, at: datetime) -> None:
    """Hear no more, but for what one's own vote or wish brings. A mute stays one."""
    _own_word(feature_request, fan).filter(muted_at=None).delete()


def mute(*, feature_request: FeatureRequest, fan: Fan, at: datetime) -> None:
    """Hear nothing of it, though one voted or asked for it."""
    _say(feature_request, fan, at, muted_at=at)


def unmute(*, feature_request: FeatureRequest, fan: Fan, at: datetime) -> None:
    """Hear of it again."""
    _own_word(feature_request, fan).exclude(muted_at=None).update(muted_at=None, changed_at=at)


def _say(
    feature_request: FeatureRequest, fan: Fan, at: datetime, *, muted_at: datetime | None
) -> None:
    shown = feature_request.shown_as_id or feature_request.pk
    Follow.objects.bulk_create(
        [Follow(feature_request_id=shown, fan=fan, changed_at=at, muted_at=muted_at)],
        update_conflicts=True,
        update_fields=["changed_at", "muted_at"],
        unique_fields=["feature_request", "fan"],
    )


def _own_word(feature_request: FeatureRequest, fan: Fan) -> QuerySet[Follow]:
    shown = feature_request.shown_as_id or feature_request.pk
    return Follow.objects.filter(feature_request=shown, fan=fan)
