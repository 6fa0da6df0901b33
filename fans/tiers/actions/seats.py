"""Seats of honorary developers: offered in the weekly run alone, by rank (T10)."""

from datetime import datetime

from django.db import transaction

from fans.accounts.models import Fan
from fans.site.resting import passes_at, rest_weeks
from fans.tiers import notices
from fans.tiers.actions.refusals import NotAllowed, OfferGone
from fans.tiers.actions.standing import come_to, lock_rules, lock_standing
from fans.tiers.deciding import Assessment, assess
from fans.tiers.models import (
    Nomination,
    NominationState,
    Tier,
    TierRules,
    TierRun,
    TierStanding,
)
from fans.tiers.rules import APPROVAL_LASTS, OFFER_STANDS


def offer_seats(*, run: TierRun, rules: TierRules, at: datetime) -> list[Nomination]:
    """Offer what is free to the best of those approved; `rules` is locked (T10)."""
    _let_grow_stale(at)
    _let_lapse(at)
    free = rules.seat_limit - seats_taken()
    if free <= 0:
        return []
    offered = ranked(at)[:free]
    for nomination in offered:
        nomination.offered_at, nomination.offered_until = at, _offer_ends_at(at)
        nomination.run = run
        _come_to(nomination, NominationState.OFFERED, at, "offered_at", "offered_until", "run")
        notices.tell_seat(nomination=nomination, kind=notices.SeatOffered, at=at)
    return offered


def seats_taken() -> int:
    """Seated and offered together."""
    seated = TierStanding.objects.filter(tier=Tier.HONORARY_DEV).count()
    return seated + Nomination.objects.filter(state=NominationState.OFFERED).count()


def ranked(at: datetime) -> list[Nomination]:
    """Those approved who may be seated, best first: score180 ↓, product deeds ↓, approval ↑, id ↑."""
    approved = list(
        Nomination.objects.filter(
            state=NominationState.APPROVED,
            nominee__in=Fan.objects.active(at),
            nominee__standing__tier=Tier.CORE,
        ).select_related("nominee__standing")
    )
    found = {each.fan.pk: each for each in assess([n.nominee for n in approved], at)}
    return sorted(approved, key=lambda nomination: _rank(nomination, found[nomination.nominee_id]))


def _rank(nomination: Nomination, found: Assessment) -> tuple[int, int, datetime, int]:
    approved_at = nomination.approved_at or nomination.state_at
    return (-found.facts.score180, -found.facts.product180, approved_at, nomination.pk)


@transaction.atomic
def accept_seat(*, nomination: Nomination, fan: Fan, at: datetime) -> Nomination:
    """The fan takes the seat, protected for 28 days (T2). Twice is the same as once."""
    locked = _lock_for(nomination, fan)
    if locked.state == NominationState.SEATED:
        return locked
    standing = lock_standing(fan.pk)
    if not locked.is_offer_open(at) or standing is None or standing.tier != Tier.CORE:
        raise OfferGone
    _come_to(locked, NominationState.SEATED, at)
    come_to(fan=fan, tier=Tier.HONORARY_DEV, reason="seat", at=at)
    return locked


@transaction.atomic
def decline_seat(*, nomination: Nomination, fan: Fan, at: datetime) -> Nomination:
    """The fan leaves the seat to another; the next run offers it. Twice is the same as once."""
    locked = _lock_for(nomination, fan)
    if locked.state == NominationState.DECLINED:
        return locked
    if not locked.is_offer_open(at):
        raise OfferGone
    _come_to(locked, NominationState.DECLINED, at)
    return locked


@transaction.atomic
def let_offers_lapse(*, at: datetime) -> int:
    """T10: an offer stands 7 days, longer by a rest week (T8)."""
    lock_rules()
    return _let_lapse(at)


def _lock_for(nomination: Nomination, fan: Fan) -> Nomination:
    # The seats' own lock first: a run that counts them meanwhile sees each once.
    lock_rules()
    locked: Nomination = Nomination.objects.select_for_update(no_key=True).get(pk=nomination.pk)
    if locked.nominee_id != fan.pk:
        raise NotAllowed
    if locked.state == NominationState.OFFERED:
        _follow_rest(locked)
    return locked


def _offer_ends_at(offered_at: datetime) -> datetime:
    return passes_at(offered_at, OFFER_STANDS, rest_weeks())


def _follow_rest(offer: Nomination) -> None:
    """What was announced or taken back since the offer was made moves its end (T8)."""
    if offer.offered_at and offer.offered_until != (ends_at := _offer_ends_at(offer.offered_at)):
        offer.offered_until = ends_at
        offer.save(update_fields=["offered_until"])


def _let_lapse(at: datetime) -> int:
    offers = list(Nomination.objects.filter(state=NominationState.OFFERED).order_by("pk"))
    for offer in offers:
        _follow_rest(offer)
    lapsed = [offer for offer in offers if not offer.is_offer_open(at)]
    for nomination in lapsed:
        _come_to(nomination, NominationState.LAPSED, at)
        notices.tell_seat(nomination=nomination, kind=notices.SeatLapsed, at=at)
    return len(lapsed)


def _let_grow_stale(at: datetime) -> None:
    """T12: an approval is worth 90 days."""
    Nomination.objects.filter(
        state=NominationState.APPROVED, approved_at__lte=at - APPROVAL_LASTS
    ).update(state=NominationState.STALE, state_at=at)


def _come_to(nomination: Nomination, state: NominationState, at: datetime, *fields: str) -> None:
    nomination.state, nomination.state_at = state, at
    nomination.save(update_fields=["state", "state_at", *fields])
