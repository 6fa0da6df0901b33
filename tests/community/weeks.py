"""A week whose form is open, and reports for it, made as the database holds them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from community.feature_requests.models import FeatureRequest
from community.fridays.actions.reporting import Grids, file_report
from community.fridays.models import (
    Cycle,
    CycleState,
    ItemKind,
    Release,
    ReleaseItem,
    ReleaseState,
    Report,
)
from community.fridays.times import times_of
from community.products.models import Product, Team
from community.threads.models import ThreadKind
from fans.accounts.models import Fan
from fans.clock.weeks import week_of
from tests.factories import ProductFactory, make_fan, make_staff, make_thread

FRIDAY = date(2026, 11, 20)
RELEASED = datetime(2026, 11, 20, 9, tzinfo=UTC)  # Friday 17:00 in Shanghai
OPENS = datetime(2026, 11, 23, 16, tzinfo=UTC)  # Tuesday 00:00
CLOSES = OPENS + timedelta(days=1)
LATE_CLOSES = CLOSES + timedelta(hours=12)
PUBLISH = datetime(2026, 11, 27, 4, tzinfo=UTC)  # Friday 12:00
TUESDAY = OPENS + timedelta(hours=10)
WEDNESDAY = CLOSES + timedelta(hours=2)


def open_week(
    *, product: Product | None = None, weeks_ago: int = 0, items: int = 3, **fields: Any
) -> Cycle:
    """A released week with a published build of so many new items."""
    friday = FRIDAY - timedelta(weeks=weeks_ago)
    released = RELEASED - timedelta(weeks=weeks_ago)
    cycle = Cycle.objects.create(
        product=product or ProductFactory.create(),
        week=week_of(friday),
        friday=friday,
        state=fields.pop("state", CycleState.COLLECTING),
        released_at=released,
        held_at=fields.pop("held_at", OPENS - timedelta(weeks=weeks_ago)),
        **vars(times_of(friday, 17, released)),
        **fields,
    )
    if items:
        titles = (f"Item {number}" for number in range(1, items + 1))
        add_build(cycle, *titles, version=f"4.{20 - weeks_ago}")
    return cycle


def add_build(cycle: Cycle, *titles: str, version: str = "4.2", **fields: Any) -> Release:
    author = make_staff()
    release = Release.objects.create(
        product=cycle.product,
        cycle=cycle,
        version=version,
        notes="What is new.",
        has_no_known_defects=True,
        state=fields.pop("state", ReleaseState.PUBLISHED),
        created_by=author,
        created_at=RELEASED,
        published_at=RELEASED,
        thread=make_thread(author=author, kind=ThreadKind.RELEASE),
        **fields,
    )
    team, _ = Team.objects.get_or_create(name="Battery", slug="battery")
    for number, title in enumerate(titles, start=1):
        ReleaseItem.objects.create(
            release=release, number=number, kind=ItemKind.NEW, title=title, team=team
        )
    return release


def items_of(cycle: Cycle) -> list[ReleaseItem]:
    return list(ReleaseItem.objects.filter(release__cycle=cycle).order_by("release", "number"))


def make_wish(product: Product, **fields: Any) -> FeatureRequest:
    author = fields.pop("author", None) or make_fan()
    return FeatureRequest.objects.create(
        thread=make_thread(author=author, kind=ThreadKind.REQUEST),
        author=author,
        product=product,
        title=fields.pop("title", "Longer battery life"),
        problem="It is empty by noon.",
        status_at=RELEASED,
        created_at=RELEASED,
        **fields,
    )


def grids(**fields: Any) -> Grids:
    return Grids(**{"overall": 4, "loved_why": "Fast.", "new_need": "A torch.", **fields})


def send(cycle: Cycle, *, fan: Fan | None = None, at: datetime = TUESDAY, **fields: Any) -> Report:
    return file_report(cycle=cycle, fan=fan or make_fan(), grids=grids(**fields), at=at)
