"""Real rows for tests, made the way the site makes them where that matters."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import factory
from django.core.files.base import ContentFile
from factory.django import DjangoModelFactory

from community.feedback.models import FeedbackItem, OfflineBatch
from community.products.models import Product, Team
from community.threads.models import Board, Post, State, Thread
from fans.accounts.models import Fan, ModeratorScope, Role
from fans.images.models import Image
from fans.places.models import Place, plain_latin
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


def make_place(**fields: Any) -> Place:
    """A city, known by its code."""
    code = fields.pop("code", "510100")
    name = fields.pop("name_en", f"City {code}")
    known = Place.objects.filter(code=code).first()
    return known or Place.objects.create(
        code=code,
        name_en=name,
        plain_en=plain_latin(name),
        name_zh_hans="成都",
        name_zh_hant="成都",
        region_level="prefecture",
        timezone="Asia/Shanghai",
        **fields,
    )


def make_feedback(*, with_files: bool = False, **fields: Any) -> FeedbackItem:
    """Something told through the form: public, S2/Q3, by a casual fan; with a picture and a log."""
    reporter = fields.pop("reporter") if "reporter" in fields else make_fan()
    team = fields.pop("department", None) or Team.objects.order_by("pk").first()
    item = FeedbackItem.objects.create(
        channel=fields.pop("channel", "form"),
        reporter=reporter,
        product=fields.pop("product", None) or ProductFactory.create(),
        category=fields.pop("category", "bug"),
        severity=fields.pop("severity", "S2"),
        frequency=fields.pop("frequency", "Q3"),
        priority=fields.pop("priority", "P1"),
        department=team or Team.objects.create(name="R&D", slug="r-d"),
        title=fields.pop("title", "The alarm stays silent"),
        state_at=NOW,
        created_at=fields.pop("created_at", NOW),
        answer_due_at=fields.pop("answer_due_at", NOW + timedelta(days=3)),
        **fields,
    )
    if with_files:
        item.log_file.save("aa/test.log", ContentFile(b"12:00 silence"))
        item.log_name = "watch.log"
        item.save(update_fields=["log_name"])
        image = Image(key=secrets.token_hex(16), owner=reporter, content_type="image/webp")
        image.width = image.height = image.byte_count = 1
        image.uploaded_at = image.kept_at = NOW
        image.file.save("aa/test.webp", ContentFile(b"RIFF"), save=False)
        image.save()
        item.pictures.add(image)
    return item


def make_batch(*, forms: int = 0, **fields: Any) -> OfflineBatch:
    """Paper forms of one place, still open."""
    batch = OfflineBatch.objects.create(
        product=fields.pop("product", None) or ProductFactory.create(),
        place=fields.pop("place", None) or make_place(),
        gathered_on=fields.pop("gathered_on", NOW.date()),
        recorder=fields.pop("recorder", None) or make_fan(),
        recorded_at=NOW,
        **fields,
    )
    for number in range(forms):
        make_feedback(
            channel="offline_form",
            reporter=None,
            recorder=batch.recorder,
            batch=batch,
            product=batch.product,
            title=f"Form {number + 1}",
            is_public=False,
            paper={"overall": 4, "loved": [], "not_good": [], "wishes": [], "words": ""},
        )
    return batch
