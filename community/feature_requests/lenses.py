"""Through whose eyes a ranking is seen: which votes a lens sees, and where their sums are kept."""

from collections.abc import Callable

from django.db.models import Q

from community.feature_requests.models import Lens, Vote
from fans.places.models import RegionLevel

SMALL_PLACES = [RegionLevel.COUNTY, RegionLevel.TOWNSHIP]

# The columns of a wish: how many voices, and how warm. Voices heard offline have no moment.
COLUMNS: dict[Lens, tuple[str, str | None]] = {
    Lens.EVERYONE: ("vote_count", "heat"),
    Lens.COUNTY: ("county_count", "county_heat"),
    Lens.NEWCOMERS: ("newcomer_count", "newcomer_heat"),
    Lens.OFFLINE: ("offline_count", None),
    Lens.WITHOUT_BUSIEST: ("without_busiest_count", "without_busiest_heat"),
}
_SEEN: dict[Lens, tuple[Q, Callable[[Vote], bool]]] = {
    Lens.EVERYONE: (Q(), lambda vote: True),
    Lens.COUNTY: (Q(region_level__in=SMALL_PLACES), lambda vote: vote.region_level in SMALL_PLACES),
    Lens.NEWCOMERS: (Q(is_newcomer=True), lambda vote: vote.is_newcomer),
    Lens.OFFLINE: (Q(pk__in=[]), lambda vote: False),
    Lens.WITHOUT_BUSIEST: (Q(is_busiest=False), lambda vote: not vote.is_busiest),
}


def seen_by(lens: Lens) -> Q:
    """The votes this lens sees, as a condition on `Vote`."""
    return _SEEN[lens][0]


def sees(lens: Lens, vote: Vote) -> bool:
    """The same question about one vote at hand."""
    return _SEEN[lens][1](vote)
