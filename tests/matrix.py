"""Who is there, what they may ask for, and what the answer must be (R1).

The expectation is worked out from two things alone: the policy the route declares, and what
`visible_to(reader)` says of the row in its address. The view is then asked, and must agree.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection, models, transaction
from django.db.models import F
from django.test import Client, RequestFactory
from django.test.client import ClientHandler

from community.feature_requests.models import FeatureRequest, OfflineSupport
from community.feedback.models import FeedbackItem, OfflineBatch
from community.fridays.models import (
    ComplaintAnswer,
    Credit,
    Cycle,
    CycleState,
    Pin,
    Quotation,
    Release,
    ReleaseItem,
    ReleaseState,
    Report,
    WeeklyReport,
)
from community.fridays.times import times_of
from community.importers.models import AccountClaim
from community.moderation.models import Case, Sanction, SanctionKind
from community.products.models import Product, Tag, Team
from community.screening.models import WatchedWord
from community.threads.models import Audience, Board, Post, PostRevision, Rule, State, Thread
from community.threads.slugs import slug_of
from config.routes import Route
from events.chapters.models import Chapter
from events.check_ins.models import CheckIn, Way
from events.meetups.models import Meetup, MeetupState
from events.rsvps.models import Rsvp, RsvpState
from fans import clock
from fans.accounts.models import Fan, Hosting, Reader
from fans.clock.weeks import week_of
from fans.digests.models import Delivery, Issue
from fans.digests.tokens import token_of
from fans.mail.models import QueuedMail
from fans.notifications.models import Event, Notice
from fans.places.models import Place, RegionLevel
from fans.policy import Who
from fans.site.models import Holiday, RestWeek
from fans.tiers.models import Nomination, NominationState, TierRun
from tests import factories

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
SAFE = {"GET", "HEAD", "OPTIONS"}
BACKEND = settings.AUTHENTICATION_BACKENDS[0]
MISSING = 987_654
NO_FIGURES = {"count": 0, "late_count": 0, "is_small": True, "satisfaction": None}


@dataclass
class Actor:
    name: str
    fan: Fan | None = None
    session_key: str = ""
    is_banned: bool = False

    @property
    def reader(self) -> Reader:
        """As the site meets them with this request: a banned one's session is nobody's."""
        if self.fan is None or self.is_banned:
            return AnonymousUser()
        return Fan.objects.get_queryset().select_related("standing").get(pk=self.fan.pk)

    def client(self) -> Client:
        client = Client(raise_request_exception=False)
        if self.session_key:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.session_key
        return client


@dataclass
class Sample:
    """One address of a route: whose row it is, and whether this reader may see it."""

    state: str
    arguments: dict[str, Any]
    row: models.Model | None = None
    path: str = ""  # instead of arguments, for addresses that are patterns

    def is_visible_to(self, reader: Reader) -> bool:
        if self.state == "missing":
            return False
        if self.row is None:
            return True
        queryset = type(self.row)._default_manager.visible_to(reader)  # type: ignore[attr-defined]
        return bool(queryset.filter(pk=self.row.pk).exists())


@dataclass
class World:
    actors: list[Actor] = field(default_factory=list)
    boards: dict[str, Board] = field(default_factory=dict)
    threads: dict[str, Thread] = field(default_factory=dict)
    own_threads: dict[str, Thread] = field(default_factory=dict)
    stranger: Fan = field(default_factory=lambda: factories.make_fan(handle="stranger"))

    def threads_for(self, actor: Actor) -> Iterator[tuple[str, Thread | None]]:
        if actor.name in self.own_threads:
            yield "own", self.own_threads[actor.name]
        yield from self.threads.items()
        yield "missing", None


# --- the world ---------------------------------------------------------------------------------


def people(world: World) -> dict[str, Fan]:
    later = clock.now() + timedelta(days=3)
    return {
        "unverified": factories.make_fan(handle="unverified", verified_at=None),
        "casual": factories.make_fan(handle="casual"),
        "core": factories.make_core_fan(handle="core"),
        "honorary": factories.make_honorary_dev(handle="honorary"),
        "host": factories.make_core_fan(handle="host"),
        "moderator of the site": factories.make_moderator(handle="mod-site"),
        "moderator of a board": factories.make_moderator(
            f"board:{world.boards['public'].pk}", handle="mod-board"
        ),
        "staff": factories.make_staff(handle="staffer"),
        "admin": factories.make_admin(handle="adminer"),
        "muted": factories.make_fan(handle="muted", muted_until=later),
        "suspended": factories.make_fan(handle="suspended", suspended_until=later),
        "banned": factories.make_fan(handle="banned"),
        "leaving": factories.make_fan(handle="leaving"),
    }


def make_world() -> World:
    world = World()
    for name, audience in (
        ("public", Audience.EVERYONE),
        ("elsewhere", Audience.EVERYONE),
        ("core", Audience.CORE),
        ("early", Audience.HONORARY_DEV),
    ):
        world.boards[name] = factories.BoardFactory.create(slug=name, readable_by=audience)
    world.threads = {
        "other": _thread(world, "public"),
        "hidden": _thread(world, "public", State.HIDDEN),
        "hidden elsewhere": _thread(world, "elsewhere", State.HIDDEN),
        "waiting": _thread(world, "public", State.WAITING),
        "on the core board": _thread(world, "core"),
        "on the early board": _thread(world, "early"),
    }
    world.actors.append(Actor("anonymous"))
    for name, fan in people(world).items():
        world.actors.append(_signed_in(name, fan))
        world.own_threads[name] = factories.make_thread(
            board=world.boards["public"], author=fan, replies=1
        )
    return world


def _thread(world: World, board: str, state: State = State.PUBLISHED) -> Thread:
    thread = factories.make_thread(board=world.boards[board], author=world.stranger, state=state)
    factories.make_post(thread, author=world.stranger, state=state)
    return thread


def _signed_in(name: str, fan: Fan) -> Actor:
    client = Client()
    client.force_login(fan, backend=BACKEND)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    actor = Actor(name, fan, key, is_banned=name == "banned")
    # What happens to an account that is signed in somewhere.
    if name == "banned":
        Fan.objects.filter(pk=fan.pk).update(banned_at=clock.now())
    if name == "leaving":
        Fan.objects.filter(pk=fan.pk).update(leaving_at=clock.now())
    return actor


# --- sample addresses --------------------------------------------------------------------------

Sampler = Callable[[World, Actor], Iterator[Sample]]


def of_threads(world: World, actor: Actor) -> Iterator[Sample]:
    for state, thread in world.threads_for(actor):
        pk, slug = (thread.pk, thread.slug) if thread else (MISSING, "nothing-here")
        yield Sample(state, {"pk": pk, "slug": slug}, thread)


def of_requests(world: World, actor: Actor) -> Iterator[Sample]:
    """A wish on each thread: it is seen where its thread is."""
    product, _ = Product.objects.get_or_create(name="Watch", slug="watch")
    for state, thread in world.threads_for(actor):
        wish = None
        if thread is not None:
            wish, _ = FeatureRequest.objects.get_or_create(
                thread=thread,
                defaults={
                    "author": thread.author,
                    "product": product,
                    "title": thread.title,
                    "problem": "It cannot be heard.",
                    "status_at": factories.NOW,
                    "created_at": factories.NOW,
                },
            )
        pk, slug = (wish.pk, slug_of(wish.title)) if wish else (MISSING, "nothing-here")
        yield Sample(state, {"pk": pk, "slug": slug}, wish)


def of_requests_of_others(world: World, actor: Actor) -> Iterator[Sample]:
    """Nobody sorts their own wish: that page is there for others alone."""
    for sample in of_requests(world, actor):
        if actor.fan is None or getattr(sample.row, "author_id", None) != actor.fan.pk:
            yield sample


def of_voices(world: World, actor: Actor) -> Iterator[Sample]:
    """Voices written down for each wish."""
    for sample in of_requests(world, actor):
        support = None
        if sample.row is not None:
            support, is_new = OfflineSupport.objects.get_or_create(
                feature_request=sample.row,
                key="sample",
                defaults={"count": 9, "recorded_at": factories.NOW},
            )
            wish = FeatureRequest.objects.filter(pk=sample.row.pk)
            wish.update(offline_count=F("offline_count") + 9 * is_new)
        pks = {"pk": sample.arguments["pk"], "support": support.pk if support else MISSING}
        yield Sample(sample.state, pks, sample.row)


def of_posts(world: World, actor: Actor) -> Iterator[Sample]:
    """The reply of each thread: floor 1 stands and falls with its thread."""
    for state, thread in world.threads_for(actor):
        post = thread.posts.order_by("-floor", "-pk").first() if thread else None
        yield Sample(state, {"pk": post.pk if post else MISSING}, post)


def of_revisions(world: World, actor: Actor) -> Iterator[Sample]:
    for sample in of_posts(world, actor):
        if isinstance(sample.row, Post):
            PostRevision.objects.get_or_create(
                post=sample.row,
                number=1,
                defaults={
                    "source": "Before",
                    "html": "<p>Before</p>",
                    "editor": world.stranger,
                    "replaced_at": factories.NOW,
                },
            )
            Post.objects.filter(pk=sample.row.pk).update(revision_count=1)
        yield Sample(sample.state, {**sample.arguments, "number": 1}, sample.row)


def of_boards(world: World, actor: Actor) -> Iterator[Sample]:
    for name, board in world.boards.items():
        yield Sample(name, {"slug": board.slug, "pk": board.pk}, board)
    yield Sample("missing", {"slug": "nothing-here", "pk": MISSING})


def of_fans(world: World, actor: Actor) -> Iterator[Sample]:
    if actor.fan is not None:
        yield Sample("own", {"handle": actor.fan.handle, "pk": actor.fan.pk}, actor.fan)
    yield Sample("other", {"handle": "stranger", "pk": world.stranger.pk}, world.stranger)
    yield Sample("missing", {"handle": "nobody-here", "pk": MISSING})


def of_cases(world: World, actor: Actor) -> Iterator[Sample]:
    for sample in of_posts(world, actor):
        if sample.state in {"own", "other", "hidden elsewhere", "on the early board"}:
            assert isinstance(sample.row, Post)
            case, _ = Case.objects.get_or_create(
                post=sample.row,
                defaults={
                    "about": sample.row.author,
                    "opened_at": factories.NOW,
                    "due_at": factories.NOW + timedelta(days=1),
                },
            )
            yield Sample(sample.state, {"pk": case.pk}, case)
    yield Sample("missing", {"pk": MISSING})


def of_sanctions(world: World, actor: Actor) -> Iterator[Sample]:
    others = Fan.objects.get_queryset().get(handle="mod-site")
    who = {"own": actor.fan, "other": world.stranger}
    for state, fan in who.items():
        if fan is not None:
            sanction, _ = Sanction.objects.get_or_create(
                fan=fan,
                kind=SanctionKind.MUTE,
                defaults={
                    "rule": Rule.SPAM,
                    "reason": "A reason",
                    "proposed_by": others,
                    "proposed_at": factories.NOW,
                },
            )
            yield Sample(state, {"pk": sanction.pk}, sanction)
    yield Sample("missing", {"pk": MISSING})


def of_words(world: World, actor: Actor) -> Iterator[Sample]:
    word, _ = WatchedWord.objects.get_or_create(word="coupon", defaults={"added_at": factories.NOW})
    yield Sample("other", {"pk": word.pk})
    yield Sample("missing", {"pk": MISSING})


def of_mails(world: World, actor: Actor) -> Iterator[Sample]:
    mail, _ = QueuedMail.objects.get_or_create(
        to="somebody@example.com",
        defaults={
            "subject": "Your code",
            "message": b"Subject: Your code\r\n\r\n123456",
            "created_at": factories.NOW,
            "due_at": factories.NOW,
        },
    )
    yield Sample("other", {"pk": mail.pk})
    yield Sample("missing", {"pk": MISSING})


def of_images(world: World, actor: Actor) -> Iterator[Sample]:
    yield Sample("missing", {"key": "0" * 16, "extension": "webp"})


def of_products(world: World, actor: Actor) -> Iterator[Sample]:
    product, _ = Product.objects.get_or_create(name="Watch", slug="watch")
    yield Sample("other", {"pk": product.pk, "slug": product.slug})
    yield Sample("missing", {"pk": MISSING, "slug": "nothing-here"})


def of_feeds_of_tags(world: World, actor: Actor) -> Iterator[Sample]:
    tag, _ = Tag.objects.get_or_create(name="Battery", slug="battery")
    yield Sample("other", {"slug": tag.slug})
    yield Sample("missing", {"slug": "nothing-here"})


def of_tags(world: World, actor: Actor) -> Iterator[Sample]:
    tag, _ = Tag.objects.get_or_create(name="Battery", slug="battery")
    yield Sample("other", {"pk": tag.pk})
    yield Sample("missing", {"pk": MISSING})


def of_teams(world: World, actor: Actor) -> Iterator[Sample]:
    team, _ = Team.objects.get_or_create(name="Battery", slug="battery")
    team.members.add(world.stranger)
    yield Sample("other", {"pk": team.pk, "member": world.stranger.pk})
    yield Sample("missing", {"pk": MISSING, "member": MISSING})


def of_imported_people(world: World, actor: Actor) -> Iterator[Sample]:
    imported, _ = Fan.objects.get_or_create(
        handle="imported",
        imported_as="discourse:1",
        defaults={"joined_at": factories.NOW, "display_name": "From the old forum"},
    )
    yield Sample("other", {"handle": imported.handle}, imported)
    yield Sample("missing", {"handle": "nobody-here"})


def of_claims(world: World, actor: Actor) -> Iterator[Sample]:
    claim, _ = AccountClaim.objects.get_or_create(
        fan=world.stranger,
        imported_as="discourse:1",
        defaults={"claimed_at": factories.NOW},
    )
    yield Sample("other", {"pk": claim.pk})
    yield Sample("missing", {"pk": MISSING})


def of_weeks(world: World, actor: Actor) -> Iterator[Sample]:
    """A week that waits for its build, by number and by address."""
    product, _ = Product.objects.get_or_create(name="Watch", slug="watch")
    cycle, _ = Cycle.objects.get_or_create(
        product=product,
        week="2026-W47",
        defaults={"friday": date(2026, 11, 20), **vars(times_of(date(2026, 11, 20), 17))},
    )
    yield Sample("other", {"pk": cycle.pk, "product": "watch", "week": cycle.week}, cycle)
    yield Sample("missing", {"pk": MISSING, "product": "nothing-here", "week": "1999-W01"})


def of_product_slugs(world: World, actor: Actor) -> Iterator[Sample]:
    cycle = next(of_weeks(world, actor)).row
    assert isinstance(cycle, Cycle)
    yield Sample("other", {"product": cycle.product.slug}, cycle.product)
    yield Sample("missing", {"product": "nothing-here"})


def of_results(world: World, actor: Actor) -> Iterator[Sample]:
    """A week whose figures are out, of too few reports for numbers, and one nobody counted."""
    uncounted = next(of_weeks(world, actor)).row
    assert isinstance(uncounted, Cycle)
    friday = uncounted.friday - timedelta(weeks=1)
    cycle, _ = Cycle.objects.get_or_create(
        product=uncounted.product,
        week=week_of(friday),
        defaults={
            "friday": friday,
            "state": CycleState.CLOSED,
            **vars(times_of(friday, 17)),
            "held_at": factories.NOW,
            "frozen_at": factories.NOW,
            "published_at": factories.NOW,
        },
    )
    WeeklyReport.objects.get_or_create(
        cycle=cycle, defaults={"figures": NO_FIGURES, "made_at": factories.NOW}
    )
    yield Sample("out", {"product": "watch", "week": cycle.week}, cycle)
    yield Sample("missing", {"product": "watch", "week": uncounted.week})
    yield Sample("missing", {"product": "nothing-here", "week": "1999-W01"})


def of_picks(world: World, actor: Actor) -> Iterator[Sample]:
    """A wish on the board of the week, and one that is not there."""
    wish = next(sample.row for sample in of_requests(world, actor) if sample.state == "other")
    assert wish is not None
    for sample in of_weeks(world, actor):
        yield Sample(sample.state, {"pk": sample.arguments["pk"], "wish": wish.pk}, sample.row)


def of_quotations(world: World, actor: Actor) -> Iterator[Sample]:
    """A sentence of one's own report, where one has any, and of somebody else's."""
    cycle = next(of_weeks(world, actor)).row
    for state, fan in (("own", actor.fan), ("other", world.stranger)):
        if fan is None:
            continue
        report, _ = Report.objects.get_or_create(
            cycle=cycle,
            fan=fan,
            defaults={
                "overall": 4,
                "not_good_why": "It gets hot.",
                "is_late": False,
                "first_sent_at": factories.NOW,
                "sent_at": factories.NOW,
            },
        )
        quotation, _ = Quotation.objects.get_or_create(
            cycle=cycle,
            report=report,
            grid="not_good",
            defaults={
                "words": "It gets hot.",
                "chosen_by": world.stranger,
                "chosen_at": factories.NOW,
            },
        )
        yield Sample(state, {"pk": quotation.pk}, quotation)
    yield Sample("missing", {"pk": MISSING})


def of_complaint_answers(world: World, actor: Actor) -> Iterator[Sample]:
    cycle = next(of_weeks(world, actor)).row
    assert isinstance(cycle, Cycle)
    answer, _ = ComplaintAnswer.objects.get_or_create(
        cycle=cycle,
        area="heat",
        defaults={
            "words": "We are at it.",
            "answered_by": world.stranger,
            "answered_at": factories.NOW,
        },
    )
    yield Sample("other", {"pk": cycle.pk, "answer": answer.pk}, answer)
    yield Sample("missing", {"pk": cycle.pk, "answer": MISSING})


def of_releases(world: World, actor: Actor) -> Iterator[Sample]:
    """A draft, which staff alone see, and a build that is out."""
    cycle = next(of_weeks(world, actor)).row
    assert isinstance(cycle, Cycle)
    for version, thread in (("1.0", world.threads["other"]), ("1.1", None)):
        release, _ = Release.objects.get_or_create(
            product=cycle.product,
            version=version,
            defaults={
                "cycle": cycle,
                "created_by": world.stranger,
                "created_at": factories.NOW,
                "notes": "What is new.",
                "has_no_known_defects": True,
                "thread": thread,
                "published_at": factories.NOW if thread else None,
                "state": ReleaseState.PUBLISHED if thread else ReleaseState.DRAFT,
            },
        )
        arguments = {"pk": release.pk, "product": "watch", "version": version}
        yield Sample("out" if thread else "draft", arguments, release)
    yield Sample("missing", {"pk": MISSING, "product": "watch", "version": "0"})


def of_own_rows(world: World, actor: Actor) -> Iterator[Sample]:
    """Rows nobody but their owner is ever shown: here those of nobody."""
    yield Sample("missing", {"pk": MISSING})


def of_notices(world: World, actor: Actor) -> Iterator[Sample]:
    event, _ = Event.objects.get_or_create(
        key="sample",
        defaults={"kind": "sample", "subject": "thread:1", "occurred_at": factories.NOW},
    )
    for state, fan in (("own", actor.fan), ("other", world.stranger)):
        if fan is not None:
            notice, _ = Notice.objects.get_or_create(
                event=event, fan=fan, defaults={"why": "author", "created_at": factories.NOW}
            )
            yield Sample(state, {"pk": notice.pk}, notice)
    yield Sample("missing", {"pk": MISSING})


def of_feedback(world: World, actor: Actor) -> Iterator[Sample]:
    """In public, kept from it, and one's own."""
    kinds = {"other": (world.stranger, True), "private": (world.stranger, False)}
    if actor.fan is not None:
        kinds["own"] = (actor.fan, False)
    for state, (reporter, is_public) in kinds.items():
        item = FeedbackItem.objects.filter(reporter=reporter, is_public=is_public).first()
        item = item or factories.make_feedback(
            reporter=reporter, is_public=is_public, with_files=True
        )
        yield Sample(state, {"pk": item.pk, "key": item.pictures.get().key}, item)
    yield Sample("missing", {"pk": MISSING, "key": "0" * 32})


