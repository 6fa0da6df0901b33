"""Which weeks a product is going to have, for whoever sets its day (spec §6)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from community.fridays.models import Cycle
from community.fridays.times import Times, first_release_day, release_day_after, times_of
from community.products.models import Product
from fans.clock.weeks import platform_date, week_of
from fans.site.resting import rest_weeks

WEEKS_SHOWN = 3


@dataclass(frozen=True)
class ComingWeek:
    week: str
    times: Times
    is_rest: bool


def next_release_day(
    last: Cycle | None, at: datetime, weekday: int, hour: int, cadence_weeks: int
) -> date:
    """After the last week on the calendar; the first one lies ahead."""
    if last is not None:
        return release_day_after(last.friday, weekday, cadence_weeks)
    day = first_release_day(weekday, platform_date(at))
    return day if times_of(day, hour).release_target_at > at else day + timedelta(weeks=1)


def coming_weeks(
    product: Product, at: datetime, *, weekday: int, hour: int, cadence_weeks: int
) -> list[ComingWeek]:
    """What follows the weeks on the calendar, were the product set so."""
    rests, coming = rest_weeks(), list[ComingWeek]()
    last = product.cycles.newest_first().first()
    day = next_release_day(last, at, weekday, hour, cadence_weeks)
    while len(coming) < WEEKS_SHOWN:
        week = week_of(day)
        coming.append(ComingWeek(week, times_of(day, hour), week in rests))
        day = release_day_after(day, weekday, cadence_weeks)
    return coming
