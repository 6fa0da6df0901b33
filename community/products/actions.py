"""What the company does with its products, teams and tags. None is deleted: words point to them."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TypeVar

from django.db import models, transaction

from community.products.models import Product, Tag, Team, UserBase
from community.products.users import SEGMENTS
from fans.accounts.actions import reserve_name
from fans.accounts.models import Fan
from fans.audit.actions import record
from fans.site.freshness import renew_stamp

R = TypeVar("R", bound=models.Model)


class SlugTaken(Exception):
    """Another product, team or tag has this address."""


class NotWhole(Exception):
    """A segment is missing or unknown, or nobody is counted at all."""


class NotStaff(Exception):
    """A team answers for the company: only staff belong to one (spec §1)."""


@dataclass(frozen=True, kw_only=True)
class ProductDetails:
    name: str
    slug: str
    tagline: str = ""
    weekday: int = 4
    hour: int = 17
    cadence_weeks: int = 1
    is_main: bool = False


@dataclass(frozen=True, kw_only=True)
class TeamDetails:
    name: str
    slug: str


@dataclass(frozen=True, kw_only=True)
class TagDetails:
    name: str
    slug: str
    name_zh_hans: str = ""
    name_zh_hant: str = ""


@dataclass(frozen=True, kw_only=True)
class UserCounts:
    """How many users stand in each segment of one dimension, and who says so."""

    dimension: str
    counts: Mapping[str, int]
    source: str
    counted_on: date


@transaction.atomic
def create_product(*, details: ProductDetails, actor: Fan, at: datetime) -> Product:
    """Name something the company makes. Sent twice, it is named once."""
    products = list(Product.objects.select_for_update(no_key=True).order_by("pk"))
    same = next((product for product in products if product.slug == details.slug), None)
    if same is not None:
        return _same_or_refused(same, details)
    if details.is_main:
        Product.objects.filter(is_main=True).update(is_main=False)
    position = max((product.position for product in products), default=0) + 1
    product = Product.objects.create(position=position, **_values(details))
    record(actor=actor, verb="product created", subject=f"product:{product.pk}", at=at)
    transaction.on_commit(renew_stamp)
    return product


@transaction.atomic
def change_product(*, product: Product, details: ProductDetails, actor: Fan, at: datetime) -> bool:
    """Change what a product is called and how often it ships; False when it was so already.

    The site has one main product: naming another takes the place from the last.
    """
    locked = {one.pk: one for one in Product.objects.select_for_update(no_key=True).order_by("pk")}
    differing = _differing(locked[product.pk], details)
    if not differing:
        return False
    if any(one.slug == details.slug for pk, one in locked.items() if pk != product.pk):
        raise SlugTaken
    if details.is_main:
        Product.objects.filter(is_main=True).exclude(pk=product.pk).update(is_main=False)
    _write(locked[product.pk], details, differing)
    record(
        actor=actor, verb="product changed", subject=f"product:{product.pk}", at=at,
        changed=differing,
    )  # fmt: skip
    transaction.on_commit(renew_stamp)
    return True


@transaction.atomic
def retire_product(*, product: Product, actor: Fan, at: datetime) -> bool:
    """Stop making it; what was said of it stays. False when it was retired."""
    return _put_aside(product, at, "retired", actor=actor, at=at)


@transaction.atomic
def resume_product(*, product: Product, actor: Fan, at: datetime) -> bool:
    """Make it again; False when it was never retired."""
    return _put_aside(product, None, "resumed", actor=actor, at=at)


@transaction.atomic
def create_team(*, details: TeamDetails, actor: Fan, at: datetime) -> Team:
    """Name people who answer together. Sent twice, they are named once."""
    teams = list(Team.objects.select_for_update(no_key=True).order_by("pk"))
    same = next((team for team in teams if team.slug == details.slug), None)
    if same is not None:
        return _same_or_refused(same, details)
    team = Team.objects.create(**_values(details))
    reserve_name(name=team.name, kept_for=f"team:{team.pk}")
    record(actor=actor, verb="team created", subject=f"team:{team.pk}", at=at)
    return team


@transaction.atomic
def change_team(*, team: Team, details: TeamDetails, actor: Fan, at: datetime) -> bool:
    """Call a team otherwise; False when it was so already."""
    locked = {one.pk: one for one in Team.objects.select_for_update(no_key=True).order_by("pk")}
    differing = _differing(locked[team.pk], details)
    if not differing:
        return False
    if any(one.slug == details.slug for pk, one in locked.items() if pk != team.pk):
        raise SlugTaken
    _write(locked[team.pk], details, differing)
    reserve_name(name=details.name, kept_for=f"team:{team.pk}")
    record(actor=actor, verb="team changed", subject=f"team:{team.pk}", at=at, changed=differing)
    return True


@transaction.atomic
def join_team(*, team: Team, fan: Fan, actor: Fan, at: datetime) -> bool:
    """Let a member of staff answer in the team's name; False when they did already."""
    locked = Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    member = Fan.objects.select_for_update(no_key=True).get(pk=fan.pk)
    if not member.is_staff:
        raise NotStaff
    if locked.members.filter(pk=member.pk).exists():
        return False
    locked.members.add(member)
    record(actor=actor, verb="team joined", subject=f"team:{team.pk}", at=at, concerns=member)
    return True