def of_batches(world: World, actor: Actor) -> Iterator[Sample]:
    for state, recorder in {"other": world.stranger, "own": actor.fan}.items():
        if recorder is not None:
            batch = OfflineBatch.objects.filter(recorder=recorder).first()
            batch = batch or factories.make_batch(recorder=recorder, forms=1)
            yield Sample(state, {"pk": batch.pk, "item": batch.items.get().pk}, batch)
    yield Sample("missing", {"pk": MISSING, "item": MISSING})


def of_holidays(world: World, actor: Actor) -> Iterator[Sample]:
    holiday, _ = Holiday.objects.get_or_create(date=factories.NOW.date())
    yield Sample("other", {"pk": holiday.pk}, holiday)
    yield Sample("missing", {"pk": MISSING})


def of_rest_weeks(world: World, actor: Actor) -> Iterator[Sample]:
    said = {"reason": "Spring Festival", "announced_by": world.stranger}
    said["announced_at"] = factories.NOW
    rest, _ = RestWeek.objects.get_or_create(week="2099-W06", defaults=said)
    yield Sample("other", {"pk": rest.pk}, rest)
    yield Sample("missing", {"pk": MISSING})


def of_letters(world: World, actor: Actor) -> Iterator[Sample]:
    issue, _ = Issue.objects.get_or_create(
        week="2026-W47",
        defaults=dict.fromkeys(["since_at", "until_at", "ready_at"], factories.NOW),
    )
    delivery, _ = Delivery.objects.get_or_create(
        issue=issue, fan=world.stranger, defaults={"due_at": factories.NOW}
    )
    yield Sample("other", {"pk": delivery.pk}, delivery)
    yield Sample("missing", {"pk": MISSING})


