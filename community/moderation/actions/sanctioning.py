"""What is done to a person, by a rule, for everybody's sake; never public (A4)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from community.feature_requests.actions import set_votes_aside
from community.moderation import notices
from community.moderation.actions.refusals import NotAllowed, RuleMissing, SamePerson, TooLong
from community.moderation.models import ALONE_AFTER, Case, Sanction, SanctionKind
from community.moderation.permissions import (
    may_lift,
    may_sanction,
    may_second,
    one_person_bans,
)
from community.threads.models import Audience
from fans.accounts.actions import end_sessions
from fans.accounts.models import Fan, Role
from fans.accounts.withdrawal import Because, hold_what_stands, withdraw_everything
from fans.audit.actions import record
from fans.ledger import actions as ledger

_DEEDS = {SanctionKind.WARN: "sanction.warned", SanctionKind.MUTE: "sanction.muted"}
LONGEST_DAYS = {SanctionKind.MUTE: 30, SanctionKind.SUSPEND: 365}
ENDS_A_VOICE = {SanctionKind.SUSPEND, SanctionKind.BAN}
_READ_BY_MODERATORS = {Audience.EVERYONE, Audience.CORE}
_VERBS = {
    SanctionKind.WARN: "warned",
    SanctionKind.MUTE: "muted",
    SanctionKind.SUSPEND: "suspended",
    SanctionKind.BAN: "banned",
}


@transaction.atomic
def sanction(
    *,
    fan: Fan,
    kind: SanctionKind,
    rule: str,
    reason: str,
    by: Fan,
    at: datetime,
    days: int | None = None,
    case: Case | None = None,
) -> Sanction:
    """Warn, mute (1–30 days), suspend (1–365 days) or ban. Twice for one case is once.

    A ban waits for a second person (A3), unless the account is younger than 7 days and has no
    approved post. Everything else holds at once, on open pages too.
    """
    if not rule:
        raise RuleMissing
    locked = _lock_with_what_stands(fan) if kind in ENDS_A_VOICE else _lock(fan)
    if not may_sanction(by, locked):
        raise NotAllowed
    if existing := _same(locked, kind, case):
        return existing
    holds_now = kind != SanctionKind.BAN or one_person_bans(locked, at)
    made = Sanction.objects.create(
        fan=locked,
        kind=kind,
        rule=rule,
        reason=reason,
        case=case,
        proposed_by=by,
        proposed_at=at,
        effective_at=at if holds_now else None,
        until_at=_until(kind, days, at),
    )
    if holds_now:
        _take_effect(made, locked, at)
    _record(made, by, _VERBS[kind] if holds_now else "ban proposed", at)
    return made


@transaction.atomic
def confirm_ban(*, sanction: Sanction, by: Fan, at: datetime) -> Sanction:
    """The second person agrees (A3), and the ban holds at once. Twice is the same as once."""
    hold_what_stands(fan=sanction.fan)
    locked, person = _lock_both(sanction)
    if locked.proposed_by_id == by.pk:
        raise SamePerson
    if not may_second(by, locked):
        raise NotAllowed
    if locked.effective_at is None and locked.lifted_at is None:
        locked.confirmed_by, locked.effective_at = by, at
        locked.save(update_fields=["confirmed_by", "effective_at"])
        _take_effect(locked, person, at)
        _record(locked, by, "banned", at)
    return locked


@transaction.atomic
def let_ban_stand(*, sanction: Sanction, at: datetime) -> bool:
    """A3: nobody else is there to agree, so after 48 hours one person's word stands."""
    hold_what_stands(fan=sanction.fan)
    locked, person = _lock_both(sanction)
    is_open = locked.effective_at is None and locked.lifted_at is None
    if not is_open or at - locked.proposed_at < ALONE_AFTER or has_second_person(locked, at):
        return False
    locked.effective_at = at
    locked.save(update_fields=["effective_at"])
    _take_effect(locked, person, at)
    _record(locked, None, "banned", at)
    return True


@transaction.atomic
def lift_sanction(*, sanction: Sanction, by: Fan, at: datetime, reason: str = "") -> Sanction:
    """Take a sanction back, or a proposal before it holds. Twice is the same as once."""
    locked, person = _lock_both(sanction)
    if not may_lift(by, locked):
        raise NotAllowed
    if locked.lifted_at is None:
        was_proposal = locked.effective_at is None
        locked.lifted_at, locked.lifted_by = at, by
        locked.save(update_fields=["lifted_at", "lifted_by"])
        _follow_what_stands(person)
        _count_no_more(locked, at)
        _record(locked, by, "ban declined" if was_proposal else "sanction lifted", at, reason)
    return locked


