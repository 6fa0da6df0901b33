"""The time zones a person can choose: those named after a place, by continent."""

from functools import cache
from zoneinfo import available_timezones

_CONTINENTS = (
    *("Asia", "Africa", "America", "Antarctica", "Arctic", "Atlantic"),
    *("Australia", "Europe", "Indian", "Pacific"),
)


@cache
def zones() -> frozenset[str]:
    return frozenset(
        {"UTC", *(name for name in available_timezones() if name.split("/")[0] in _CONTINENTS)}
    )


@cache
def zone_choices() -> tuple[tuple[str, object], ...]:
    """Choices for a select, grouped by continent."""
    groups = [
        (
            continent,
            tuple(
                (name, name.partition("/")[2].replace("_", " "))
                for name in sorted(zones())
                if name.startswith(f"{continent}/")
            ),
        )
        for continent in _CONTINENTS
    ]
    return (("UTC", "UTC"), *groups)
