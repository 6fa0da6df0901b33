"""People, boards and threads to measure on. Runs after Django is set up."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore
from django.db import transaction

from community import markdown
from community.threads.models import Board, Post, ReadPosition, Thread
from fans import clock
from fans.accounts.models import Fan
from fans.tiers.models import Tier, TierStanding

WORDS = """I have used this build since Friday, and night mode **still** switches off after a call.

> It worked for me after a restart, but only once.

What I tried, in this order:

- a restart, twice
- taking the card out
- the newest build, with `reset --all`

The log says nothing unusual. 我在成都也遇到同样的问题，关掉再打开就好了，但第二天又出现。
[The list of known defects](/threads/) does not name it either. Does anybody else see this?
"""


@dataclass(frozen=True)
class Seeded:
    hot: Thread
    small_board: Board
    large_board: Board
    small_thread: Thread
    large_thread: Thread
    reader: Fan
    session: str


def _fans(count: int, at: datetime) -> list[Fan]:
    return Fan.objects.bulk_create(
        Fan(
            handle=f"fan-{number}",
            display_name=f"Fan {number}",
            folded_name=f"fan {number}",
            email=f"fan-{number}@example.com",
            password="!",
            joined_at=at - timedelta(days=400),
            verified_at=at - timedelta(days=400),
        )
        for number in range(count)
    )


def _board(name: str) -> Board:
    return Board.objects.create(name=name, slug=name.lower().replace(" ", "-"))


def _threads(board: Board, fans: list[Fan], count: int, replies: int, at: datetime) -> list[Thread]:
    html = markdown.render(WORDS).html
    made = Thread.objects.bulk_create(
        Thread(
            board=board,
            author=fans[number % len(fans)],
            last_author=fans[(number + replies) % len(fans)],
            title=f"Night mode keeps switching off after a call, part {number}",
            slug=f"night-mode-{number}",
            created_at=at - timedelta(minutes=10 * number + 5),
            last_post_at=at - timedelta(minutes=10 * number),
            last_floor=replies + 1,
            last_given_floor=replies + 1,
            reply_count=replies,
            answering_count=replies,
        )
        for number in range(count)
    )
    Post.objects.bulk_create(
        Post(
            thread=thread,
            author=fans[(number + floor) % len(fans)],
            floor=floor,
            reply_to_floor=None,
            source=WORDS,
            html=html,
            state_at=thread.created_at,
            created_at=thread.created_at + timedelta(seconds=10 * floor),
            like_count=(number + floor) % 7,
        )
        for number, thread in enumerate(made)
        for floor in range(1, replies + 2)
    )
    return made


def _session_of(fan: Fan) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(fan.pk)
    session[BACKEND_SESSION_KEY] = "fans.tiers.backends.StandingBackend"
    session[HASH_SESSION_KEY] = fan.get_session_auth_hash()
    session.save()
    return str(session.session_key)


@transaction.atomic
def seed(threads: int, replies: int) -> Seeded:
    at = clock.now()
    fans = _fans(60, at)
    TierStanding.objects.bulk_create(
        TierStanding(fan=fan, tier=Tier.CORE, since_at=at) for fan in fans[::5]
    )
    _threads(_board("Camera"), fans, threads, replies, at - timedelta(days=1))
    small, large = _board("Ten rows"), _board("A hundred rows")
    _threads(small, fans, 10, 1, at)
    _threads(large, fans, 100, 1, at)
    talks = _board("Talks")
    [hot] = _threads(talks, fans, 1, 24, at)
    [short] = _threads(talks, fans, 1, 9, at)
    [long] = _threads(talks, fans, 1, 99, at)
    reader = fans[7]
    ReadPosition.objects.create(fan=reader, thread=hot, floor=25, read_at=at)
    return Seeded(hot, small, large, short, long, reader, _session_of(reader))
