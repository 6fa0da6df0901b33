"""F2 under fire: many connections at once, every count exact, no budget overdrawn."""

import os
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

import pytest
from django.db import connections

from community.feature_requests import actions
from community.feature_requests.models import Vote
from fans.accounts.models import Fan
from tests.community.feature_requests import count, fresh, make_request, recount, vote
from tests.factories import NOW, make_fan

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
IS_FULL = os.environ.get("TEST_SIZE") == "full"
CONNECTIONS, FANS = (64, 1_000) if IS_FULL else (16, 60)
TIMES = 10


def at_once(acts: list[Callable[[], None]], connection_count: int) -> None:
    def run(act: Callable[[], None]) -> None:
        try:
            act()
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(connection_count) as pool:
        list(pool.map(run, acts))


def test_every_fan_is_counted_once_however_often_they_press() -> None:
    """1,000 fans, ten presses each, 64 connections → 1,000 votes, one row each."""
    wish = make_request()
    fans = [make_fan(consents_to_region=True) for _ in range(FANS)]
    presses = [partial(vote, wish, fan) for fan in fans * TIMES]
    random.Random(1).shuffle(presses)
    at_once(presses, CONNECTIONS)
    assert count(wish) == FANS
    assert Vote.objects.filter(feature_request=wish).values("fan").distinct().count() == FANS
    assert Vote.objects.count() == FANS
    assert fresh(wish).without_busiest_count == FANS
    assert recount() == []


def test_one_vote_left_and_twenty_presses_at_once_cast_one() -> None:
    fan, wishes = make_fan(), [make_request() for _ in range(29)]
    for wish in wishes[:9]:
        vote(wish, fan)

    def press(number: int) -> None:
        with suppress(actions.NoVoteLeft):
            vote(wishes[9 + number], fan)

    at_once([partial(press, number) for number in range(20)], 20)
    assert len(Vote.objects.open_wishes_of(fan)) == 10
    assert sum(count(wish) for wish in wishes) == 10


def test_votes_swaps_and_withdrawals_in_every_direction_never_wait_in_a_circle() -> None:
    wishes = [make_request() for _ in range(6)]
    fans = [make_fan() for _ in range(12)]
    dice = random.Random(2)

    def deed(fan: Fan) -> Callable[[], None]:
        one, other = dice.sample(wishes, 2)
        chosen = dice.choice(["vote", "swap", "swap", "withdraw", "all"])

        def act() -> None:
            match chosen:
                case "vote":
                    vote(one, fan)
                case "swap":
                    actions.swap_vote(give=one, take_back=other, fan=fan, at=NOW)
                case "withdraw":
                    actions.withdraw_vote(feature_request=one, fan=fan, at=NOW)
                case "all":
                    actions.withdraw_all_votes(fan=fan)

        return act

    at_once([deed(fan) for fan in fans * (40 if IS_FULL else 8)], 16)
    assert recount() == []
