"""A week of any number of reports, made in PostgreSQL by PostgreSQL, in a minute.

    DATABASE_URL=postgresql://… python -m bench.weeks 100000

fills an empty, migrated database with one week whose form has closed and that nobody has counted:
so many reports with four choices each, six ballots for ten of them, and as many fans again who did
something in those days and did not report.
"""

import os
import sys
from datetime import timedelta
from typing import Any

import django
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from bench.wishes import dice, fill, one_of, share

ITEMS, WISHES = 12, 300
LEVELS = ["municipality", "prefecture", "county", "township"]
MARKS = {
    "tier": {"casual": 94, "core": 5, "honorary_dev": 1},
    "region_level": {"unknown": 55, "municipality": 15, "prefecture": 17, "county": 10}
    | {"township": 3},
    "join_channel": {"open": 70, "invite": 15, "meetup": 8, "club": 5, "offline": 2},
    "tenure": {"newcomer": 15, "first_year": 35, "longer": 50},
}
WEEKS_AGO = 2


def seed(reports: int) -> None:
    """Fill the default database. Everything or nothing."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
        _fans(cursor, 2 * reports)
        cycle = _week()
        _acts(cursor, cycle, 2 * reports)
        _wishes(cursor, cycle)
        _reports(cursor, cycle, reports)
        cursor.execute("ANALYZE")  # before the keys are checked
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def _fans(cursor: CursorWrapper, fans: int) -> None:
    from fans.accounts.models import Fan
    from fans.places.models import Place
    from fans.tiers.models import TierStanding

    places = [
        Place.objects.create(
            code=f"99000{number}", name_en=level, name_zh_hans=level, name_zh_hant=level,
            region_level=level, timezone="Asia/Shanghai",
        ).pk
        for number, level in enumerate(LEVELS)
    ]  # fmt: skip
    numbers = f"generate_series(1, {fans}) AS n"
    joined = f"now() - interval '1 hour' * (500 + {dice(24 * 900, 1)})"
    fill(
        cursor,
        Fan,
        numbers,
        id="n",
        password="'!'",
        handle="'fan-' || n",
        display_name="'Fan ' || n",
        folded_name="'fan ' || n",
        email="'fan-' || n || '@example.com'",
        joined_at=joined,
        verified_at=joined,
        join_channel=share(MARKS["join_channel"], 2),
        consents_to_region=f"{dice(10, 3)} < 6",
        place_id=f"(ARRAY{places})[1 + {dice(len(places), 4)}]",
    )
    fill(
        cursor,
        TierStanding,
        f"{numbers} WHERE {dice(100, 5)} >= 94",
        fan_id="n",
        tier=f"CASE WHEN {dice(100, 5)} = 99 THEN 'honorary_dev' ELSE 'core' END",
        since_at="now()",
    )


def _week() -> Any:
    """Its late window has closed; twelve new items in one build."""
    from community.fridays.models import (
        Cycle,
        CycleState,
        ItemKind,
        Release,
        ReleaseItem,
        ReleaseState,
    )
    from community.fridays.times import times_of
    from community.products.models import Product, Team
    from fans import clock
    from fans.accounts.models import Fan
    from fans.clock.weeks import platform_date, week_of

    now = clock.now()
    today = platform_date(now)
    friday = today - timedelta(days=(today.weekday() - 4) % 7 + 7 * WEEKS_AGO)
    released_at = now - timedelta(days=(today - friday).days)
    product = Product.objects.create(name="Phone", slug="phone", is_main=True)
    cycle = Cycle.objects.create(
        product=product,
        week=week_of(friday),
        friday=friday,
        state=CycleState.LATE_WINDOW,
        released_at=released_at,
        **vars(times_of(friday, 17, released_at)),
    )
    Cycle.objects.filter(pk=cycle.pk).update(
        held_at=cycle.report_opens_at, snapshot_at=cycle.report_opens_at
    )
    release = Release.objects.create(
        product=product, cycle=cycle, version="4.2", notes="New.", has_no_known_defects=True,
        state=ReleaseState.PUBLISHED, created_by=Fan.objects.get(pk=1), created_at=released_at,
        published_at=released_at,
    )  # fmt: skip
    team = Team.objects.create(name="Power", slug="power")
    for number in range(1, ITEMS + 1):
        ReleaseItem.objects.create(
            release=release, number=number, kind=ItemKind.NEW, title=f"Item {number}", team=team
        )
    return cycle


def _acts(cursor: CursorWrapper, cycle: Any, fans: int) -> None:
    """On four of the days before the count."""
    from fans.ledger.models import ActiveDay, SiteSize

    closes = f"'{cycle.late_closes_at:%Y-%m-%d}'::date"
    fill(
        cursor, ActiveDay, f"generate_series(1, {fans}) AS n, generate_series(0, 3) AS d",
        fan_id="n", day=f"{closes} - 6 * d - {dice(6, 11)}::int", act_count="1",
    )  # fmt: skip
    fill(cursor, SiteSize, "(SELECT) AS one", day=closes, active_count=f"{fans}")


def _wishes(cursor: CursorWrapper, cycle: Any) -> None:
    from community.feature_requests.models import FeatureRequest
    from community.threads.actions.companions import board_kept_for
    from community.threads.models import Thread, ThreadKind

    numbers = f"generate_series(1, {WISHES}) AS n"
    room = board_kept_for(ThreadKind.REQUEST)
    fill(
        cursor, Thread, numbers, id="n", board_id=f"{room.pk}", author_id="n", last_author_id="n",
        kind="'request'", title="'Wish ' || n", slug="'wish-' || n", state="'published'",
        created_at="now()", last_post_at="now()",
    )  # fmt: skip
    fill(
        cursor, FeatureRequest, numbers, id="n", thread_id="n", author_id="n",
        product_id=f"{cycle.product_id}", title="'Wish ' || n", problem="'It is hard.'",
        stage="'design'", status="'submitted'", status_at="now()", created_at="now()",
    )  # fmt: skip


def _reports(cursor: CursorWrapper, cycle: Any, reports: int) -> None:
    """The fans with odd numbers reported."""
    from community.fridays.models import Ballot, Choice, Report

    late = f"{dice(20, 26)} = 0"
    sent = f"CASE WHEN {late} THEN '{cycle.report_closes_at}' ELSE '{cycle.report_opens_at}' END"
    numbers = f"generate_series(1, {reports}) AS n"
    fill(
        cursor,
        Report,
        numbers,
        id="n",
        cycle_id=f"{cycle.pk}",
        fan_id="2 * n - 1",
        overall=f"1 + greatest({dice(5, 21)}, {dice(5, 22)})",
        not_good_severity=one_of(["", "", "S1", "S2", "S3", "S4"], 23),
        not_good_frequency=one_of(["Q1", "Q2", "Q3", "Q4"], 24),
        not_good_area=f"CASE WHEN {dice(20, 25)} = 0 THEN 'Area ' || {dice(90, 25)} ELSE '' END",
        new_need="'A torch in the lock screen, please.'",
        would_recommend=dice(11, 27),
        is_late=late,
        first_sent_at=f"({sent})::timestamptz",
        sent_at=f"({sent})::timestamptz",
        is_busiest=f"{dice(100, 28)} = 0",
        **{mark: share(shares, 30 + salt) for salt, (mark, shares) in enumerate(MARKS.items())},
    )
    item = "(SELECT min(id) FROM community_releaseitem)"
    for grid, chosen, salt in (("loved", 2, 41), ("not_good", 1, 43)):
        fill(
            cursor, Choice, f"{numbers}, generate_series(0, {chosen - 1}) AS k", report_id="n",
            grid=f"'{grid}'", item_id=f"{item} + {dice(ITEMS // 2, salt)} * 2 + k",
        )  # fmt: skip
    fill(
        cursor, Choice, numbers, report_id="n", grid="'anticipated'",
        feature_request_id=f"1 + least({dice(WISHES, 45)}, {dice(WISHES, 46)})",
    )  # fmt: skip
    fill(
        cursor, Ballot, f"{numbers} WHERE {dice(10, 47)} < 6", cycle_id=f"{cycle.pk}",
        fan_id="2 * n - 1", item_id=f"{item} + least({dice(ITEMS, 48)}, {dice(ITEMS, 49)})",
        cast_at=f"'{cycle.report_opens_at}'",
    )  # fmt: skip
    for table in ("report", "choice", "ballot"):
        name = f"community_{table}"
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [name, 10 * reports])


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    seed(int(sys.argv[1]))
