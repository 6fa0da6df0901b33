"""Writing down what fans did. Rooms above call these in the transaction of the deed itself."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import F

from fans.accounts.models import Fan
from fans.clock.weeks import platform_date
from fans.ledger.caps import counted_moments, counting_givers, is_full, is_over_cap
from fans.ledger.kinds import KINDS, RULE_VERSION
from fans.ledger.models import ActiveDay, Contribution, Giving, HeldWeek, WrittenUntil

FAILING_HOLDS_UP = timedelta(days=1)


@transaction.atomic
def record(
    *,
    fan: Fan,
    kind: str,
    subject: str,
    effective_at: datetime,
    at: datetime,
    points: int | None = None,
    givers: Iterable[Fan | int] = (),
    reason: str = "",
) -> Contribution | None:
    """A fan did something that counts. Recording the same deed again changes nothing.

    A deed that was reversed counts again by reversing its reversal (L4). What lies beyond a cap
    is written with 0 points and the reason "cap"; what only the same few confirmed, with
    "collusion" (L5). Where several fans must confirm a deed and too few of them count, nothing
    is written yet. None for staff, who earn no points, and for imported names nobody claimed.

    Several deeds in one transaction: fans in the order of their numbers.
    """
    locked = Fan.objects.select_for_update(of=("self",), no_key=True).get(pk=fan.pk)
    if not _earns(locked):
        return None
    own = Contribution.objects.filter(fan=fan.pk, kind=kind, subject=subject, reversal_of=None)
    if known := own.first():
        return _restore(known, reason=reason, at=at)
    return _write(locked, kind, subject, effective_at, at, points, givers, reason)


def _write(
    locked: Fan,
    kind: str,
    subject: str,
    effective_at: datetime,
    at: datetime,
    points: int | None,
    givers: Iterable[Fan | int],
    reason: str,
) -> Contribution | None:
    rule = KINDS[kind]
    named = [giver.pk if isinstance(giver, Fan) else giver for giver in givers]
    counting = counting_givers(receiver=locked, givers=named, at=effective_at) if named else []
    if named and len(counting) < rule.givers and rule.givers > 1:
        return None
    why_not = ""
    if named and not counting:
        why_not = "collusion"
    elif is_over_cap(fan=locked, name=kind, kind=rule, effective_at=effective_at):
        why_not = "cap"
    deed = _row(locked.pk, kind, subject, effective_at, at, points, why_not, reason)
    deed.save()
    _write_givings(deed, [] if why_not else counting)
    return deed


class Deed(NamedTuple):
    """One fan's part in something many did."""

    fan: int
    effective_at: datetime
    points: int | None = None  # None: what the kind is worth


@transaction.atomic
def record_many(*, kind: str, subject: str, deeds: Iterable[Deed], at: datetime) -> None:
    """What `record` writes down for one fan, for many at once and in a few statements: of a kind
    nobody has to confirm, the same deed, once a fan.
    """
    rule, by_fan = KINDS[kind], {deed.fan: deed for deed in deeds}
    people = Fan.objects.get_queryset().filter(pk__in=by_fan).order_by("pk")
    locked = people.select_for_update(of=("self",), no_key=True)
    columns = locked.only("role", "erased_at", "imported_as")
    earning = [fan.pk for fan in columns if _earns(fan)]
    own = Contribution.objects.filter(kind=kind, subject=subject, reversal_of=None)
    known = {deed.fan_id: deed for deed in own.filter(fan__in=earning)}
    for _, deed in sorted(known.items()):
        _restore(deed, reason="", at=at)
    new = [by_fan[fan] for fan in earning if fan not in known]
    moments = [deed.effective_at for deed in new]
    counted = counted_moments([each.fan for each in new], name=kind, kind=rule, moments=moments)
    Contribution.objects.bulk_create(
        _row(
            *(each.fan, kind, subject, each.effective_at, at, each.points),
            why_not="cap" if is_full(rule, counted[each.fan], each.effective_at) else "",
        )
        for each in new
    )


def _earns(fan: Fan) -> bool:
    return not (fan.is_staff or fan.erased_at is not None or fan.imported_as)


def _row(
    fan: int,
    kind: str,
    subject: str,
    effective_at: datetime,
    at: datetime,
    points: int | None,
    why_not: str = "",
    reason: str = "",
) -> Contribution:
    """A deed that is not written yet; `why_not`: it counts nothing, and says so."""
    rule = KINDS[kind]
    earned = rule.points if points is None else points
    return Contribution(
        fan_id=fan,
        kind=kind,
        family=rule.family,
        points=0 if why_not else earned,
        validated=rule.validated,
        effective_at=effective_at,
        recorded_at=at,
        subject=subject,
        rule_version=RULE_VERSION,
        reason=why_not or reason,
    )