def of_unsubscribing(world: World, actor: Actor) -> Iterator[Sample]:
    yield Sample("other", {"token": token_of(world.stranger)})
    yield Sample("missing", {"token": "no-such-token"})


def of_given_credits(world: World, actor: Actor) -> Iterator[Sample]:
    """A tester of each build."""
    for sample in of_releases(world, actor):
        if isinstance(sample.row, Release):
            given, _ = Credit.objects.get_or_create(
                release=sample.row,
                item=None,
                fan=world.stranger,
                role="tester",
                defaults={"credited_at": factories.NOW},
            )
            yield Sample(sample.state, {"pk": sample.row.pk, "credit": given.pk}, sample.row)
    yield Sample("missing", {"pk": MISSING, "credit": MISSING})


def of_credits(world: World, actor: Actor) -> Iterator[Sample]:
    """Whoever is thanked says how; for others it is not there."""
    releases = [sample.row for sample in of_releases(world, actor) if sample.state == "out"]
    for fan in (actor.fan, world.stranger):
        if fan is not None and isinstance(release := releases[0], Release):
            credit, _ = Credit.objects.get_or_create(
                release=release, fan=fan, role="tester", defaults={"credited_at": factories.NOW}
            )
            if fan == actor.fan:
                yield Sample("own", {"pk": credit.pk})
    yield Sample("missing", {"pk": MISSING})


