"""Which sentences of the reports a week shows, and under which name (O7)."""

from collections.abc import Iterable
from dataclasses import dataclass

from community.fridays.models import Cycle, Grid, Quotation
from fans.accounts.models import Fan


@dataclass(frozen=True)
class Quoted:
    """A sentence as everyone reads it; without a name where its fan wants none, or is gone."""

    quotation: Quotation
    fan: Fan | None

    @property
    def owner_id(self) -> int:
        return self.quotation.report.fan_id


def quotations_shown(cycle: Cycle) -> dict[str, list[Quoted]]:
    """At least as many from what is not good enough as from what is loved, whatever was taken
    back. Costs one query.
    """
    standing = cycle.quotations.standing().select_related(
        "report__fan__standing", "report__fan__avatar"
    )
    shown: dict[str, list[Quoted]] = {Grid.LOVED.value: [], Grid.NOT_GOOD.value: []}
    for one in balanced(standing):
        shown[one.grid].append(Quoted(one, _named(one)))
    return shown


def balanced(quotations: Iterable[Quotation]) -> list[Quotation]:
    """The first chosen of them, never more from ① than from ②; a report is quoted once a grid,
    so each is another fan.
    """
    ordered = sorted(quotations, key=lambda one: (one.chosen_at, one.pk))
    not_good = [one for one in ordered if one.grid == Grid.NOT_GOOD]
    loved = [one for one in ordered if one.grid == Grid.LOVED]
    return [*loved[: len(not_good)], *not_good]


def _named(quotation: Quotation) -> Fan | None:
    fan = quotation.report.fan
    is_gone = fan.banned_at is not None or fan.leaving_at is not None
    return fan if quotation.is_named and not is_gone else None