@transaction.atomic
def leave_team(*, team: Team, fan: Fan, actor: Fan, at: datetime) -> bool:
    """Take somebody out of a team; False when they were not in it."""
    locked = Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    if not locked.members.filter(pk=fan.pk).exists():
        return False
    locked.members.remove(fan)
    record(actor=actor, verb="team left", subject=f"team:{team.pk}", at=at, concerns=fan)
    return True


@transaction.atomic
def create_tag(*, details: TagDetails, actor: Fan, at: datetime) -> Tag:
    """Name a subject that runs through products. Sent twice, it is named once."""
    tags = list(Tag.objects.select_for_update(no_key=True).order_by("pk"))
    same = next((tag for tag in tags if tag.slug == details.slug), None)
    if same is not None:
        return _same_or_refused(same, details)
    tag = Tag.objects.create(**_values(details))
    record(actor=actor, verb="tag created", subject=f"tag:{tag.pk}", at=at)
    transaction.on_commit(renew_stamp)
    return tag


@transaction.atomic
def change_tag(*, tag: Tag, details: TagDetails, actor: Fan, at: datetime) -> bool:
    """Call a subject otherwise, in any language; False when it was so already."""
    locked = {one.pk: one for one in Tag.objects.select_for_update(no_key=True).order_by("pk")}
    differing = _differing(locked[tag.pk], details)
    if not differing:
        return False
    if any(one.slug == details.slug for pk, one in locked.items() if pk != tag.pk):
        raise SlugTaken
    _write(locked[tag.pk], details, differing)
    record(actor=actor, verb="tag changed", subject=f"tag:{tag.pk}", at=at, changed=differing)
    transaction.on_commit(renew_stamp)
    return True


@transaction.atomic
def retire_tag(*, tag: Tag, actor: Fan, at: datetime) -> bool:
    """Offer it no more; wishes keep it unseen, for the day it comes back. False when it was."""
    return _put_aside(tag, at, "retired", actor=actor, at=at)


@transaction.atomic
def resume_tag(*, tag: Tag, actor: Fan, at: datetime) -> bool:
    """Offer it again, on every wish that had it; False when it was never retired."""
    return _put_aside(tag, None, "resumed", actor=actor, at=at)


def _put_aside(
    thing: Product | Tag, retired_at: datetime | None, verb: str, *, actor: Fan, at: datetime
) -> bool:
    """Retire it, or bring it back; whether it was not so already."""
    kind = thing._meta.model_name
    row = type(thing)._default_manager.filter(pk=thing.pk)
    if not row.filter(retired_at__isnull=retired_at is not None).update(retired_at=retired_at):
        return False
    record(actor=actor, verb=f"{kind} {verb}", subject=f"{kind}:{thing.pk}", at=at)
    transaction.on_commit(renew_stamp)
    return True


@transaction.atomic
def enter_users(*, product: Product, counts: UserCounts, actor: Fan, at: datetime) -> bool:
    """Say how many users stand in each segment; False when it was said so already."""
    if set(counts.counts) != set(SEGMENTS[counts.dimension]) or not any(counts.counts.values()):
        raise NotWhole
    known = _locked(product, counts.dimension)
    said = {(row.segment, row.count, row.source, row.counted_on) for row in known}
    wanted = {(key, n, counts.source, counts.counted_on) for key, n in counts.counts.items()}
    if said == wanted:
        return False
    product.user_base.filter(dimension=counts.dimension).delete()
    UserBase.objects.bulk_create(
        UserBase(
            product=product,
            dimension=counts.dimension,
            segment=segment,
            count=count,
            source=counts.source,
            counted_on=counts.counted_on,
            entered_by=actor,
            entered_at=at,
        )
        for segment, count in counts.counts.items()
    )
    record(
        actor=actor,
        verb="users entered",
        subject=f"product:{product.pk}",
        at=at,
        dimension=counts.dimension,
        counts=dict(counts.counts),
        source=counts.source,
        counted_on=counts.counted_on.isoformat(),
        before={row.segment: row.count for row in known},
    )
    return True


@transaction.atomic
def withdraw_users(*, product: Product, dimension: str, actor: Fan, at: datetime) -> bool:
    """Measure voices against the fans again; False when nothing was entered."""
    known = _locked(product, dimension)
    if not known:
        return False
    product.user_base.filter(dimension=dimension).delete()
    record(
        actor=actor,
        verb="users withdrawn",
        subject=f"product:{product.pk}",
        at=at,
        dimension=dimension,
        before={row.segment: row.count for row in known},
    )
    return True


def _locked(product: Product, dimension: str) -> list[UserBase]:
    # Two who enter the same dimension queue up behind the product: it is never half of each.
    Product.objects.select_for_update(no_key=True).get(pk=product.pk)
    return list(product.user_base.filter(dimension=dimension).order_by("pk"))


Details = ProductDetails | TeamDetails | TagDetails


def _values(details: Details) -> dict[str, object]:
    return {field.name: getattr(details, field.name) for field in fields(details)}


def _differing(row: models.Model, details: Details) -> list[str]:
    return [name for name, value in _values(details).items() if getattr(row, name) != value]


def _same_or_refused(row: R, details: Details) -> R:
    if _differing(row, details):
        raise SlugTaken
    return row


def _write(row: models.Model, details: Details, differing: list[str]) -> None:
    for name in differing:
        setattr(row, name, getattr(details, name))
    row.save(update_fields=differing)
