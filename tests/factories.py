"""Real rows for tests, made the way the site makes them where that matters."""

from datetime import UTC, datetime, timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from community.products.models import Product
from community.threads.models import Board, Post, State, Thread
from fans.accounts.models import Fan, ModeratorScope, Role
from fans.tiers.models import Tier, TierStanding

PASSWORD = "orange-friday"
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # Friday 17:00 in Shanghai


class FanFactory(DjangoModelFactory[Fan]):
    """A verified casual fan of a year, past every newcomer's limit."""

    class Meta:
        model = Fan

    handle = factory.Sequence(lambda n: f"fan{n}")
    display_name = factory.LazyAttribute(lambda fan: fan.handle.title())
    folded_name = factory.LazyAttribute(lambda fan: fan.display_name.casefold())
    email = factory.LazyAttribute(lambda fan: f"{fan.handle}@example.com")
    joined_at = NOW - timedelta(days=365)
    verified_at = NOW - timedelta(days=365)

    @classmethod
    def _create(cls, model_class: type[Fan], *args: Any, **kwargs: Any) -> Fan:
        fan = model_class(*args, **kwargs)
        fan.set_unusable_password()
        fan.save()
        return fan


def make_fan(**fields: Any) -> Fan:
    return FanFactory.create(**fields)


def make_core_fan(**fields: Any) -> Fan:
    fan = make_fan(**fields)
    TierStanding.objects.create(fan=fan, tier=Tier.CORE, since_at=NOW)
    return fan


def make_honorary_dev(**fields: Any) -> Fan:
    fan = make_fan(**fields)
    TierStanding.objects.create(fan=fan, tier=Tier.HONORARY_DEV, since_at=NOW)
    return fan


def make_moderator(scope: str = "site", **fields: Any) -> Fan:
    fan = make_fan(role=Role.MODERATOR, **fields)
    ModeratorScope.objects.create(fan=fan, scope=scope)
    return fan


def make_staff(**fields: Any) -> Fan:
    return make_fan(role=Role.STAFF, **fields)


def make_admin(**fields: Any) -> Fan:
    return make_fan(role=Role.ADMIN, **fields)


class ProductFactory(DjangoModelFactory[Product]):
    class Meta:
        model = Product

    name = factory.Sequence(lambda n: f"Product {n}")
    slug = factory.Sequence(lambda n: f"product-{n}")


class BoardFactory(DjangoModelFactory[Board]):
    class Meta:
        model = Board

    name = factory.Sequence(lambda n: f"Board {n}")
    slug = factory.Sequence(lambda n: f"board-{n}")


def make_thread(
    *, replies: int = 0, words: str = "Opening words of the thread.", **fields: Any
) -> Thread:
    """A published thread with its first post and so many replies by its author."""

    board = fields.pop("board", None) or BoardFactory.create()
    author = fields.pop("author", None) or make_fan()
    state = fields.get("state", State.PUBLISHED)
    thread = Thread.objects.create(
        board=board,
        author=author,
        title=fields.pop("title", "A thread to test with"),
        slug="a-thread-to-test-with",
        created_at=fields.pop("created_at", NOW),
        last_post_at=fields.pop("last_post_at", NOW),
        last_author=author,
        **fields,
    )
    make_post(thread, author=author, floor=1, source=words, state=state)
    for _ in range(replies):
        make_post(thread, author=author)
    thread.refresh_from_db()
    return thread


def make_post(thread: Thread, **fields: Any) -> Post:
    """The next floor of a thread, published unless told otherwise; the thread's counts follow."""
    floor = fields.pop("floor", None) or thread.last_floor + 1
    source = fields.pop("source", "Words of a reply.")
    post = Post.objects.create(
        thread=thread,
        author=fields.pop("author", None) or make_fan(),
        floor=floor,
        source=source,
        html=fields.pop("html", f"<p>{source}</p>"),
        state=fields.pop("state", State.PUBLISHED),
        state_at=fields.pop("state_at", NOW),
        created_at=fields.pop("created_at", NOW),
        **fields,
    )
    thread.last_floor = floor
    if floor > 1 and post.state == State.PUBLISHED:
        thread.reply_count += 1
        thread.answering_count += post.author_id != thread.author_id
    thread.save()
    return post