def of_items(world: World, actor: Actor) -> Iterator[Sample]:
    """Something in a build that is out, and in one that staff alone see."""
    team, _ = Team.objects.get_or_create(name="Battery", slug="battery")
    for sample in of_releases(world, actor):
        if isinstance(sample.row, Release):
            item, _ = ReleaseItem.objects.get_or_create(
                release=sample.row,
                number=1,
                defaults={"title": "Torch", "kind": "new", "team": team},
            )
            yield Sample(sample.state, {"pk": item.pk, "grid": "loved"}, item)
    yield Sample("missing", {"pk": MISSING, "grid": "loved"})


def of_pins(world: World, actor: Actor) -> Iterator[Sample]:
    """A note is its owner's alone."""
    item = next(of_items(world, actor)).row
    assert isinstance(item, ReleaseItem)
    for fan in (actor.fan, world.stranger):
        if fan is not None and item.release.cycle is not None:
            pin, _ = Pin.objects.get_or_create(
                fan=fan,
                cycle=item.release.cycle,
                item=item,
                defaults={"grid": "loved", "pinned_at": factories.NOW},
            )
            yield Sample("own" if fan == actor.fan else "missing", {"pk": pin.pk})
    yield Sample("missing", {"pk": MISSING})


def of_tier_runs(world: World, actor: Actor) -> Iterator[Sample]:
    run, _ = TierRun.objects.get_or_create(
        week="2026-W47", defaults={"due_at": clock.now(), "ran_at": clock.now()}
    )
    yield Sample("other", {"week": run.week}, run)
    yield Sample("missing", {"week": "2019-W01"})


