"""How much of one kind counts (L4), and how often one fan counts for another (L5)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from fans.accounts.models import Fan
from fans.clock.weeks import platform_date, week_at
from fans.ledger.kinds import GIVER_LIMITS, Cap, Kind
from fans.ledger.models import Contribution, Giving

# The longest span a cap looks at to either side: an ISO week fits in.
_FIXED_SPAN = timedelta(days=8)


def is_over_cap(*, fan: Fan, name: str, kind: Kind, effective_at: datetime) -> bool:
    """Whether one more deed of this kind is one too many. The fan's row is locked.

    A deed keeps its place when it is reversed: were the place given away and the deed restored,
    more would count than may.
    """
    return any(_is_full(fan, name, cap, effective_at) for cap in kind.caps)


def _is_full(fan: Fan, name: str, cap: Cap, at: datetime) -> bool:
    counted = Contribution.objects.filter(fan=fan, kind=name, reversal_of=None).exclude(
        reason__in=["cap", "collusion"]
    )
    if cap.per == "ever":
        return counted.count() >= cap.deeds
    rolling = _rolling_days(cap.per)
    span = timedelta(days=rolling) if rolling else _FIXED_SPAN
    near = counted.filter(effective_at__gt=at - span, effective_at__lt=at + span)
    moments = list(near.values_list("effective_at", flat=True))
    if rolling:
        return _too_many_within(span, [*moments, at], cap.deeds)
    same = platform_date if cap.per == "day" else week_at
    return sum(same(moment) == same(at) for moment in moments) >= cap.deeds


def _rolling_days(per: str) -> int:
    number, _, unit = per.partition(" ")
    return int(number) if unit == "days" else 0


def _too_many_within(span: timedelta, moments: list[datetime], deeds: int) -> bool:
    # Deeds are learned of in any order, so every stretch that holds this one is looked at.
    ordered = sorted(moments)
    return any(last - first < span for first, last in zip(ordered, ordered[deeds:], strict=False))


def counting_givers(*, receiver: Fan, givers: Iterable[int], at: datetime) -> list[int]:
    """Those whose confirmation at `at` still counts for this fan (L5), nobody for themself."""
    asked = sorted(set(givers) - {receiver.pk})
    longest = timedelta(days=max(days for _times, days in GIVER_LIMITS))
    before: dict[int, list[datetime]] = {giver: [] for giver in asked}
    for giver, given_at in Giving.objects.filter(
        receiver=receiver,
        giver__in=asked,
        given_at__gt=at - longest,
        given_at__lt=at + longest,
    ).values_list("giver", "given_at"):
        before[giver].append(given_at)
    return [
        giver
        for giver, moments in before.items()
        if not any(
            _too_many_within(timedelta(days=days), [*moments, at], times)
            for times, days in GIVER_LIMITS
        )
    ]
