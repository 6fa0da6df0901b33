"""The weeks: made ahead, and skipped with a reason."""

from dataclasses import asdict
from datetime import date, datetime, timedelta

from django.db import transaction

from community.fridays.calendar import next_release_day
from community.fridays.models import Cycle, CycleState, ReleaseState
from community.fridays.times import release_day_after, times_of
from community.products.models import Product
from fans.accounts.models import Fan
from fans.audit.actions import record
from fans.clock.weeks import platform_date, week_of
from fans.site.models import RestWeek

CAUGHT_UP = timedelta(days=28)  # weeks an outage swallowed, no further back


class NotInThatState(Exception):
    """The week or the build is not where this can be done."""


class ReasonMissing(Exception):
    """What is taken away in the open is taken away with a reason."""


def schedule_weeks(*, product: Product, at: datetime) -> list[Cycle]:
    """See to it that the next release day of a product stands on the calendar.

    Weeks follow one another at the product's cadence; those an outage swallowed are made too,
    so that each is skipped in the open. A week exists once, whoever makes it.
    """
    made = []
    while friday := _day_to_schedule(product, at):
        cycle, is_new = Cycle.objects.get_or_create(
            product=product,
            week=week_of(friday),
            defaults={"friday": friday, **asdict(times_of(friday, product.hour))},
        )
        if not is_new:
            break
        made.append(cycle)
    return made


def _day_to_schedule(product: Product, at: datetime) -> date | None:
    last = product.cycles.newest_first().first()
    if last is not None and last.release_target_at > at:
        return None
    day = next_release_day(last, at, product.weekday, product.hour, product.cadence_weeks)
    while day < platform_date(at) - CAUGHT_UP:
        day = release_day_after(day, product.weekday, product.cadence_weeks)
    return day


def lock_cycle(pk: int) -> Cycle:
    """First in the order of locks: what happens to a week happens one after the other."""
    cycles = Cycle.objects.select_for_update(of=("self",), no_key=True)
    return cycles.select_related("product").get(pk=pk)


def set_state(cycle: Cycle, state: CycleState, **fields: object) -> None:
    """Called under the cycle's lock."""
    for name, value in {"state": state, **fields}.items():
        setattr(cycle, name, value)
    cycle.save(update_fields=["state", *fields])


def rest_cycle(cycle: Cycle, rest: RestWeek) -> None:
    """Everybody rests that week, as announced: no build, no form, no award (O8). A build that is
    ready waits until the week has begun, for the rest may be taken back.
    """
    set_state(
        cycle, CycleState.SKIPPED, is_rest=True, skipped_at=rest.announced_at, reason=rest.reason
    )


def resume_cycle(cycle: Cycle) -> None:
    """The rest was taken back before the week began: it waits for its build again."""
    set_state(cycle, CycleState.SCHEDULED, is_rest=False, skipped_at=None, reason="")


def let_builds_go(cycle: Cycle) -> None:
    """What missed its week is a draft again, to be given another."""
    cycle.releases.filter(state=ReleaseState.READY).update(
        state=ReleaseState.DRAFT, early_from=None
    )


@transaction.atomic
def skip(*, cycle: Cycle, reason: str, actor: Fan | None, at: datetime) -> bool:
    """No build this week: no form, no ballot, no award, and nobody loses anything (O8)."""
    locked = lock_cycle(cycle.pk)
    if locked.state == CycleState.SKIPPED:
        return False
    if locked.state != CycleState.SCHEDULED:
        raise NotInThatState
    if not reason.strip():
        raise ReasonMissing
    set_state(locked, CycleState.SKIPPED, skipped_at=at, reason=reason.strip())
    let_builds_go(locked)
    record(actor=actor, verb="week skipped", subject=locked.subject, at=at, reason=locked.reason)
    return True
