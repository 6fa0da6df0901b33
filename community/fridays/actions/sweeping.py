"""What a week does by itself, from its stored times (O1).

One sweep after an outage applies every step that has come due, in order and each at the time it
was due and in a transaction of its own, so it ends where ticking every minute would have.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from community.fridays.actions import freezing, publishing
from community.fridays.actions.cycles import (
    let_builds_go,
    lock_cycle,
    rest_cycle,
    resume_cycle,
    set_state,
    skip,
)
from community.fridays.actions.launching import due_build, publish_release
from community.fridays.actions.opening import open_form
from community.fridays.actions.planning import take_snapshot
from community.fridays.models import NO_BUILD, Cycle, CycleState, ReleaseState
from community.fridays.times import snapshot_at
from fans.site.models import RestWeek
from fans.site.resting import begins_at, is_rest_week


class Step(NamedTuple):
    at: datetime
    take: Callable[[Cycle, datetime], None]


def sweep_cycle(*, cycle_id: int, at: datetime) -> int:
    """Take every step that is due; returns how many. Nothing due, nothing changes."""
    taken = 0
    while take_step(cycle_id=cycle_id, at=at):
        taken += 1
    return taken


@transaction.atomic
def take_step(*, cycle_id: int, at: datetime) -> bool:
    """Take the earliest step, at the moment it was due; False when none is due."""
    cycle = lock_cycle(cycle_id)
    step = _next_step(cycle)
    if step is None or step.at > at:
        return False
    step.take(cycle, step.at)
    return True


def next_step_at(cycle_id: int) -> datetime | None:
    """When something happens next in a week, looked at without a lock."""
    step = _next_step(Cycle.objects.select_related("product").get(pk=cycle_id))
    return step.at if step else None


def _next_step(cycle: Cycle) -> Step | None:
    return min(_steps(cycle), key=lambda step: step.at, default=None)


def _steps(cycle: Cycle) -> Iterator[Step]:
    if cycle.snapshot_at is None:
        yield Step(snapshot_at(cycle.friday), take_snapshot)
    if cycle.state == CycleState.SCHEDULED:
        yield _rest_step(cycle) or _build_step(cycle) or Step(cycle.skip_deadline_at, _skip)
    elif cycle.is_rest:
        yield from _steps_of_a_rest_week(cycle)
    elif cycle.state == CycleState.RELEASED:
        yield Step(cycle.report_opens_at, open_form)
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
        build = _build_step(cycle)
        if build and not is_rest_week(cycle.week):
            yield build
    elif cycle.frozen_at is None:
        yield Step(cycle.late_closes_at, _freeze)
    elif cycle.published_at is None and cycle.hold_at is None:
        yield Step(cycle.publish_at, _publish)


def _rest_step(cycle: Cycle) -> Step | None:
    rest = RestWeek.objects.filter(week=cycle.week).first()
    if rest is None:
        return None
    return Step(rest.announced_at, lambda cycle, at: rest_cycle(cycle, rest))


def _steps_of_a_rest_week(cycle: Cycle) -> Iterator[Step]:
    """What was announced may change until the week begins; then its builds are free."""
    rest = RestWeek.objects.filter(week=cycle.week).first()
    begins = begins_at(cycle.week)
    if rest is None:
        yield Step(cycle.skipped_at or begins, lambda cycle, at: resume_cycle(cycle))
    elif rest.reason != cycle.reason:
        yield Step(rest.announced_at, lambda cycle, at: rest_cycle(cycle, rest))
    elif cycle.releases.filter(state=ReleaseState.READY).exists():
        yield Step(begins, lambda cycle, at: let_builds_go(cycle))


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


def _begin_late_window(cycle: Cycle, at: datetime) -> None:
    set_state(cycle, CycleState.LATE_WINDOW)


def _freeze(cycle: Cycle, at: datetime) -> None:
    freezing.freeze(cycle=cycle, at=at)


def _publish(cycle: Cycle, at: datetime) -> None:
    publishing.publish(cycle=cycle, at=at)


def _close(cycle: Cycle, at: datetime) -> None:
    set_state(cycle, CycleState.CLOSED, closed_at=at)
