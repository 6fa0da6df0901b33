"""People, boards and threads to measure on. Runs after Django is set up."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore
from django.db import transaction

from community import markdown
from community.feature_requests.models import (
    FeatureRequest,
    Merge,
    ProgressNote,
    Status,
    StatusChange,
    StoryStep,
    Vote,
)
from community.products.models import Product
from community.threads.actions.companions import board_kept_for
from community.threads.models import Board, Post, ReadPosition, Thread, ThreadKind
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
    small_product: Product
    large_product: Product
    small_wish: FeatureRequest
    large_wish: FeatureRequest
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


def _product(name: str) -> Product:
    return Product.objects.create(name=name, slug=name.lower().replace(" ", "-"))


def _wishes(product: Product, fans: list[Fan], count: int, at: datetime) -> list[FeatureRequest]:
    threads = _threads(board_kept_for(ThreadKind.REQUEST), fans, count, 1, at)
    Thread.objects.filter(pk__in=[each.pk for each in threads]).update(kind=ThreadKind.REQUEST)
    states = [Status.SUBMITTED, Status.UNDER_REVIEW, Status.PLANNED, Status.IN_TESTING]
    made = FeatureRequest.objects.bulk_create(
        FeatureRequest(
            thread=thread,
            author_id=thread.author_id,
            product=product,
            title=thread.title,
            problem=WORDS,
            status=states[number % len(states)],
            status_at=thread.created_at,
            created_at=thread.created_at,
            progress_at=thread.created_at,
            vote_count=number % 40,
            heat=number % 37,
        )
        for number, thread in enumerate(threads)
    )
    Vote.objects.bulk_create(
        Vote(feature_request=wish, fan=fans[7], cast_at=at, counts_from=at, counted_at=at)
        for wish in made[:3]
    )
    return made


def _eventful(wish: FeatureRequest, rest: list[FeatureRequest], at: datetime) -> FeatureRequest:
    """As many steps, notes, lines of its story and wishes merged into it as there are others."""
    staff = wish.author
    for number, other in enumerate(rest):
        moment = at + timedelta(minutes=number)
        StatusChange.objects.create(
            feature_request=wish,
            was=Status.SUBMITTED,
            became=Status.PLANNED,
            response="We plan it.",
            actor=staff,
            changed_at=moment,
        )
        ProgressNote.objects.create(
            feature_request=wish, author=staff, words="It goes on.", written_at=moment
        )
        StoryStep.objects.create(
            feature_request=wish, kind="planned", key=f"planned:{number}", happened_at=moment
        )
        Merge.objects.create(
            source=other, target=wish, was=other.status, merged_at=moment, merged_by=staff
        )
    FeatureRequest.objects.filter(pk__in=[other.pk for other in rest]).update(
        status=Status.MERGED, merged_into=wish, shown_as=wish
    )
    return wish


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
    _wishes(_product("Phone"), fans, threads // 10, at)
    ten, hundred = _product("Ten wishes"), _product("A hundred wishes")
    _wishes(ten, fans, 10, at)
    _wishes(hundred, fans, 100, at)
    merged = _product("Merged")
    few = _eventful(_wishes(merged, fans, 1, at)[0], _wishes(merged, fans, 10, at), at)
    many = _eventful(_wishes(merged, fans, 1, at)[0], _wishes(merged, fans, 100, at), at)
    reader = fans[7]
    ReadPosition.objects.create(fan=reader, thread=hot, floor=25, read_at=at)
    return Seeded(
        *(hot, small, large, short, long, ten, hundred, few, many, reader, _session_of(reader))
    )
