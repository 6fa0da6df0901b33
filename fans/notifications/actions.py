"""Telling people: the fact and the few it names at once, everybody else by the sweep (spec §8)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from fans.accounts.models import Fan
from fans.notifications.kinds import NoticeKind, kind_of, kinds
from fans.notifications.models import Event, MutedKind, Notice

MOST_NAMED = 20
CHUNK = 500


@transaction.atomic
def tell(
    *,
    kind: str,
    subject: str,
    key: str,
    at: datetime,
    actor: Fan | None = None,
    to: Iterable[tuple[Fan | int, str]] = (),
    facts: dict[str, Any] | None = None,
) -> Event:
    """Write down what happened, and tell the few it names; the same key twice is one event.

    `to` names at most 20 people, each with the reason they are told. Followers, voters and
    attendees are told by the sweep, through the kind's `recipients`. The actor is never told.
    """
    told = kind_of(kind)
    named = [(who.pk if isinstance(who, Fan) else who, why) for who, why in to]
    if len(named) > MOST_NAMED:
        raise ValueError(f"{kind} names {len(named)} people; the sweep tells so many.")
    event, is_new = Event.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "subject": subject,
            "actor": actor,
            "facts": facts or {},
            "occurred_at": at,
            "spread_at": None if told.reaches_others else at,
        },
    )
    if is_new:
        _give_notices(event, told, named, at)
    return event


def _give_notices(
    event: Event, kind: NoticeKind, reasons: list[tuple[int, str]], at: datetime
) -> None:
    """One notice each for those who want it and may see the thing; whoever has one keeps it."""
    why_of = dict(reversed(reasons))  # the first reason counts
    why_of.pop(event.actor_id or 0, None)
    fans = (
        Fan.objects.active(at)
        .filter(pk__in=why_of)
        .exclude(pk__in=MutedKind.objects.filter(kind=event.kind).values("fan"))
        .select_related("standing")
        .order_by("pk")
    )
    Notice.objects.bulk_create(
        [
            Notice(event=event, fan=fan, why=why_of[fan.pk], created_at=at)
            for fan in kind.fans_who_see(event, fans)
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def spread(*, event_id: int, at: datetime) -> bool:
    """Tell the next chunk of an event's people; whether there is more of it to do now.

    The row stays locked meanwhile: a second worker leaves it alone, and one that dies leaves
    everything as it was.
    """
    locked = Event.objects.due().select_for_update(skip_locked=True, no_key=True)
    event = locked.filter(pk=event_id).first()
    if event is None:
        return False
    kind = kind_of(event.kind)
    reasons = kind.recipients(event, event.spread_from, CHUNK)
    _give_notices(event, kind, reasons, at)
    if reasons:
        event.spread_from = reasons[-1][0]
    if len(reasons) < CHUNK:
        event.spread_at = at
    event.save(update_fields=["spread_from", "spread_at"])
    return event.spread_at is None


def mark_read(*, notice: Notice, at: datetime) -> None:
    """It was followed. Again changes nothing."""
    Notice.objects.unread().filter(pk=notice.pk).update(read_at=at)


def mark_all_read(*, fan: Fan, at: datetime) -> int:
    """Everything in the inbox counts as read; how many that were."""
    return Notice.objects.visible_to(fan).unread().update(read_at=at)


def undo_mark_all_read(*, fan: Fan, at: datetime) -> int:
    """What was marked at that instant is unread again; what was read before stays read."""
    return Notice.objects.visible_to(fan).filter(read_at=at).update(read_at=None)


@transaction.atomic
def choose_kinds(*, fan: Fan, wanted: Iterable[str]) -> None:
    """Of the kinds there are, be told of these and of no other from now on."""
    muted = set(kinds()).difference(wanted)
    MutedKind.objects.filter(fan=fan, kind__in=set(kinds()) - muted).delete()
    MutedKind.objects.bulk_create(
        [MutedKind(fan=fan, kind=kind) for kind in sorted(muted)], ignore_conflicts=True
    )
