"""P6: 64 connections vote for one wish at once, against the same statements as raw SQL.

Four processes of sixteen threads, as a site with four workers has them. The statements of one vote
are written down as the action sends them, with the transactions they stand in; the reference sends
them again for other fans, and does nothing else: it reads no row and knows no rule.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.thread import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from statistics import median
from typing import TYPE_CHECKING, Any

import psycopg
from django.db import connection

from bench import postgres
from bench.measure import Row, Sizes
from bench.site import BenchSite

if TYPE_CHECKING:  # the processes of the storm import this before Django is set up
    from bench.seed import Seeded

PROCESSES, THREADS = 4, 16
BAR = 0.45
FIRST_FAN = 900_000_000  # numbers that nothing else in a statement has
SET_OUT_AFTER = 1.5  # seconds for every connection to stand ready


@dataclass(frozen=True)
class Statement:
    sql: str
    values: tuple[Any, ...]
    in_transaction: bool


@dataclass(frozen=True)
class Round:
    """What one process does: its fans vote for a wish, from a moment on."""

    wish: int
    fans: range
    starts_at: float
    statements: Sequence[Statement] = ()  # empty: by the action


def vote_storm(site: BenchSite, seeded: Seeded, sizes: Sizes) -> Row:
    """P6: 64 connections vote for one wish at once; the count is exact."""
    url = site.postgres()
    with postgres.copy(url, postgres.board(url, sizes.few_wishes), "orangery_bench_storm") as storm:
        a_round = PROCESSES * THREADS * sizes.votes_a_connection
        with postgres.used_by_default(postgres.connection_to(storm)):
            wish, other = _prepared(2 * (sizes.rounds + 1) * a_round + 1)
            statements = _statements_of(wish, FIRST_FAN)
            before = _counts(wish)
            rates = _rounds(storm, wish, other, statements, a_round, sizes.rounds)
            is_exact = _counts(wish) == (before[0] + (sizes.rounds + 1) * a_round,) * 2
            connection.close()
    ours, raw = (median(found) for found in rates)
    return Row(
        scenario=f"P6 64 connections vote for one wish ({a_round} votes a round)",
        ours=f"{ours:,.0f}/s",
        reference=f"{raw:,.0f}/s",
        ratio=f"{ours / raw:.2f}",
        bar=f"≥ {BAR}, exact",
        ok=ours / raw >= BAR and is_exact,
        note=f"{'exact' if is_exact else 'NOT EXACT'}, {len(statements)} statements a vote",
    )


def _prepared(fans: int) -> tuple[int, int]:
    """Two open wishes, and people who have never voted."""
    from bench.wishes import fill
    from community.feature_requests.models import FeatureRequest, VotingRight
    from fans.accounts.models import Fan

    long_ago = "now() - interval '200 days'"
    numbers = f"generate_series({FIRST_FAN}, {FIRST_FAN + fans - 1}) AS n"
    with connection.cursor() as cursor:
        fill(
            cursor,
            Fan,
            numbers,
            id="n",
            password="'!'",
            handle="'storm-' || n",
            display_name="'Storm ' || n",
            folded_name="'storm ' || n",
            joined_at=long_ago,
            verified_at=long_ago,
        )
        fill(cursor, VotingRight, numbers, fan_id="n")
    alone = FeatureRequest.objects.listed().open().filter(shown_here=None)
    answered = alone.exclude(answered_at=None).order_by("-vote_count", "-pk")
    one, other = answered[:2]
    return one.pk, other.pk


def _counts(wish: int) -> tuple[int, int]:
    """As it is kept, and as it is."""
    from community.feature_requests.models import FeatureRequest, Vote

    kept: int = FeatureRequest.objects.values_list("vote_count", flat=True).get(pk=wish)
    return kept, Vote.objects.counted().filter(feature_request=wish).count()


def _statements_of(wish: int, fan: int) -> list[Statement]:
    """What one vote sends, its savepoints among it; undone."""
    sent: list[Statement] = []

    def note(execute: Callable[..., Any], sql: str, values: Any, many: bool, context: Any) -> Any:
        sent.append(Statement(sql, tuple(values or ()), connection.in_atomic_block))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(note):
        _vote(wish, fan)
    from community.feature_requests import actions
    from community.feature_requests.models import FeatureRequest
    from fans import clock
    from fans.accounts.models import Fan

    actions.withdraw_vote(feature_request=FeatureRequest(pk=wish), fan=Fan(pk=fan), at=clock.now())
    return sent


def _rounds(
    database: str, wish: int, other: int, statements: list[Statement], a_round: int, rounds: int
) -> tuple[list[float], list[float]]:
    """Votes a second, ours and raw in turns; the first pair warms up."""
    rates: tuple[list[float], list[float]] = ([], [])
    fan = FIRST_FAN + 1
    with ProcessPoolExecutor(
        PROCESSES, mp_context=get_context("spawn"), initializer=_set_up, initargs=(database,)
    ) as workers:
        for number in range(2 * (rounds + 1)):
            is_raw = number % 2
            starts_at = time.time() + SET_OUT_AFTER * (2 if number < 2 else 1)
            share = a_round // PROCESSES
            told = [
                Round(
                    wish=other if is_raw else wish,
                    fans=range(fan + each * share, fan + (each + 1) * share),
                    starts_at=starts_at,
                    statements=_for_another_wish(statements, wish, other) if is_raw else (),
                )
                for each in range(PROCESSES)
            ]
            fan += a_round
            took = max(workers.map(_one_process, told)) - starts_at
            if number >= 2:
                rates[is_raw].append(a_round / took)
    return rates


def _for_another_wish(statements: list[Statement], wish: int, other: int) -> list[Statement]:
    return [
        Statement(
            each.sql,
            tuple(
                other if value == wish and type(value) is int else value for value in each.values
            ),
            each.in_transaction,
        )
        for each in statements
    ]


def _set_up(database: str) -> None:
    os.environ["DATABASE_URL"] = database
    import django

    django.setup()
    logging.disable(logging.WARNING)


def _one_process(told: Round) -> float:
    """When the last of its threads was done."""
    vote = _raw_votes if told.statements else _votes
    with ThreadPoolExecutor(THREADS) as threads:
        shares = [told.fans[number::THREADS] for number in range(THREADS)]
        return max(threads.map(lambda fans: vote(told, fans), shares))


def _votes(told: Round, fans: Sequence[int]) -> float:
    connection.ensure_connection()
    try:
        time.sleep(max(0, told.starts_at - time.time()))
        for fan in fans:
            _vote(told.wish, fan)
        return time.time()
    finally:
        connection.close()


def _vote(wish: int, fan: int) -> None:
    from community.feature_requests import actions
    from community.feature_requests.models import FeatureRequest
    from fans import clock
    from fans.accounts.models import Fan

    # As the view has them: the wish it fetched, the fan of the session.
    actions.cast_vote(
        feature_request=FeatureRequest(pk=wish),
        fan=Fan(pk=fan, joined_at=clock.now()),
        at=clock.now(),
    )


def _raw_votes(told: Round, fans: Sequence[int]) -> float:
    own, address = told.statements, os.environ["DATABASE_URL"]
    with psycopg.connect(address, autocommit=True, cursor_factory=psycopg.ClientCursor) as raw:
        time.sleep(max(0, told.starts_at - time.time()))
        for fan in fans:
            for number, each in enumerate(own):
                if each.in_transaction and not (number and own[number - 1].in_transaction):
                    raw.execute("BEGIN")
                raw.execute(each.sql, _values_for(each, fan))
                if each.in_transaction and not (
                    number + 1 < len(own) and own[number + 1].in_transaction
                ):
                    raw.execute("COMMIT")
        return time.time()


def _values_for(statement: Statement, fan: int) -> list[Any]:
    """For another fan; what is written to the wish differs with every vote, as it does of itself."""
    values = [fan if value == FIRST_FAN else value for value in statement.values]
    if statement.sql.startswith('UPDATE "community_featurerequest"'):
        *written, number = values
        later = fan - FIRST_FAN
        return [value + later if type(value) in {int, float} else value for value in written] + [
            number
        ]
    return values