def of_nominations(world: World, actor: Actor) -> Iterator[Sample]:
    def sample(state: str, nominee: Fan) -> Sample:
        nomination = Nomination.objects.filter(nominee=nominee).first()
        nomination = nomination or Nomination.objects.create(
            nominee=nominee,
            nominator=world.stranger,
            statement="Found the fault nobody else could find.",
            state=NominationState.UNDER_REVIEW,
            state_at=clock.now(),
            created_at=clock.now(),
        )
        return Sample(state, {"pk": nomination.pk}, nomination)

    yield sample("other", Fan.objects.get_queryset().get(handle="core"))
    if actor.fan is not None and actor.fan.handle != "core":
        yield sample("own", actor.fan)
    yield Sample("missing", {"pk": MISSING})


def _place() -> Place:
    place, _ = Place.objects.get_or_create(
        code="310000",
        defaults={
            "name_en": "Shanghai",
            "name_zh_hans": "上海",
            "name_zh_hant": "上海",
            "region_level": RegionLevel.MUNICIPALITY,
            "timezone": "Asia/Shanghai",
        },
    )
    return place


def of_cities(world: World, actor: Actor) -> Iterator[Sample]:
    city, _ = Chapter.objects.get_or_create(
        place=_place(), slug="shanghai", defaults={"founded_at": factories.NOW}
    )
    hosting, _ = Hosting.objects.get_or_create(
        fan=world.stranger,
        place=city.place,
        defaults={
            "began_at": factories.NOW,
            "ends_at": factories.NOW + timedelta(days=365),
        },
    )
    yield Sample("other", {"slug": city.slug, "pk": hosting.pk}, city)
    yield Sample("missing", {"slug": "nowhere", "pk": MISSING})


