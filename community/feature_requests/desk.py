"""What moderators and staff can do with a wish, on its page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from community.feature_requests.desk_forms import (
    NoteForm,
    PromiseForm,
    StatusForm,
    TagsForm,
    TeamForm,
    VoicesForm,
)
from community.feature_requests.graph import steps_from
from community.feature_requests.models import (
    ON_THE_WAY,
    FeatureRequest,
    OfflineSupport,
    Status,
    Vote,
)
from community.feature_requests.permissions import may_answer, may_triage
from fans.accounts.models import Fan, Reader

VOICES_SHOWN = 20


@dataclass(frozen=True)
class Together:
    """What a merge would make of two counts: «40 + 31, 9 in common → 62»."""

    one: int
    other: int
    both: int

    @property
    def common(self) -> int:
        return self.one + self.other - self.both


def desk_of(wish: FeatureRequest, reader: Reader, at: datetime, **forms: Any) -> dict[str, Any]:
    """Nothing for anybody else."""
    if not isinstance(reader, Fan) or not may_triage(reader, wish):
        return {}
    desk: dict[str, Any] = {"may_triage": True}
    if wish.status != Status.MERGED:
        desk["team_form"] = TeamForm(wish=wish, actor=reader)
        desk["tags_form"] = TagsForm(wish=wish)
        if may_answer(reader):
            desk["note_form"] = NoteForm()
    if steps_from(wish.status, is_staff=reader.is_staff):
        desk["status_form"] = StatusForm(wish=wish, actor=reader, at=at)
    if may_answer(reader) and wish.status in ON_THE_WAY:
        desk["promise_form"] = PromiseForm(at=at)
    if wish.takes_votes:
        desk["voices_form"] = VoicesForm()
        desk["may_merge"] = True
    desk["voices"] = _voices_written_down(wish)
    return desk | forms


def together(one: FeatureRequest, other: FeatureRequest) -> Together:
    """The count of both as one wish, each fan once (F4)."""
    rows = FeatureRequest.objects.shown_with(one.pk, other.pk).values("pk")
    votes = Vote.objects.counted().filter(feature_request__in=rows)
    both = votes.values("fan").distinct().count()
    return Together(one.vote_count, other.vote_count, both)


def _voices_written_down(wish: FeatureRequest) -> list[OfflineSupport]:
    rows = OfflineSupport.objects.counted_for(wish)
    return list(rows.select_related("place").order_by("-pk")[:VOICES_SHOWN])
