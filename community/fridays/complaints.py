"""What most fans found not good enough in a week, and what the company says to it (O4, O7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from community.fridays.models import ComplaintAnswer, Cycle, ReleaseItem

MOST = 5


@dataclass(frozen=True)
class Complaint:
    """A thing in the build, or an area fans named themselves, and how many complained of it."""

    count: int
    item: ReleaseItem | None = None
    area: str = ""
    answer: ComplaintAnswer | None = None

    @property
    def title(self) -> str:
        return self.item.title if self.item else self.area

    @property
    def key(self) -> str:
        return f"item:{self.item.pk}" if self.item else f"area:{self.area}"


def item_in(cycle: Cycle, number: int | None) -> ReleaseItem | None:
    items = ReleaseItem.objects.filter(release__cycle=cycle).select_related("release")
    return items.filter(pk=number).first() if number else None


def areas_of(cycle: Cycle) -> list[str]:
    """The areas that stand in the newest count: each of five fans at least."""
    newest = cycle.weekly_reports.order_by("-version").first()
    return [row["area"] for row in newest.figures.get("areas") or []] if newest else []


def complaints_of(cycle: Cycle, figures: Mapping[str, Any]) -> list[Complaint]:
    """The five that most fans named, most first. Costs two queries."""
    items = {
        item.pk: item
        for item in ReleaseItem.objects.filter(release__cycle=cycle).select_related(
            "team", "release"
        )
    }
    answers = {
        (answer.item_id, answer.area): answer
        for answer in cycle.answers.select_related("answered_by")
    }
    return [
        Complaint(count, items.get(item or 0), area, answers.get((item, area)))
        for count, item, area in top_of(figures)
        if area or item in items
    ]


def top_of(figures: Mapping[str, Any]) -> list[tuple[int, int | None, str]]:
    """(count, item, area), most first; nothing where there are too few for numbers."""
    said = [(row["not_good"], row["item"], "") for row in figures.get("items") or []]
    said += [(row["count"], None, row["area"]) for row in figures.get("areas") or []]
    named = [one for one in said if one[0]]
    return sorted(named, key=lambda one: (-one[0], one[2], one[1] or 0))[:MOST]