def _meetup_of(thread: Thread) -> Meetup:
    meetup, _ = Meetup.objects.get_or_create(
        thread=thread,
        defaults={
            "place": _place(),
            "organiser": thread.author,
            "title": thread.title,
            "description": "We bring cameras.",
            "venue": "Riverside library",
            "address": "1 Long Road",
            "legal_capacity": 60,
            "capacity": 20,
            "seats_taken": 1,
            "starts_local": "2099-11-28T14:00",
            "ends_local": "2099-11-28T17:00",
            "timezone": "Asia/Shanghai",
            "starts_at": factories.NOW + timedelta(days=365 * 73),
            "ends_at": factories.NOW + timedelta(days=365 * 73, hours=3),
            "state": MeetupState.RSVP_OPEN,
            "state_at": factories.NOW,
            "created_at": factories.NOW,
        },
    )
    return meetup


def of_meetups(world: World, actor: Actor) -> Iterator[Sample]:
    """A meetup on each thread: it is seen where its thread is, and by its planner."""
    for state, thread in world.threads_for(actor):
        meetup = _meetup_of(thread) if thread else None
        pk, slug = (meetup.pk, slug_of(meetup.title)) if meetup else (MISSING, "nothing-here")
        unknown = {"check_in": MISSING, "rsvp": MISSING}
        yield Sample(state, {"pk": pk, "slug": slug, **unknown}, meetup)


def of_tickets(world: World, actor: Actor) -> Iterator[Sample]:
    """A seat of one's own, at a meetup one was at."""
    if actor.fan is not None:
        meetup = _meetup_of(world.threads["other"])
        seat, _ = Rsvp.objects.get_or_create(
            meetup=meetup,
            fan=actor.fan,
            defaults={
                "state": RsvpState.ATTENDED,
                "state_at": factories.NOW,
                "created_at": factories.NOW,
                "ticket_nonce": "K7QM2F9XK7QM2F9X",
            },
        )
        CheckIn.objects.get_or_create(
            meetup=meetup,
            fan=actor.fan,
            defaults={
                "checked_in_by": world.stranger,
                "checked_in_at": factories.NOW,
                "way": Way.LIST,
            },
        )
        yield Sample("own", {"pk": meetup.pk}, seat)
    yield Sample("missing", {"pk": MISSING})


