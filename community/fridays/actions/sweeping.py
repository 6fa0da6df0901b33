"""What a week does by itself, from its stored times (O1).

One sweep after an outage applies every step that has come due, in order and each at the time it
was due, so it ends where ticking every minute would have.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from community.fridays.actions import freezing, publishing
from community.fridays.actions.cycles import lock_cycle, set_state, skip
from community.fridays.actions.launching import due_build, publish_release
from community.fridays.actions.planning import take_snapshot
from community.fridays.models import NO_BUILD, Cycle, CycleState
from community.fridays.times import snapshot_at
from fans.ledger.actions import note_held_week


class Step(NamedTuple):
    at: datetime
    take: Callable[[Cycle, datetime], None]


@transaction.atomic
def sweep_cycle(*, cycle_id: int, at: datetime) -> int:
    """Take every step that is due; returns how many. Nothing due, nothing changes."""
    cycle = lock_cycle(cycle_id)
    taken = 0
    while (step := _next_step(cycle)) is not None and step.at <= at:
        step.take(cycle, step.at)
        cycle.refresh_from_db()
        taken += 1
    return taken


def _next_step(cycle: Cycle) -> Step | None:
    return min(_steps(cycle), key=lambda step: step.at, default=None)


def _steps(cycle: Cycle) -> Iterator[Step]:
    if cycle.snapshot_at is None:
        yield Step(snapshot_at(cycle.friday), take_snapshot)
    if cycle.state == CycleState.SCHEDULED:
        yield _build_step(cycle) or Step(cycle.skip_deadline_at, _skip)
    elif cycle.state == CycleState.RELEASED:
        yield Step(cycle.report_opens_at, _open)
    elif cycle.state == CycleState.COLLECTING:
        yield Step(cycle.report_closes_at, _begin_late_window)
    elif cycle.state == CycleState.LATE_WINDOW:
        yield Step(cycle.late_closes_at, _freeze)
    elif cycle.state == CycleState.FROZEN and cycle.hold_at is None:
        yield Step(cycle.publish_at, _publish)
    elif cycle.state == CycleState.PUBLISHED and cycle.published_at is not None:
        yield Step(max(cycle.close_at, cycle.published_at), _close)
    elif cycle.state == CycleState.WITHDRAWN:
        yield from _steps_of_a_recalled_week(cycle)


def _steps_of_a_recalled_week(cycle: Cycle) -> Iterator[Step]:
    """A new build brings it back before the deadline; what was reported is counted (O9)."""
    if cycle.held_at is None:
        if build := _build_step(cycle):
            yield build
    elif cycle.frozen_at is None:
        yield Step(cycle.late_closes_at, _freeze)
    elif cycle.published_at is None and cycle.hold_at is None:
        yield Step(cycle.publish_at, _publish)


def _build_step(cycle: Cycle) -> Step | None:
    found = due_build(cycle)
    if found is None:
        return None
    release, due_at = found

    def publish_it(cycle: Cycle, at: datetime) -> None:
        publish_release(release=release, actor=None, at=at)

    return Step(due_at, publish_it)


def _skip(cycle: Cycle, at: datetime) -> None:
    skip(cycle=cycle, reason=NO_BUILD, actor=None, at=at)


def _open(cycle: Cycle, at: datetime) -> None:
    set_state(cycle, CycleState.COLLECTING, held_at=at)
    note_held_week(week=cycle.week, at=at)


def _begin_late_window(cycle: Cycle, at: datetime) -> None:
    set_state(cycle, CycleState.LATE_WINDOW)


def _freeze(cycle: Cycle, at: datetime) -> None:
    freezing.freeze(cycle=cycle, at=at)


def _publish(cycle: Cycle, at: datetime) -> None:
    publishing.publish(cycle=cycle, at=at)


def _close(cycle: Cycle, at: datetime) -> None:
    set_state(cycle, CycleState.CLOSED, closed_at=at)
