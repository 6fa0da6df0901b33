"""The popcorn ballot (O5)."""

from datetime import datetime, timedelta

from django.db import transaction

from community.fridays.actions.reporting import Refusal, lock_week, lock_writer
from community.fridays.listing import candidates_of
from community.fridays.models import Ballot, Cycle, ReleaseItem
from fans.accounts.models import Fan
from fans.ledger.actions import note_act

LEAST_AGE = timedelta(days=7)


class BallotClosed(Refusal):
    """The day is over, or has not come, or there is no week to vote in."""


class AccountTooYoung(Refusal):
    """They may from `may_from` on."""

    def __init__(self, may_from: datetime) -> None:
        super().__init__(may_from)
        self.may_from = may_from


class NoCandidate(Refusal):
    """Not a new or improved item of a build of this week that is out."""


def may_ballot_from(fan: Fan) -> datetime:
    return fan.joined_at + LEAST_AGE


@transaction.atomic
def cast_ballot(*, cycle: Cycle, fan: Fan, item: ReleaseItem, at: datetime) -> Ballot:
    """Give one's voice to one item; another choice before the close replaces it."""
    locked = lock_week(cycle)
    if not locked.takes_ballots(at):
        raise BallotClosed
    voter = lock_writer(fan, at)
    if at < (may_from := may_ballot_from(voter)):
        raise AccountTooYoung(may_from)
    if not candidates_of(locked).filter(pk=item.pk).exists():
        raise NoCandidate
    ballot, is_new = Ballot.objects.get_or_create(
        cycle=locked, fan=voter, defaults={"item": item, "cast_at": at}
    )
    if not is_new and ballot.item_id != item.pk:
        ballot.item, ballot.cast_at = item, at
        ballot.save(update_fields=["item", "cast_at"])
    if is_new:
        note_act(fan=voter, at=at)
    return ballot