# By the name of a route, or by its address where it has none.
SAMPLES: dict[str, Sampler] = {
    **dict.fromkeys(
        [
            *("city", "city_membership", "city_membership_withdrawal", "city_revival"),
            *("city_hosts", "city_host_end"),
        ],
        of_cities,
    ),
    **dict.fromkeys(
        [
            *("meetup", "/meetups/<int:pk>/", "meetup_edit", "meetup_submission"),
            *("meetup_announcement", "meetup_cancellation", "meetup_postponement"),
            *("meetup_venue", "meetup_calendar", "meetup_manage", "meetup_capacity"),
            *("meetup_date", "meetup_rsvp"),
            *("meetup_door", "meetup_check_in", "meetup_check_in_undo", "meetup_excuse"),
            *("meetup_recap", "staff_meetup_approval", "staff_meetup_return"),
        ],
        of_meetups,
    ),
    **dict.fromkeys(
        [
            *("meetup_ticket", "meetup_survey", "meetup_rsvp_seat", "meetup_rsvp_guests"),
            *("meetup_rsvp_cancellation", "meetup_rsvp_cancellation_withdrawal"),
        ],
        of_tickets,
    ),
    **dict.fromkeys(["credit_name", "credit_name_withdrawal"], of_credits),
    **dict.fromkeys(
        [
            *("thread", "/threads/<int:pk>/", "thread_replies", "thread_board"),
            *("thread_answer", "thread_answer_withdrawal"),
            *("thread_feature", "thread_feature_withdrawal", "thread_pin", "thread_pin_withdrawal"),
            *("thread_lock", "thread_lock_withdrawal"),
        ],
        of_threads,
    ),
    **dict.fromkeys(
        [
            *("post", "post_edit", "post_history", "post_deletion", "post_restoration"),
            *("post_reaction", "post_reaction_withdrawal", "post_flag", "post_pin"),
        ],
        of_posts,
    ),
    **dict.fromkeys(
        [
            *(
                "feature_request",
                "/requests/<int:pk>/",
                "feature_request_story",
                "feature_request_poster",
            ),
            *("feature_request_vote", "feature_request_vote_withdrawal"),
            *("feature_request_status", "feature_request_note"),
            "feature_request_merge_withdrawal",
            *("feature_request_answer", "feature_request_withdrawal"),
            *("feature_request_follow", "feature_request_follow_withdrawal"),
            *("feature_request_mute", "feature_request_mute_withdrawal"),
            "feature_request_tags",
            *("feature_request_promise", "feature_request_team", "feature_request_voices"),
        ],
        of_requests,
    ),
    "feed_request": of_requests,
    "feed_requests_of_tag": of_feeds_of_tags,
    "feature_request_merge": of_requests_of_others,
    "feature_request_voices_withdrawal": of_voices,
    "revision_hiding": of_revisions,
    "item_pin": of_items,
    "staff_release_credit_withdrawal": of_given_credits,
    "pin_withdrawal": of_pins,
    **dict.fromkeys(["moderation_tier_run", "tier_run_release"], of_tier_runs),
    **dict.fromkeys(
        ["nomination_withdrawal", "nomination_approval", "nomination_rejection"], of_nominations
    ),
    **dict.fromkeys(
        [
            *("board", "staff_board", "staff_board_details", "staff_board_place"),
            *("staff_board_archive", "staff_board_archive_withdrawal"),
        ],
        of_boards,
    ),
    **dict.fromkeys(
        [
            *("staff_product", "staff_product_details"),
            *("staff_product_retirement", "staff_product_retirement_withdrawal"),
            *("staff_product_calendar", "staff_product_calendar_change"),
            *("staff_product_users", "staff_product_users_counts"),
            "staff_product_users_withdrawal",
            "feed_requests_of_product",
        ],
        of_products,
    ),
    **dict.fromkeys(
        [
            *("staff_tag", "staff_tag_details"),
            *("staff_tag_retirement", "staff_tag_retirement_withdrawal"),
        ],
        of_tags,
    ),
    **dict.fromkeys(
        [
            *("staff_team", "staff_team_details"),
            *("staff_team_members", "staff_team_member_removal"),
        ],
        of_teams,
    ),
    **dict.fromkeys(
        [
            *("cycle", "staff_week", "staff_week_skip", "staff_planning", "staff_release_new"),
            *("staff_week_review", "staff_week_review_withdrawal", "staff_week_hold"),
            *("staff_week_hold_withdrawal", "staff_week_correction", "staff_words"),
            *("staff_words_opening", "staff_quotation", "staff_need_request"),
            *("staff_need_asking", "staff_complaints", "staff_answer"),
            *(
                "report",
                "report_draft",
                "report_draft_removal",
                "report_paper",
                "ballot",
                "results",
            ),
        ],
        of_weeks,
    ),
    **dict.fromkeys(["results_figures", "results_card", "results_poster"], of_results),
    "fridays_of": of_product_slugs,
    **dict.fromkeys(["staff_pick", "staff_pick_withdrawal", "staff_plan"], of_picks),
    **dict.fromkeys(["quotation_withdrawal", "quotation_restoration"], of_quotations),
    "staff_answer_withdrawal": of_complaint_answers,
    **dict.fromkeys(
        [
            *("release", "staff_release", "staff_release_edit", "staff_release_ready"),
            *("staff_release_ready_withdrawal", "staff_release_publication"),
            *("staff_release_withdrawal", "staff_release_credits"),
        ],
        of_releases,
    ),
    "claim_account": of_imported_people,
    **dict.fromkeys(["claim_joining", "claim_refusal"], of_claims),
    **dict.fromkeys(
        ["fan", "fan_flag", "nomination_new", "staff_person", "staff_person_role"], of_fans
    ),
    **dict.fromkeys(
        [
            *("moderation_case", "case_decision", "case_claim", "case_claim_withdrawal"),
            "case_restoration",
        ],
        of_cases,
    ),
    **dict.fromkeys(["sanction_confirmation", "sanction_lifting"], of_sanctions),
    "word_removal": of_words,
    **dict.fromkeys(["dev_mail_one", "dev_mail_page"], of_mails),
    "image": of_images,
    **dict.fromkeys(
        [
            *("feedback_item", "feedback_me_too", "feedback_me_too_withdrawal"),
            *("feedback_verdict", "feedback_picture", "staff_feedback_item", "staff_feedback_log"),
            *("staff_feedback_triage", "staff_feedback_step", "staff_feedback_request"),
            *("staff_feedback_confirmation", "staff_feedback_confirmation_withdrawal"),
            *("staff_feedback_hiding", "staff_feedback_hiding_withdrawal"),
            *("staff_feedback_publication", "feedback_publication"),
            "feedback_publication_withdrawal",
        ],
        of_feedback,
    ),
    **dict.fromkeys(
        [
            *("staff_intake_batch", "staff_intake_form", "staff_intake_form_removal"),
            *("staff_intake_handing_in", "staff_intake_acceptance", "staff_intake_refusal"),
            *("staff_intake_form_removal_withdrawal", "staff_intake_file", "staff_intake_import"),
        ],
        of_batches,
    ),
    "staff_holiday_removal": of_holidays,
    "staff_rest_week_withdrawal": of_rest_weeks,
    "session_end": of_own_rows,
    "notice": of_notices,
    **dict.fromkeys(["letter_arrival", "letter_sending"], of_letters),
    **dict.fromkeys(["unsubscribe", "unsubscribe_withdrawal"], of_unsubscribing),
}

