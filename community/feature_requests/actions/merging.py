"""Two wishes that ask for the same: a link, never a mixture, so undoing it is exact (F4)."""

from datetime import datetime

from django.db import transaction

from community.feature_requests.actions.counting import write_tally
from community.feature_requests.actions.locking import lock_clusters
from community.feature_requests.actions.refusals import (
    MergeCycle,
    NotAllowed,
    NotInThatState,
    NotOpen,
)
from community.feature_requests.actions.standing import stand_again
from community.feature_requests.actions.telling import facts_of
from community.feature_requests.models import (
    FeatureRequest,
    Merge,
    Status,
    StatusChange,
    StoryStep,
)
from community.feature_requests.permissions import may_triage
from community.threads.models import State
from fans.accounts.models import Fan
from fans.audit.actions import record
from fans.ledger import actions as ledger
from fans.notifications.actions import tell

Cluster = dict[int, FeatureRequest]


@transaction.atomic
def merge(
    *, source: FeatureRequest, target: FeatureRequest, actor: Fan, at: datetime, reason: str = ""
) -> Merge:
    """Show one wish through another: votes and words together, each fan once (F4).

    A target that was merged itself leads on to where it is shown. Again is the same as once.
    """
    rows = lock_clusters(source, target)
    one, other = rows[source.pk], _shown(rows, target.pk)
    if not may_triage(actor, one) or not may_triage(actor, other):  # nor into one's own
        raise NotAllowed
    if one.status == Status.MERGED and one.merged_into_id in {target.pk, other.pk}:
        return Merge.objects.get(source=one, undone_at=None)
    _refuse_merge(one, other)
    facts = facts_of(one)  # while it still speaks for its own
    made = Merge.objects.create(
        source=one, target=other, was=one.status, merged_at=at, merged_by=actor
    )
    StatusChange.objects.create(
        feature_request=one,
        was=one.status,
        became=Status.MERGED,
        reason=reason,
        actor=actor,
        changed_at=at,
    )
    _link(rows, one, other, at)
    _record("wishes merged", one, actor, at, reason, other)
    tell(
        kind="request_merged",
        subject=one.subject,
        key=f"merge:{made.pk}",
        at=at,
        actor=actor,
        to=[(one.author_id, "author")],
        facts=facts | {"into": other.title, "target": other.pk, "url": other.get_absolute_url()},
    )
    return made


@transaction.atomic
def undo_merge(*, source: FeatureRequest, actor: Fan, at: datetime) -> None:
    """Take one link out: both stand as before, with their own votes (F4). Again changes nothing.

    Links further down the chain stay; those further up lead no longer here.
    """
    rows = lock_clusters(source)
    one = rows[source.pk]
    if not may_triage(actor, one):
        raise NotAllowed
    if one.status != Status.MERGED:
        return
    made = Merge.objects.get(source=one, undone_at=None)
    canonical = _shown(rows, one.pk)
    _unlink(rows, one, made, at)
    stand_again(one, at)
    write_tally(canonical)
    made.undone_at, made.undone_by = at, actor
    made.save(update_fields=["undone_at", "undone_by"])
    StatusChange.objects.create(
        feature_request=one, was=Status.MERGED, became=one.status, actor=actor, changed_at=at
    )
    _take_back_shares(rows, canonical, one, at)
    _record("merge undone", one, actor, at, "", canonical)


def _refuse_merge(one: FeatureRequest, other: FeatureRequest) -> None:
    if one.status == Status.MERGED:
        raise NotInThatState(one)
    if other.pk == one.pk:
        raise MergeCycle
    for wish in (one, other):
        if not wish.takes_votes or wish.thread.state != State.PUBLISHED:
            raise NotOpen


def _link(rows: Cluster, one: FeatureRequest, other: FeatureRequest, at: datetime) -> None:
    for row in rows.values():
        if row.shown_as_id == one.pk:
            row.shown_as = other
            row.save(update_fields=["shown_as"])
    one.status, one.status_at = Status.MERGED, at
    one.merged_into = one.shown_as = other
    one.save(update_fields=["status", "status_at", "merged_into", "shown_as"])
    if other.answered_at is None and other.answer_due_at is None and one.answer_due_at is not None:
        other.answer_due_at = one.answer_due_at  # a threshold passed stays passed (F1)
        other.save(update_fields=["answer_due_at"])
    write_tally(other, at)


def _unlink(rows: Cluster, one: FeatureRequest, made: Merge, at: datetime) -> None:
    one.status, one.status_at = made.was, at
    one.merged_into = one.shown_as = None
    one.save(update_fields=["status", "status_at", "merged_into", "shown_as"])
    for row in _merged_below(rows, one):
        row.shown_as = one
        row.save(update_fields=["shown_as"])


def _take_back_shares(
    rows: Cluster, canonical: FeatureRequest, one: FeatureRequest, at: datetime
) -> None:
    """Who asked for what is no longer the same has no part in its shipping."""
    stay = {rows[pk].author_id for pk in _rows_shown_as(rows, canonical)}
    left = {rows[pk].author for pk in _rows_shown_as(rows, one)}
    gone = [author for author in sorted(left, key=lambda fan: fan.pk) if author.pk not in stay]
    for step in StoryStep.objects.filter(feature_request__in=rows, kind="credited"):
        _unthank(step, {author.pk for author in gone})
    for author in gone:
        ledger.reverse(
            kind="request.shipped",
            subject=canonical.subject,
            at=at,
            reason="no longer merged",
            fan=author,
        )


def _unthank(step: StoryStep, gone: set[int]) -> None:
    """The story thanks nobody for what they did not ask for."""
    named = [pk for pk in step.facts.get("fans", []) if pk not in gone]
    unnamed = step.facts.get("unnamed")
    step.facts |= {"fans": named}
    if unnamed is not None:
        left = [pk for pk in unnamed if pk not in gone]
        step.facts |= {"unnamed": left, "unnamed_count": len(left)}
    step.save(update_fields=["facts"])


def _shown(rows: Cluster, pk: int) -> FeatureRequest:
    return rows[rows[pk].shown_as_id or pk]


def _rows_shown_as(rows: Cluster, wish: FeatureRequest) -> set[int]:
    return {pk for pk, row in rows.items() if wish.pk in {pk, row.shown_as_id}}


def _merged_below(rows: Cluster, wish: FeatureRequest) -> list[FeatureRequest]:
    below: list[FeatureRequest] = []
    found = [wish]
    while found:
        above = {row.pk for row in found}
        found = [row for row in rows.values() if row.merged_into_id in above]
        below += found
    return below


def _record(
    verb: str, one: FeatureRequest, actor: Fan, at: datetime, reason: str, other: FeatureRequest
) -> None:
    record(
        actor=actor,
        verb=verb,
        subject=one.subject,
        at=at,
        concerns=one.author,
        scope=f"board:{one.thread.board_id}",
        reason=reason,
        into=other.pk,
    )
