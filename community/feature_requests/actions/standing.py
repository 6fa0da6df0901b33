"""Whose votes count: those of active fans, from the 7th day of an account (F2, F3)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce

from community.feature_requests.actions.counting import (
    change_voice,
    rows_shown_as,
    voice_of,
    write_tally,
)
from community.feature_requests.actions.locking import (
    lock_marked_wishes,
    lock_open_wishes,
    lock_shown,
)
from community.feature_requests.actions.voting import take_out, votes_of
from community.feature_requests.models import FeatureRequest, Vote
from fans.accounts.models import Fan, Role
from fans.places.models import RegionLevel

_GONE = (
    Q(fan__role__in=[Role.STAFF, Role.ADMIN])
    | Q(fan__banned_at__isnull=False)
    | Q(fan__erased_at__isnull=False)
)


@transaction.atomic
def count_young_vote(*, vote: Vote, at: datetime) -> None:
    """The account is 7 days old now, or a suspension over: its vote counts (F2, F3). Again
    changes nothing.
    """
    wish = lock_shown(vote.feature_request)
    if not wish.takes_votes or not Vote.objects.due(at).filter(pk=vote.pk).exists():
        return
    was = voice_of(votes_of(vote.fan, wish))
    Vote.objects.filter(pk=vote.pk).update(counted_at=at)
    change_voice(wish, was=was, now=voice_of(votes_of(vote.fan, wish)), at=at)


@transaction.atomic
def set_votes_aside(*, fan: Fan) -> None:
    """Somebody is suspended or leaves: their open votes stand and count no more (F3).

    Once they may act again, the sweep of young votes counts them.
    """
    for wish in lock_open_wishes(fan):
        counted = list(votes_of(fan, wish).counted())
        Vote.objects.filter(pk__in=[vote.pk for vote in counted]).update(counted_at=None)
        change_voice(wish, was=voice_of(counted))


@transaction.atomic
def withdraw_all_votes(*, fan: Fan) -> None:
    """Every open vote goes back: an office, a ban, a farewell. Frozen tallies stay (A5)."""
    for wish in lock_open_wishes(fan):
        take_out(wish, list(votes_of(fan, wish)))


def stand_again(locked: FeatureRequest, at: datetime) -> None:
    """What had ended is open again (F4, F7, F8): so are its votes, but for those of people who
    left or hold an office by now; of the suspended they wait. One count in the database.
    """
    votes = Vote.objects.filter(feature_request__in=rows_shown_as(locked))
    votes.filter(_GONE).delete()
    away = Q(fan__suspended_until__gt=at) | Q(fan__leaving_at__isnull=False)
    votes.counted().filter(away).update(counted_at=None)
    write_tally(locked, at)


@transaction.atomic
def forget_region(*, fan: Fan) -> None:
    """Consent is taken back: the mark comes off every vote, on what has ended too (the lens).

    The fan is held when this returns: no vote is cast with a consent that is going.
    """
    wishes = lock_marked_wishes(fan)
    if not wishes:
        return
    votes = Vote.objects.filter(fan=fan.pk)
    shown = votes.annotate(shown=Coalesce("feature_request__shown_as", "feature_request"))
    by_wish: dict[int, list[Vote]] = {wish.pk: [] for wish in wishes}
    for vote in shown.filter(shown__in=by_wish):
        by_wish[vote.shown].append(vote)  # type: ignore[attr-defined]
    votes.with_region().update(region_level=RegionLevel.UNKNOWN)
    for wish in wishes:
        was = voice_of(by_wish[wish.pk])
        for vote in by_wish[wish.pk]:
            vote.region_level = RegionLevel.UNKNOWN
        change_voice(wish, was=was, now=voice_of(by_wish[wish.pk]))