# Arguments for the views of others, whatever their name.
OTHERS_ARGUMENTS = {
    "pk": MISSING,
    "object_id": MISSING,
    "provider_id": "nobody",
    "uidb36": "1",
    "key": "no-such-key",
    "app_label": "fans",
    "content_type_id": MISSING,
    "url": "nothing-here",
}


def samples_of(route: Route, world: World, actor: Actor) -> list[Sample]:
    """Raises KeyError for a route with arguments that has no samples here: write some."""
    if "<" not in route.address:
        return [Sample("-", {})]
    if route.view.__module__.startswith(("django.", "allauth.")):
        return [Sample("-", OTHERS_ARGUMENTS)]
    return list(SAMPLES[route.name or route.address](world, actor))


def path_of(route: Route, sample: Sample) -> str:
    def fill(match: re.Match[str]) -> str:
        return str(sample.arguments[match["name"]])

    path = re.sub(r"\(\?P<(?P<name>\w+)>(?:[^()]|\([^()]*\))*\)", fill, route.address)
    return re.sub(r"<(?:\w+:)?(?P<name>\w+)>", fill, path).rstrip("$").replace("\\", "")


# --- asking, and judging the answer ------------------------------------------------------------

# Sessions, and the address allauth notes for people who came without its own sign-up.
NOT_THE_DOMAIN = re.compile(r"\b(django_session|usersessions_usersession|account_emailaddress)\b")
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)


@dataclass
class Answer:
    status: int
    location: str
    writes: list[str]

    @property
    def asks_to_sign_in(self) -> bool:
        return self.status == 302 and "/login/" in self.location


_HANDLER = ClientHandler(enforce_csrf_checks=False)


def ask(actor: Actor, method: str, path: str) -> Answer:
    """One request, of which nothing stays. Past Django's test client, which keeps every context."""
    factory = RequestFactory()
    if actor.session_key:
        factory.cookies[settings.SESSION_COOKIE_NAME] = actor.session_key
    writes: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if WRITES.match(sql) and not NOT_THE_DOMAIN.search(sql):
            writes.append(sql)
        return execute(sql, *rest)

    with transaction.atomic(), connection.execute_wrapper(note):
        response = _HANDLER(factory.generic(method, path).environ)
        if response.streaming:
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    return Answer(response.status_code, response.headers.get("Location", ""), writes)


def lacks_right(who: Who, reader: Reader) -> str:
    """What keeps this reader out by the route's policy alone; empty when nothing does."""
    if who is Who.ANYONE:
        return ""
    if not isinstance(reader, Fan):
        return "not signed in"
    if who is Who.WRITER and reader.writing_refusal(clock.now()):
        return "may not write"
    is_enough = {
        Who.MODERATOR: reader.moderates_anything,
        Who.STAFF: reader.is_staff,
        Who.ADMIN: reader.is_admin,
    }
    return "" if is_enough.get(who, True) else "not their role"


def surprise(route: Route, reader: Reader, method: str, sample: Sample, answer: Answer) -> str:
    """What is wrong with the answer; empty when it is as policy and visibility demand."""
    assert route.policy is not None
    if answer.status >= 500:
        return f"an error of ours: {answer.status}"
    if answer.status == 405:
        return "a refused method that wrote" if answer.writes else ""
    lacking = lacks_right(route.policy, reader)
    if lacking and answer.writes:
        return f"{lacking}, yet something was written: {answer.writes[0][:120]}"
    if lacking == "not signed in" and not answer.asks_to_sign_in:
        return f"not signed in, yet {answer.status} {answer.location}"
    if lacking == "may not write" and (answer.status != 302 or answer.asks_to_sign_in):
        return f"may not write, yet {answer.status}"
    if lacking == "not their role" and answer.status not in {403, 404}:
        if answer.asks_to_sign_in and route.name.startswith("admin:"):
            return ""  # to a page that is missing for them
        return f"not their role, yet {answer.status} {answer.location}"
    if lacking:
        return ""
    if not sample.is_visible_to(reader):
        if answer.status not in {404, 410}:
            return f"may not see the row, yet {answer.status} {answer.location}"
        if answer.writes:
            return f"may not see the row, yet something was written: {answer.writes[0][:120]}"
    if method in SAFE and unexpected_writes(route, method, answer):
        return f"reading changed something: {answer.writes[0][:120]}"
    return ""


def unexpected_writes(route: Route, method: str, answer: Answer) -> list[str]:
    """Reading a thread moves the reader's own read position: the one listed exception."""
    if route.name == "thread" and method == "GET":
        return [sql for sql in answer.writes if "readposition" not in sql]
    return answer.writes
