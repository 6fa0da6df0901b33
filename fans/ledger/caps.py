"""How much of one kind counts (L4), and how often one fan counts for another (L5)."""

from collections.abc import Collection, Iterable
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
    counted = counted_moments([fan.pk], name=name, kind=kind, moments=[effective_at])
    return is_full(kind, counted[fan.pk], effective_at)


def counted_moments(
    fans: Collection[int], *, name: str, kind: Kind, moments: Collection[datetime]
) -> dict[int, list[datetime]]:
    """When each of these fans did what counted, near enough to those moments for any cap."""
    found: dict[int, list[datetime]] = {fan: [] for fan in fans}
    if not kind.caps or not moments:
        return found
    counted = Contribution.objects.filter(fan__in=fans, kind=name, reversal_of=None).exclude(
        reason__in=["cap", "collusion"]
    )
    spans = [_span(cap) for cap in kind.caps]
    if None not in spans:
        widest = max(span for span in spans if span)
        counted = counted.filter(
            effective_at__gt=min(moments) - widest, effective_at__lt=max(moments) + widest
        )
    for fan, moment in counted.values_list("fan", "effective_at"):
        found[fan].append(moment)
    return found


def is_full(kind: Kind, counted: list[datetime], at: datetime) -> bool:
    """Whether one of its caps leaves no place at this moment beside those that counted."""
    return any(_leaves_no_place(cap, counted, at) for cap in kind.caps)


def _leaves_no_place(cap: Cap, counted: list[datetime], at: datetime) -> bool:
    span = _span(cap)
    if span is None:
        return len(counted) >= cap.deeds
    near = [moment for moment in counted if abs(moment - at) < span]
    if _rolling_days(cap.per):
        return _too_many_within(span, [*near, at], cap.deeds)
    same = platform_date if cap.per == "day" else week_at
    return sum(same(moment) == same(at) for moment in near) >= cap.deeds


def _span(cap: Cap) -> timedelta | None:
    """So far to either side of a moment a cap looks; None: over all time."""
    if cap.per == "ever":
        return None
    rolling = _rolling_days(cap.per)
    return timedelta(days=rolling) if rolling else _FIXED_SPAN


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
