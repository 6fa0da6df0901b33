"""A board of wishes of any size, made in PostgreSQL by PostgreSQL, in minutes.

    DATABASE_URL=postgresql://… python -m bench.wishes 100000

fills an empty, migrated database with so many wishes, a hundred times as many votes and ten times
as many fans. Popularity has a heavy tail (the first wish has 1 % of all votes), one wish in twenty
is merged into another, a tenth of the fans cast half of the votes. The same size gives the same
rows; only the times count back from now.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import django
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

VOTES_A_WISH, FANS_A_WISH = 100, 10
PRODUCTS = ["Phone", "Watch", "Buds", "Tablet", "Camera", "Home", "Store", "Cloud"]
TEAMS = ["Power", "Camera", "Display", "Sound", "Messages", "Care"]
TAGS = [
    *("battery", "large print", "night", "sound", "travel", "family", "village", "repair"),
    *("privacy", "keyboard", "calls", "maps", "payment", "weather", "health", "games"),
]
SUBJECTS = ["the clock", "the torch", "the keyboard", "the alarm", "the camera", "the battery"]
SUBJECTS += ["the lock screen", "the recorder", "the radio", "the magnifier", "the map", "the fan"]
WISHES = ["larger letters in", "a dark page for", "an older sound for", "a longer life of"]
WISHES += ["a button on the side for", "a way to share", "an undo in", "fewer questions from"]
WISHES += ["a village mode for", "a quiet hour for", "a second language in", "a print-out of"]
WHEN = ["while riding", "in the rain", "for my parents", "at night", "without a network"]
WHEN += ["with gloves", "on the train", "for one hand", "at the market", "after an update"]
HAN = ["字再大一点", "夜间更暗", "声音再响一点", "电池更耐用", "一键分享", "可以撤销", "少问几次"]
HAN_SUBJECTS = ["时钟", "手电筒", "键盘", "闹钟", "相机", "电池", "锁屏", "录音", "收音机", "地图"]
# Of a hundred wishes so many stand in each state; what is merged is merged beside.
STATUSES = {
    "submitted": 38,
    "under_review": 14,
    "needs_info": 3,
    "reopened": 1,
    "planned": 6,
    "in_development": 4,
    "in_testing": 2,
    "shipped": 12,
    "declined": 12,
    "closed_stale": 4,
    "withdrawn": 4,
}


@dataclass(frozen=True)
class Board:
    """How large, and where in it the things to look at are."""

    wishes: int

    @property
    def votes(self) -> int:
        return self.wishes * VOTES_A_WISH

    @property
    def fans(self) -> int:
        return self.wishes * FANS_A_WISH

    @property
    def most_wanted(self) -> int:
        """The number of the wish of rank 1."""
        return self.wishes - 3


def seed(wishes: int) -> None:
    """Fill the default database. Everything or nothing; keys are dropped and made again."""
    from community.feature_requests.models import Vote
    from community.threads.models import Post

    board = Board(wishes)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '512MB'; SET LOCAL maintenance_work_mem = '512MB'")
        _names(cursor)
        _fans(cursor, board)
        _wishes(cursor, board)
        with _keys_made_last(cursor, Post):
            _words(cursor, board)
        with _keys_made_last(cursor, Vote):
            _votes(cursor, board)
        cursor.execute("ANALYZE")
        _lives(cursor)
        _count(cursor)
        _beside_votes(cursor)
        for model in django.apps.apps.get_models():
            _continue_numbers(cursor, model)
    _index_words()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def fill(cursor: CursorWrapper, model: Any, rows: str, /, **given: str) -> None:
    """One INSERT … SELECT: what is not given takes the default of the model."""
    columns, values, defaults = [], [], []
    for field in model._meta.concrete_fields:
        if field.attname in given:
            values.append(given.pop(field.attname))
        elif field.primary_key:
            continue
        else:
            values.append("%s")
            defaults.append(field.get_db_prep_save(field.get_default(), connection))
        columns.append(connection.ops.quote_name(field.column))
    assert not given, given
    table = connection.ops.quote_name(model._meta.db_table)
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {rows}",
        defaults,
    )


@contextmanager
def _keys_made_last(cursor: CursorWrapper, model: Any) -> Iterator[None]:
    """Indexes and foreign keys are made once the rows are in: minutes instead of hours."""
    table = model._meta.db_table
    cursor.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = %s::regclass AND contype IN ('f', 'u')",
        [table],
    )
    constraints = cursor.fetchall()
    for name, _ in constraints:
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE {table} DROP CONSTRAINT {name}")
    cursor.execute(
        "SELECT indexrelid::regclass, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = %s::regclass AND NOT indisprimary",
        [table],
    )
    indexes = cursor.fetchall()
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    for _, definition in indexes:
        cursor.execute(definition)
    for name, definition in constraints:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def _continue_numbers(cursor: CursorWrapper, model: Any) -> None:
    table, key = model._meta.db_table, model._meta.pk.column
    cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{table}"', key])
    if cursor.fetchone()[0]:
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('\"{table}\"', '{key}'), max({key}))"
            f' FROM "{table}"'
        )


def dice(sides: int, salt: int) -> str:
    """0 … sides-1 by the number of the row `n`: the same every time, whatever else it decides."""
    return f"((hashint8extended(n, {salt}) & 1073741823) %% {sides})"


def one_of(words: list[str], salt: int) -> str:
    array = ", ".join(f"'{word}'" for word in words)
    return f"(ARRAY[{array}])[1 + {dice(len(words), salt)}]"


def share(counts: dict[str, int], salt: int) -> str:
    """A word, each as often in a hundred as it says."""
    below, cases = 0, []
    for word, count in counts.items():
        below += count
        cases.append(f"WHEN {dice(100, salt)} < {below} THEN '{word}'")
    return f"CASE {' '.join(cases)} END"


def _names(cursor: CursorWrapper) -> None:
    from community.products.models import Product, Tag, Team

    for position, name in enumerate(PRODUCTS):
        Product.objects.create(name=name, slug=name.lower(), position=position)
    for name in TEAMS:
        Team.objects.create(name=name, slug=name.lower())
    for name in TAGS:
        Tag.objects.create(name=name, slug=name.replace(" ", "-"))


def _fans(cursor: CursorWrapper, board: Board) -> None:
    from fans.accounts.models import Fan

    joined = f"now() - interval '1 hour' * ({dice(24 * 900, 1)} + 200)"
    fill(
        cursor,
        Fan,
        f"generate_series(1, {board.fans}) AS n",
        id="n",
        password="'!'",
        handle="'fan-' || n",
        display_name="'Fan ' || n",
        folded_name="'fan ' || n",
        email="'fan-' || n || '@example.com'",
        joined_at=joined,
        verified_at=joined,
    )


def _wishes(cursor: CursorWrapper, board: Board) -> None:
    from community.feature_requests.models import FeatureRequest
    from community.threads.actions.companions import board_kept_for
    from community.threads.models import Thread, ThreadKind
    from fans.ledger.models import SiteSize

    fill(cursor, SiteSize, "(SELECT) AS day", day="current_date", active_count=f"{board.fans / 3}")
    han = f"{one_of(HAN_SUBJECTS, 11)} || {one_of(HAN, 12)} || '，第' || n || '个愿望'"
    latin = f"{one_of(WISHES, 13)} || ' ' || {one_of(SUBJECTS, 14)} || ' ' || {one_of(WHEN, 15)}"
    rows = f"""(
        SELECT n, 1 + {dice(board.fans, 2)} AS author,
            now() - interval '730 days' * (({board.wishes} - n + 0.5) / {board.wishes}) AS at,
            CASE WHEN {dice(10, 3)} < 4 THEN 'zh' ELSE 'en' END AS language,
            CASE WHEN {dice(10, 3)} < 4 THEN {han} ELSE {latin} END AS title,
            CASE WHEN n %% 20 = 0 THEN 'merged' ELSE {share(STATUSES, 4)} END AS status,
            CASE WHEN n %% 400 = 0 THEN n - 20
                WHEN n %% 40 = 0 THEN n - (n - 1) %% 200 + 6 WHEN n %% 20 = 0 THEN n - 1 END AS into_,
            CASE WHEN n %% 400 = 0 THEN n - 21
                WHEN n %% 40 = 0 THEN n - (n - 1) %% 200 + 6 WHEN n %% 20 = 0 THEN n - 1 END AS shown
        FROM generate_series(1, {board.wishes}) AS n
    ) AS wish"""
    room = board_kept_for(ThreadKind.REQUEST)
    states = {"published": 97, "hidden": 1, "waiting": 1, "removed": 1}
    top = f"n = {board.most_wanted}"
    fill(
        cursor,
        Thread,
        rows,
        id="n",
        board_id=f"{room.pk}",
        author_id="author",
        last_author_id="author",
        kind="'request'",
        title="title",
        slug="'wish-' || n",
        language="language",
        state=f"CASE WHEN {top} THEN 'published' ELSE {share(states, 5)} END",
        created_at="at",
        last_post_at="at + interval '1 day'",
        about_url="'/requests/' || n || '/'",
    )
    fill(
        cursor,
        FeatureRequest,
        rows,
        id="n",
        thread_id="n",
        author_id="author",
        product_id=f"{_FIRST_PRODUCT} + least({dice(8, 6)}, {dice(8, 7)})",
        title="title",
        problem="title || '. ' || repeat('It is hard to use, and it happens each day. ', 6)",
        language="language",
        stage=one_of(["design", "design", "build", "release", "service"], 8),
        status=f"CASE WHEN {top} THEN 'submitted' ELSE status END",
        status_at="at + (now() - at) * 0.4",
        created_at="at",
        answered_at=f"CASE WHEN status = 'submitted' OR {top} THEN NULL ELSE at + (now() - at) * 0.2 END",
        progress_at="CASE WHEN status = 'planned' THEN at + (now() - at) * 0.9 END",
        merged_into_id="into_",
        shown_as_id="shown",
    )


_FIRST_PRODUCT = "(SELECT min(id) FROM community_product)"


def _words(cursor: CursorWrapper, board: Board) -> None:
    """The first post of every thread, and two replies to every other."""
    from community.threads.models import Post

    posts = """(
        SELECT thread.id AS n, author_id, created_at, title, floor, state
        FROM community_thread AS thread, generate_series(1, 3) AS floor
        WHERE floor = 1 OR thread.id %% 2 = 0
    ) AS post"""
    fill(
        cursor,
        Post,
        posts,
        thread_id="n",
        author_id=f"CASE floor WHEN 1 THEN author_id ELSE 1 + {dice(board.fans, 21)} END",
        floor="floor",
        source="title",
        html="'<p>' || title || '</p>'",
        state="CASE floor WHEN 1 THEN state ELSE 'published' END",
        rule="CASE WHEN floor = 1 AND state = 'removed' THEN 'spam' ELSE '' END",
        state_at="created_at + interval '1 hour' * floor",
        created_at="created_at + interval '1 hour' * floor",
    )
    cursor.execute(
        "UPDATE community_thread SET last_floor = 3, last_given_floor = 3, reply_count = 2,"
        " answering_count = 2 WHERE id %% 2 = 0",
        [],
    )


def _flatness(board: Board) -> float:
    """k for which Σ top × ((1 + k) / (rank + k))^1.3 is the number of votes."""
    top, low, high = board.votes / 100, 0.0, float(board.wishes)
    for _ in range(40):
        k = (low + high) / 2
        votes = sum(top * ((1 + k) / (rank + k)) ** 1.3 for rank in range(1, board.wishes + 1))
        low, high = (k, high) if votes < board.votes else (low, k)
    return low


def _votes(cursor: CursorWrapper, board: Board) -> None:
    from community.feature_requests.models import Vote

    k, busy = _flatness(board), board.fans // 10
    votes = f"""(
        SELECT wish.id AS wish, created_at, j, wish.id * 1000003 + j AS n,
            CASE j %% 2 WHEN 0 THEN 1 + (wish.id * 104729 + j / 2 * 7919) %% {busy}
                ELSE 1 + {busy} + (wish.id * 15485863 + j / 2 * 7919) %% {board.fans - busy}
            END AS fan
        FROM community_featurerequest AS wish,
            LATERAL (SELECT (wish.id + 3) * 7919 %% {board.wishes} + 1 AS rank) AS ranked,
            LATERAL generate_series(
                1, round({board.votes / 100} * ({1 + k} / (rank + {k})) ^ 1.3)::bigint
            ) AS j
    ) AS drawn, LATERAL (
        SELECT created_at + (now() - created_at) * ({dice(1000000, 31)} / 1e6) ^ 2 AS at
    ) AS cast_, LATERAL (
        SELECT cast_.at > now() - interval '7 days' AND {dice(25, 32)} = 0 AS is_young
    ) AS age ORDER BY cast_.at"""
    levels = {"unknown": 40, "city": 35, "county": 15, "township": 10}
    fill(
        cursor,
        Vote,
        votes,
        feature_request_id="wish",
        fan_id="fan",
        cast_at="cast_.at",
        counts_from="CASE WHEN is_young THEN cast_.at + interval '7 days' ELSE cast_.at END",
        counted_at="CASE WHEN is_young THEN NULL ELSE cast_.at END",
        region_level=share(levels, 33),
        is_newcomer=f"is_young OR {dice(100, 34)} < 15",
        is_busiest=f"fan <= {board.fans // 100}",
    )


def _lives(cursor: CursorWrapper) -> None:
    """How each came to where it stands; tags."""
    from community.feature_requests.models import FeatureRequest, StatusChange, StoryStep

    wish = "(SELECT *, id AS n FROM community_featurerequest) AS wish"
    fill(
        cursor,
        StatusChange,
        wish,
        feature_request_id="id",
        became="'submitted'",
        actor_id="author_id",
        changed_at="created_at",
    )
    fill(
        cursor,
        StatusChange,
        f"{wish} WHERE status <> 'submitted'",
        feature_request_id="id",
        was="'submitted'",
        became="status",
        response="'We have read this, and this is what we make of it.'",
        reason="'A reason everybody can read.'",
        actor_id="1",
        changed_at="status_at",
    )
    asked = {"kind": "'asked'", "key": "'asked'", "happened_at": "created_at"}
    fill(cursor, StoryStep, wish, feature_request_id="id", url="''", facts="'{}'", **asked)
    for salt in (41, 42):
        fill(
            cursor,
            FeatureRequest.tags.through,
            f"{wish} WHERE {dice(4, salt)} < 3 ON CONFLICT DO NOTHING",
            featurerequest_id="id",
            tag_id=f"(SELECT min(id) FROM community_tag) + least({dice(16, salt + 2)},"
            f" {dice(16, salt + 4)})",
        )


def _count(cursor: CursorWrapper) -> None:
    """The cached counts and heats: distinct fans of each cluster, through every lens."""
    from community.feature_requests.models import Lens

    seen = {
        "": "true",
        "county_": "region_level IN ('county', 'township')",
        "newcomer_": "is_newcomer",
        "without_busiest_": "NOT is_busiest",
    }
    assert len(seen) == len(Lens) - 1  # nobody votes «offline»
    newest = ", ".join(
        f"max(cast_at) FILTER (WHERE {rule}) AS {lens}at" for lens, rule in seen.items()
    )
    sums = ", ".join(
        f"count({lens}at) AS {lens}count, coalesce(sum(power(2,"
        f" extract(epoch FROM {lens}at - '2026-01-01 00:00+00') / 604800.0)::float8), 0)"
        f" AS {lens}heat"
        for lens in seen
    )
    sets = ", ".join(
        f"{lens or 'vote_'}count = tally.{lens}count, {lens}heat = tally.{lens}heat"
        for lens in seen
    )
    cursor.execute(
        f"WITH newest AS (SELECT coalesce(shown_as_id, wish.id) AS shown, fan_id, {newest}"
        " FROM community_vote JOIN community_featurerequest AS wish ON wish.id = feature_request_id"
        " WHERE counted_at IS NOT NULL GROUP BY 1, 2),"
        f" tally AS (SELECT shown, {sums} FROM newest GROUP BY 1)"
        f" UPDATE community_featurerequest AS wish SET {sets} FROM tally WHERE wish.id = shown"
    )
    cursor.execute(
        "UPDATE community_featurerequest SET answer_due_at = created_at + interval '20 days'"
        " WHERE answered_at IS NULL AND vote_count >= 200"
    )


def _beside_votes(cursor: CursorWrapper) -> None:
    from community.feature_requests.models import Follow, OfflineSupport, VotingRight

    fill(cursor, VotingRight, "(SELECT DISTINCT fan_id FROM community_vote) AS f", fan_id="fan_id")
    fill(
        cursor,
        Follow,
        "community_vote WHERE id %% 100 = 0",
        feature_request_id="feature_request_id",
        fan_id="fan_id",
        changed_at="cast_at",
        muted_at="CASE WHEN id %% 300 = 0 THEN cast_at END",
    )
    fill(
        cursor,
        OfflineSupport,
        "(SELECT *, id AS n FROM community_featurerequest WHERE id %% 20 = 3) AS wish",
        feature_request_id="id",
        count=f"1 + {dice(40, 51)}",
        key="'batch:' || id",
        recorded_at="created_at",
    )
    cursor.execute(
        "UPDATE community_featurerequest AS wish SET offline_count = heard.count"
        " FROM community_offlinesupport AS heard WHERE heard.feature_request_id = wish.id"
    )


def _index_words() -> None:
    """As the sweep does it; a minute for a hundred thousand."""
    from community.feature_requests.indexing import stale, write_down

    while wishes := list(stale()[:2_000]):
        write_down(wishes)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    seed(int(sys.argv[1]))
