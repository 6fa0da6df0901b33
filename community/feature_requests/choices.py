"""What can be chosen on the board, each choice as the address it leads to."""

from dataclasses import dataclass
from typing import Any

from django.utils.http import urlencode
from django.utils.translation import gettext as _

from community.feature_requests.listing import RANKINGS, SHOWS, STATUSES, Filters
from community.feature_requests.models import Lens, Stage
from community.products.offered import offered
from fans.site.freshness import current_stamp

BOARD = "/requests/"
OFFERED = 60


@dataclass(frozen=True, slots=True)
class Choice:
    label: str
    address: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Menu:
    name: str  # of the key in the address
    label: str
    choices: list[Choice]


def address_of(filters: Filters, **more: str) -> str:
    query = urlencode({**filters.kept, **more})
    return f"{BOARD}?{query}" if query else BOARD


def shows_of(filters: Filters, *, signed_in: bool) -> list[Choice]:
    names = {
        "trending": _("Trending"),
        "wanted": _("Most wanted"),
        "newest": _("Newest"),
        "mine": _("Mine"),
    }
    plain = filters.but(q="", lens=Lens.EVERYONE)
    return [
        Choice(
            names[show],
            address_of(
                filters.but(q="", show=show)
                if show in RANKINGS and (show, filters.lens) != ("trending", Lens.OFFLINE)
                else plain.but(show=show)
            ),
            show == filters.show and not filters.q,
        )
        for show in SHOWS
        if show != "mine" or signed_in
    ]


def menus_of(filters: Filters) -> list[Menu]:
    """One menu for each thing the list can be narrowed by, where there is something to choose."""
    statuses = [("open", _("All open")), ("all", _("Any status"))]
    statuses += [(status.value, str(status.label)) for status in STATUSES]
    chosen = filters.status or ("open" if filters.is_ranking else "all")
    menus = [Menu("status", _("Status"), _choices(filters, "status", statuses, chosen))]
    products, tags = offered(current_stamp())
    others = [
        ("product", _("Product"), [(product.slug, product.name) for product in products[:OFFERED]]),
        ("tag", _("Tag"), [(tag.slug, tag.label) for tag in tags[:OFFERED]]),
        ("stage", _("Stage"), [(stage.value, str(stage.label)) for stage in Stage]),
    ]
    for name, label, values in others:
        if len(values) > (name == "product"):  # one product is no choice
            given = _choices(filters, name, [("", _("All")), *values], getattr(filters, name))
            menus.append(Menu(name, label, given))
    return menus


def lenses_of(filters: Filters) -> list[Choice]:
    """Through whose eyes: of rankings alone; what was heard offline has no trend."""
    if not filters.is_ranking:
        return []
    lenses = [lens for lens in Lens if (filters.show, lens) != ("trending", Lens.OFFLINE)]
    given = [(lens.value, str(lens.label)) for lens in lenses]
    return _choices(filters, "lens", given, filters.lens.value)


def removable(filters: Filters, menus: list[Menu]) -> list[Choice]:
    """What narrows the list now, each with the address of the list without it."""
    names = {
        menu.name: choice.label for menu in menus for choice in menu.choices if choice.is_chosen
    }
    chips = [
        Choice(names.get(name) or value, address_of(filters.but(**{name: ""})))
        for name in ("status", "product", "tag", "stage")
        if (value := getattr(filters, name))
    ]
    if filters.q:
        words = _("“%(words)s”") % {"words": filters.q}
        chips.insert(0, Choice(words, address_of(filters.but(q=""))))
    return chips


def explained(lens: Lens) -> str:
    """Whose eyes these are, in a sentence."""
    return {
        Lens.EVERYONE: "",
        Lens.COUNTY: _(
            "Only votes of fans who told us that they live in a county or a township, "
            "and agreed that it counts."
        ),
        Lens.NEWCOMERS: _("Only votes that fans cast in their first 90 days here."),
        Lens.OFFLINE: _(
            "Only voices heard on paper, by telephone or in a room. "
            "They stand beside the votes, never among them."
        ),
        Lens.WITHOUT_BUSIEST: _("Without the votes of the 1 % who did most in the week before."),
    }[lens]


def _choices(
    filters: Filters, name: str, offered: list[tuple[str, str]], chosen: str
) -> list[Choice]:
    def changed(value: str) -> Filters:
        given: Any = Lens(value) if name == "lens" else value
        return filters.but(**{name: given})

    return [Choice(label, address_of(changed(value)), value == chosen) for value, label in offered]