def has_second_person(sanction: Sanction, at: datetime) -> bool:
    """Whether anybody active could agree to this ban (A3); asked of the few who keep order."""
    others = (
        Fan.objects.active(at)
        .filter(role__in=[Role.MODERATOR, Role.STAFF, Role.ADMIN])
        .exclude(pk__in=[sanction.proposed_by_id, sanction.fan_id])
        .prefetch_related("scopes")
    )
    return any(_is_in_sight(sanction, other) for other in others)


def _is_in_sight(sanction: Sanction, other: Fan) -> bool:
    visible = Sanction.objects.visible_to(other).filter(pk=sanction.pk)
    return may_second(other, sanction) and visible.exists()


def _same(fan: Fan, kind: SanctionKind, case: Case | None) -> Sanction | None:
    standing = fan.sanctions.filter(kind=kind, lifted_at=None)
    if kind == SanctionKind.BAN:
        return standing.first()
    return standing.filter(case=case).first() if case else None


def _until(kind: SanctionKind, days: int | None, at: datetime) -> datetime | None:
    if kind not in LONGEST_DAYS:
        return None
    if days is None or not 1 <= days <= LONGEST_DAYS[kind]:
        raise TooLong
    return at + timedelta(days=days)


def _lock(fan: Fan) -> Fan:
    # What they write queues up behind the same row: after this, no late post of a muted person.
    return Fan.objects.get_queryset().select_for_update(no_key=True).get(pk=fan.pk)


def _lock_with_what_stands(fan: Fan) -> Fan:
    hold_what_stands(fan=fan)
    return _lock(fan)


def _lock_both(sanction: Sanction) -> tuple[Sanction, Fan]:
    locked = (
        Sanction.objects.select_for_update(of=("self",))
        .select_related("fan", "case")
        .get(pk=sanction.pk)
    )
    person = _lock(locked.fan)
    return locked, person


def _take_effect(made: Sanction, person: Fan, at: datetime) -> None:
    if made.kind == SanctionKind.BAN:
        person.banned_at = person.banned_at or at
        person.save(update_fields=["banned_at"])
        end_sessions(fan=person)
        withdraw_everything(fan=person, at=at, because=Because.BANNED)
    elif made.kind in LONGEST_DAYS:
        _follow_what_stands(person)
        if made.kind == SanctionKind.SUSPEND:
            set_votes_aside(fan=person)
    _count_in_ledger(made, at)
    message = notices.about_person(
        person=person,
        kind=SanctionKind(made.kind),
        rule=made.rule,
        note=made.reason,
        until=made.until_at,
    )
    notices.tell(person, message)


def _count_in_ledger(made: Sanction, at: datetime) -> None:
    if kind := _DEEDS.get(SanctionKind(made.kind)):
        subject = f"sanction:{made.pk}"
        ledger.record(fan=made.fan, kind=kind, subject=subject, effective_at=at, at=at)


def _count_no_more(made: Sanction, at: datetime) -> None:
    if kind := _DEEDS.get(SanctionKind(made.kind)):
        ledger.reverse(kind=kind, subject=f"sanction:{made.pk}", at=at, reason="overturned")


def _follow_what_stands(person: Fan) -> None:
    """Mute, suspension and ban are what the sanctions in force add up to."""
    ends = {
        kind: person.sanctions.standing().filter(kind=kind).aggregate(last=Max("until_at"))["last"]
        for kind in LONGEST_DAYS
    }
    person.muted_until = ends[SanctionKind.MUTE]
    person.suspended_until = ends[SanctionKind.SUSPEND]
    if not person.sanctions.standing().filter(kind=SanctionKind.BAN).exists():
        person.banned_at = None
    person.save(update_fields=["muted_until", "suspended_until", "banned_at"])


def _record(made: Sanction, by: Fan | None, verb: str, at: datetime, reason: str = "") -> None:
    record(
        actor=by,
        verb=verb,
        subject=f"fan:{made.fan_id}",
        at=at,
        concerns=made.fan,
        scope=_scope_of(made),
        rule=made.rule,
        reason=reason or made.reason,
        **({"until": made.until_at.isoformat()} if made.until_at else {}),
    )


def _scope_of(made: Sanction) -> str:
    """Bans and mutes are for those who judge people; those from the early board, for staff."""
    if made.case is None or made.case.post is None:
        return "site"
    board = made.case.post.thread.board
    return "site" if board.readable_by in _READ_BY_MODERATORS else f"board:{board.pk}"
