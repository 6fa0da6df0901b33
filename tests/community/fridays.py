"""Weeks and builds for tests, made through the actions of the site."""

from datetime import datetime, timedelta
from typing import Any

from community.feature_requests.models import FeatureRequest, Status
from community.fridays import actions
from community.fridays.actions import ItemDetails, ReleaseDetails
from community.fridays.models import Cycle, ItemKind, Release
from community.products.models import Product, Team
from fans.accounts.models import Fan
from tests.factories import NOW, ProductFactory, make_staff

TARGET = NOW  # Friday 20 November 2026, 17:00 in Shanghai
BEFORE = TARGET - timedelta(days=2)


def make_cycle(product: Product | None = None, **fields: Any) -> Cycle:
    """The week of Friday 20 November 2026, waiting for its build."""
    [cycle] = actions.schedule_weeks(product=product or ProductFactory.create(), at=BEFORE)
    for name, value in fields.items():
        setattr(cycle, name, value)
    cycle.save()
    return cycle


def make_team(name: str = "Battery") -> Team:
    team, _ = Team.objects.get_or_create(name=name, slug=name.lower())
    return team


def make_draft(
    cycle: Cycle,
    /,
    *wishes: FeatureRequest,
    actor: Fan | None = None,
    version: str = "4.2",
    **fields: Any,
) -> Release:
    """A build that lacks nothing: one item for each wish, and one without."""
    items = [
        ItemDetails(kind=ItemKind.NEW, title=wish.title, team=make_team(), feature_request=wish)
        for wish in wishes
    ]
    items.append(ItemDetails(kind=ItemKind.FIXED, title="Wakes up faster", team=make_team()))
    details = {"version": version, "cycle": cycle, "notes": "What is new.", **fields}
    details.setdefault("has_no_known_defects", not details.get("known_defects"))
    return actions.draft_release(
        product=cycle.product,
        details=ReleaseDetails(**details),
        items=items,
        actor=actor or make_staff(),
        at=BEFORE,
    )


def make_ready(
    cycle: Cycle, *wishes: FeatureRequest, at: datetime = BEFORE, **fields: Any
) -> Release:
    release = make_draft(cycle, *wishes, **fields)
    actions.make_ready(release=release, actor=release.created_by, at=at)
    release.refresh_from_db()
    return release


def make_published(cycle: Cycle, *wishes: FeatureRequest, **fields: Any) -> Release:
    release = make_ready(cycle, *wishes, **fields)
    actions.publish_release(release=release, actor=release.created_by, at=TARGET)
    release.refresh_from_db()
    return release


def on_the_way(wish: FeatureRequest, status: Status = Status.PLANNED) -> FeatureRequest:
    """Past the answers it takes to get there."""
    FeatureRequest.objects.filter(pk=wish.pk).update(status=status, status_at=BEFORE)
    wish.refresh_from_db()
    return wish