@transaction.atomic
def reverse(*, kind: str, subject: str, at: datetime, reason: str, fan: Fan | None = None) -> int:
    """A deed no longer stands, for everybody it counted for or for one fan (L2).

    Returns how many were reversed; what is reversed already stays so.
    """
    deeds = Contribution.objects.filter(kind=kind, subject=subject, reversal_of=None)
    if fan is not None:
        deeds = deeds.filter(fan=fan)
    reversed_count = 0
    for deed in deeds.order_by("fan", "pk"):
        Fan.objects.select_for_update(of=("self",), no_key=True).get(pk=deed.fan_id)
        newest, stands = _newest_of(deed)
        if stands:
            _write_reversal(newest, reason=reason, at=at)
            reversed_count += 1
    return reversed_count


@transaction.atomic
def reinstate(*, kind: str, subject: str, at: datetime, reversed_for: str) -> int:
    """What was reversed for this reason, and for none since, counts again (L4)."""
    deeds = Contribution.objects.filter(kind=kind, subject=subject, reversal_of=None)
    reinstated_count = 0
    for deed in deeds.order_by("fan", "pk"):
        Fan.objects.select_for_update(of=("self",), no_key=True).get(pk=deed.fan_id)
        newest, stands = _newest_of(deed)
        if not stands and newest.reason == reversed_for:
            _write_reversal(newest, reason="restored", at=at)
            reinstated_count += 1
    return reinstated_count


# One statement, for every post, vote and ballot passes here.
_ONE_MORE_ACT = """
INSERT INTO fans_activeday (fan_id, day, act_count) VALUES (%s, %s, 1)
ON CONFLICT (fan_id, day) DO UPDATE SET act_count = fans_activeday.act_count + 1
"""


def note_act(*, fan: Fan, at: datetime) -> None:
    """A fan did something that makes them active that day: post, vote, report, ballot, RSVP or
    check-in (spec §0). Staff are no part of the site's size.
    """
    if not fan.is_staff:
        day = connection.ops.adapt_datefield_value(platform_date(at))
        with connection.cursor() as cursor:
            cursor.execute(_ONE_MORE_ACT, [fan.pk, day])


def take_back_act(*, fan: Fan, at: datetime) -> None:
    """What was done at that moment is undone: it was no act, or the same one would count again."""
    day = ActiveDay.objects.filter(fan=fan.pk, day=platform_date(at))
    day.filter(act_count__gt=0).update(act_count=F("act_count") - 1)
    day.filter(act_count=0).delete()


def note_held_week(*, week: str, at: datetime) -> None:
    """A cycle's form opened in this ISO week, «2026-W47» (T6). Any further one says the same."""
    HeldWeek.objects.get_or_create(week=week, defaults={"held_at": at})


def note_written_until(*, at: datetime, is_complete: bool) -> None:
    """The sweep of the weeks has been through everything that was due by then (O1).

    One that leaves something undone does not say so; after a day of that it does, for one broken
    week must not stop the whole site for ever.
    """
    known = WrittenUntil.objects.filter(pk=1).first()
    if is_complete:
        values = {"until_at": at, "failing_since_at": None}
        WrittenUntil.objects.update_or_create(pk=1, defaults=values)
    elif known is not None:
        known.failing_since_at = known.failing_since_at or at
        if at - known.failing_since_at >= FAILING_HOLDS_UP:
            known.until_at = at
        known.save(update_fields=["until_at", "failing_since_at"])


def is_written_until(moment: datetime) -> bool:
    """Whether the deeds of this moment are all in the ledger."""
    return not WrittenUntil.objects.filter(until_at__lt=moment).exists()


def _restore(deed: Contribution, *, reason: str, at: datetime) -> Contribution:
    newest, stands = _newest_of(deed)
    if not stands:
        _write_reversal(newest, reason=reason or "restored", at=at)
    return deed


def _newest_of(deed: Contribution) -> tuple[Contribution, bool]:
    """The last word about a deed, and whether by it the deed stands."""
    newest, stands = deed, True
    while later := Contribution.objects.filter(reversal_of=newest).first():
        newest, stands = later, not stands
    return newest, stands


def _write_reversal(row: Contribution, *, reason: str, at: datetime) -> None:
    Contribution.objects.create(
        fan_id=row.fan_id,
        kind=row.kind,
        family=row.family,
        points=-row.points,
        validated=row.validated,
        effective_at=row.effective_at,
        recorded_at=at,
        subject=row.subject,
        rule_version=row.rule_version,
        reversal_of=row,
        reason=reason,
    )


def _write_givings(deed: Contribution, givers: Iterable[int]) -> None:
    Giving.objects.bulk_create(
        Giving(
            contribution=deed, giver_id=giver, receiver_id=deed.fan_id, given_at=deed.effective_at
        )
        for giver in givers
    )
