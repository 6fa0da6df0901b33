"""A vote says whether its fan was among the busiest 1 % of the last weekly run (the lens)."""

import pytest

from community.feature_requests.models import Vote
from fans.accounts.models import Fan
from fans.clock.weeks import platform_date
from fans.ledger.models import ActiveDay
from fans.tiers.models import TierRun
from tests.community.feature_requests import make_request, vote
from tests.factories import NOW, make_fan
from tests.fans.tiers import DAY, THURSDAY, run

pytestmark = pytest.mark.django_db


def busy(*counts: int) -> list[Fan]:
    """Fans with so many acts each, two days before the run; today's are of the next one."""
    fans = [make_fan() for _ in counts]
    day = platform_date(THURSDAY - 2 * DAY)
    ActiveDay.objects.bulk_create(
        ActiveDay(fan=fan, day=day, act_count=acts) for fan, acts in zip(fans, counts, strict=True)
    )
    ActiveDay.objects.create(fan=fans[-1], day=platform_date(THURSDAY), act_count=99)
    return fans


@pytest.mark.parametrize(
    ("counts", "least", "marked"),
    [
        ((9, *[2] * 99), 3, True),
        ((9, *[2] * 98), None, False),  # of 99 fans 1 % is nobody
        ((9, 9, *[2] * 98), 10, False),  # two are equal where there is room for one
        ((9, 9, *[2] * 198), 3, True),
    ],
)
def test_a_vote_of_the_busiest_is_marked(
    counts: tuple[int, ...], least: int | None, marked: bool
) -> None:
    fans = busy(*counts)
    run(THURSDAY)
    assert TierRun.objects.get().busiest_from == least
    vote(make_request(), fans[0], fans[-1], at=NOW)
    assert list(Vote.objects.order_by("pk").values_list("is_busiest", flat=True)) == [marked, False]


def test_before_the_first_run_nobody_is_busiest() -> None:
    fans = busy(9, *[2] * 99)
    vote(make_request(), fans[0])
    assert Vote.objects.get().is_busiest is False
