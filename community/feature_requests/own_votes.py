"""One's own votes: where they stand, and what came of them (A4: nobody else's to see)."""

from datetime import datetime
from typing import Any

from community.feature_requests.actions.voting import COUNTS_AFTER
from community.feature_requests.budget import voice_of
from community.feature_requests.models import FeatureRequest
from community.feature_requests.rows import rows_of
from community.threads.models import State
from fans.accounts.models import Fan

PAST_SHOWN = 30


def votes_page(fan: Fan, at: datetime) -> dict[str, Any]:
    """The open votes of a fan and those that came back, newest first."""
    voice = voice_of(fan)
    ended = FeatureRequest.objects.filter(votes__fan=fan.pk).exclude(pk__in=voice.mine)
    past = ended.listed().order_by("-status_at", "-pk").values_list("pk", flat=True)[:PAST_SHOWN]
    pks, open_wishes = list(past), sorted(voice.mine, reverse=True)
    rows = rows_of([*open_wishes, *pks], fan, voice._replace(mine=voice.mine | {*pks}))
    count_from = fan.joined_at + COUNTS_AFTER
    return {
        "voice": voice,
        "rows": [row for row in rows if row.takes_votes and row.thread.state == State.PUBLISHED],
        "past": [row for row in rows if not row.takes_votes],
        "count_from": count_from if count_from > at else None,
    }
