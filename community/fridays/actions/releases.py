"""A build before it is out: written down, and ready when nothing is missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from community.feature_requests.models import FeatureRequest
from community.feedback.models import FeedbackItem
from community.fridays.actions.cycles import NotInThatState
from community.fridays.models import (
    WAITS_FOR_A_BUILD,
    Cycle,
    CycleState,
    Release,
    ReleaseItem,
    ReleaseState,
)
from community.fridays.times import EARLY_NOTES
from community.products.models import Product, Team
from fans.accounts.models import Fan
from fans.audit.actions import record
from fans.site.resting import is_rest_week


class VersionTaken(Exception):
    """The product has a build of this name."""


class Incomplete(Exception):
    """Names what a build lacks before it is ready: version, notes, known_defects, items, cycle."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(missing)
        self.missing = missing


class TooLate(Exception):
    """The deadline of the week has passed, or the week has ended."""


@dataclass(frozen=True, kw_only=True)
class ItemDetails:
    kind: str
    title: str
    team: Team
    feature_request: FeatureRequest | None = None
    fixes: tuple[FeedbackItem, ...] = ()  # faults that fans told us of


@dataclass(frozen=True, kw_only=True)
class ReleaseDetails:
    version: str
    cycle: Cycle | None = None
    notes: str = ""
    known_defects: str = ""
    has_no_known_defects: bool = False


@transaction.atomic
def draft_release(
    *,
    product: Product,
    details: ReleaseDetails,
    items: Iterable[ItemDetails],
    actor: Fan,
    at: datetime,
) -> Release:
    """Begin to write a build down. The same form sent twice is one draft."""
    Product.objects.select_for_update(no_key=True).get(pk=product.pk)
    known = Release.objects.filter(product=product, version=details.version).first()
    if known is None:
        known = Release.objects.create(
            product=product, version=details.version, created_by=actor, created_at=at
        )
        record(actor=actor, verb="release drafted", subject=known.subject, at=at)
    elif known.state != ReleaseState.DRAFT or known.created_by_id != actor.pk:
        raise VersionTaken
    change_release(release=known, details=details, items=items, actor=actor, at=at)
    known.refresh_from_db()
    return known


@transaction.atomic
def change_release(
    *,
    release: Release,
    details: ReleaseDetails,
    items: Iterable[ItemDetails],
    actor: Fan,
    at: datetime,
) -> None:
    """Write a draft anew; its items are numbered as they stand, here and on paper."""
    locked = lock_release(release)
    if locked.state != ReleaseState.DRAFT:
        raise NotInThatState
    others = Release.objects.filter(product=locked.product_id, version=details.version)
    if others.exclude(pk=locked.pk).exists():
        raise VersionTaken
    values = vars(details)
    for name, value in values.items():
        setattr(locked, name, value)
    locked.save(update_fields=list(values))
    locked.items.all().delete()
    for number, item in enumerate(items, 1):
        said = vars(item) | {"release": locked, "number": number}
        fixes = said.pop("fixes")
        ReleaseItem.objects.create(**said).fixes.set(fixes)


@transaction.atomic
def make_ready(*, release: Release, actor: Fan, at: datetime) -> bool:
    """Nothing is missing: core fans read it from 24 h before, the sweep publishes it in time."""
    locked = lock_release(release)
    if locked.state == ReleaseState.READY:
        return False
    if locked.state != ReleaseState.DRAFT:
        raise NotInThatState
    if missing := missing_in(locked):
        raise Incomplete(missing)
    cycle = locked.cycle
    assert cycle is not None  # noqa: S101 - among what may be missing
    if not still_takes_a_build(cycle, at):
        raise TooLate
    locked.state = ReleaseState.READY
    locked.early_from = max(at, cycle.release_target_at - EARLY_NOTES)
    locked.save(update_fields=["state", "early_from"])
    record(actor=actor, verb="release ready", subject=locked.subject, at=at)
    return True


@transaction.atomic
def take_back(*, release: Release, actor: Fan, at: datetime) -> bool:
    """Not ready after all: a draft again, read by staff alone."""
    locked = lock_release(release)
    if locked.state == ReleaseState.DRAFT:
        return False
    if locked.state != ReleaseState.READY:
        raise NotInThatState
    locked.state, locked.early_from = ReleaseState.DRAFT, None
    locked.save(update_fields=["state", "early_from"])
    record(actor=actor, verb="release taken back", subject=locked.subject, at=at)
    return True


def missing_in(release: Release) -> list[str]:
    has = {
        "version": bool(release.version),
        "cycle": release.cycle_id is not None,
        "notes": bool(release.notes.strip()),
        "known_defects": bool(release.known_defects.strip()) or release.has_no_known_defects,
        "items": release.items.exists(),
    }
    return [name for name, is_there in has.items() if not is_there]


def lock_release(release: Release) -> Release:
    """After the week it is of, where that is locked too."""
    rows = Release.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("product", "created_by", "cycle").get(pk=release.pk)


def still_takes_a_build(cycle: Cycle, at: datetime) -> bool:
    """Its build before the deadline, unless all rest; a hotfix as long as the week goes on."""
    if cycle.state in WAITS_FOR_A_BUILD and cycle.held_at is None:
        return at < cycle.skip_deadline_at and not is_rest_week(cycle.week)
    goes_on = at < cycle.close_at or cycle.hold_at is not None  # O1: whether a worker came or not
    return goes_on and not cycle.has_ended and cycle.state != CycleState.WITHDRAWN
