"""Who won the popcorn award of a week, and whom its builds thank (O5, O6); for whoever reads it."""

from collections.abc import Collection
from dataclasses import dataclass

from community.fridays.models import (
    Award,
    Credit,
    CreditRole,
    Cycle,
    Release,
    ReleaseState,
)
from fans.accounts.models import Fan, Reader

ASKED = (CreditRole.AUTHOR, CreditRole.CO_REQUESTER)
_THANKED_AT_MOST = 500


@dataclass(frozen=True)
class Winner:
    """An award with the fans who asked for what won it; `unnamed` of them chose not to be named."""

    award: Award
    fans: list[Fan]
    unnamed: int


@dataclass(frozen=True)
class Thanked:
    """Fans in one role, and how many more who stay unnamed."""

    role: str
    fans: list[Fan]
    unnamed: int


def winners(cycle: Cycle, reader: Reader) -> list[Winner]:
    """Whoever won it with a build this reader sees: a hidden one is named nowhere."""
    won = awards_of([cycle.pk], reader)
    return winners_among(won, credits_of([award.item.release.pk for award in won]))


def awards_of(cycles: Collection[int], reader: Reader) -> list[Award]:
    seen = Release.objects.visible_to(reader)
    awards = Award.objects.filter(cycle__in=cycles, item__release__in=seen)
    return list(awards.select_related("item__release__product", "team").order_by("cycle", "pk"))


def credits_of(releases: Collection[int]) -> list[Credit]:
    credits = Credit.objects.filter(release__in=releases).select_related("fan__standing", "release")
    return list(credits.order_by("role", "pk")[:_THANKED_AT_MOST])


def winners_among(awards: list[Award], credits: list[Credit]) -> list[Winner]:
    found = []
    for award in awards:
        asked = [c for c in credits if c.item_id == award.item_id and c.role in ASKED]
        fans = {c.fan_id: c.fan for c in asked if not c.is_anonymous}
        hidden = {c.fan_id for c in asked if c.is_anonymous} - fans.keys()
        found.append(Winner(award, list(fans.values()), len(hidden)))
    return found


def thanked(credits: list[Credit]) -> list[Thanked]:
    """By role, each fan once in it; what was recalled thanks nobody in public."""
    out = [credit for credit in credits if credit.release.state == ReleaseState.PUBLISHED]
    found = []
    for role in CreditRole:
        here = [credit for credit in out if credit.role == role]
        fans = {credit.fan_id: credit.fan for credit in here if not credit.is_anonymous}
        hidden = {credit.fan_id for credit in here if credit.is_anonymous} - fans.keys()
        if fans or hidden:
            found.append(Thanked(str(role.label), list(fans.values()), len(hidden)))
    return found
