"""Noting something for Tuesday's report (O2)."""

from datetime import datetime

from django.db import transaction

from community.fridays.actions.reporting import Refusal, lock_writer
from community.fridays.models import Cycle, Pin, ReleaseItem, ReleaseState
from community.threads.models import Post
from fans.accounts.models import Fan

MOST_PINS = 50  # a week


class NoWeekRuns(Refusal):
    """Nothing is out that a report could be about, or its report is being counted."""


class TooManyPins(Refusal):
    """Nobody reads fifty notes on a Tuesday."""


@transaction.atomic
def pin_item(
    *, cycle: Cycle, fan: Fan, item: ReleaseItem, grid: str, note: str = "", at: datetime
) -> Pin:
    """Mark an item of this week's build as loved or not good; another mark replaces the first.

    A mark without words keeps those of the one before.
    """
    running = _running(cycle, at)
    if item.release.cycle_id != running.pk or item.release.state != ReleaseState.PUBLISHED:
        raise NoWeekRuns
    owner = lock_writer(fan, at)
    pin = Pin.objects.filter(cycle=running, fan=owner, item=item).first()
    if pin is None:
        _leave_room(running, owner)
        return Pin.objects.create(
            cycle=running, fan=owner, item=item, grid=grid, note=note, pinned_at=at
        )
    pin.grid, pin.note = grid, note or pin.note
    pin.save(update_fields=["grid", "note"])
    return pin


@transaction.atomic
def pin_post(*, cycle: Cycle, fan: Fan, post: Post, at: datetime) -> Pin:
    """Keep a post for one's report; twice is once."""
    running = _running(cycle, at)
    owner = lock_writer(fan, at)
    pin = Pin.objects.filter(cycle=running, fan=owner, post=post).first()
    if pin is None:
        _leave_room(running, owner)
        pin = Pin.objects.create(cycle=running, fan=owner, post=post, pinned_at=at)
    return pin


def unpin(*, pin: Pin) -> None:
    """Take one's note off again."""
    pin.delete()


def _running(cycle: Cycle, at: datetime) -> Cycle:
    running = Cycle.objects.taking_pins(at).filter(pk=cycle.pk).first()
    if running is None:
        raise NoWeekRuns
    return running


def _leave_room(cycle: Cycle, fan: Fan) -> None:
    if Pin.objects.filter(cycle=cycle, fan=fan).count() >= MOST_PINS:
        raise TooManyPins
