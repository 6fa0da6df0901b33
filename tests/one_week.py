"""The people and the clock of the acceptance story (spec §11); tests/test_one_week.py tells it.

Everything a person does goes through a page, everything that happens by itself through the tasks
of the timetable, and the only thing that is moved is the clock.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.models import BinaryField, DateTimeField, Field, FloatField, ForeignKey, JSONField
from django.test import Client
from django.utils.module_loading import import_string

from community.feature_requests.models import FeatureRequest
from community.feedback.models import Category, Department, FeedbackItem
from community.fridays.models import Cycle, Release
from community.products.models import Product, Team
from community.threads.models import Board
from events.chapters.models import Chapter, ChapterState
from events.meetups.models import Meetup
from fans import clock
from fans.accounts.models import Fan, Hosting, ModeratorScope, Role
from fans.ledger import actions as ledger
from fans.places.models import Place
from fans.tiers.models import Tier, TierRules, TierStanding

SHANGHAI = ZoneInfo("Asia/Shanghai")
FRIDAY = datetime(2026, 12, 4, 17, 0, tzinfo=SHANGHAI)  # the build of the story
WEEK, WEEK_BEFORE = "2026-W49", "2026-W48"
ZONES = ("Asia/Shanghai", "Asia/Kolkata", "America/Los_Angeles")
Task = Callable[[], None]


def shanghai(day: int, hour: int = 12, minute: int = 0, *, month: int = 12) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def once(task: Task) -> None:
    task()


def twice(task: Task) -> None:
    """Two workers get the same message at the same moment."""
    with ThreadPoolExecutor(2) as workers:
        for done in [workers.submit(_in_a_worker, task) for _ in range(2)]:
            done.result()


def _in_a_worker(task: Task) -> None:
    try:
        task()
    finally:
        connections["default"].close()


def timetable() -> list[Task]:
    """Every task of the timetable but the worker's sign of life; who tells comes after who acts.

    The tiers wait for the weeks that are counted before them: in one round they come after.
    """
    names = [entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()]
    own = [name for name in names if not name.startswith("config.")]
    tellers = ("fans.tiers", "fans.notifications", "fans.digests", "fans.mail")
    own.sort(key=lambda name: max((name.startswith(t) * n for n, t in enumerate(tellers, 1))))
    return [import_string(name) for name in own]


def tables() -> dict[str, Any]:
    """Every row of every room, without what differs from run to run: keys, instants and the heats
    made of them, nonces.
    """
    found = {}
    for label in ("fans", "community", "events"):
        for model in apps.get_app_config(label).get_models():
            names = [field.attname for field in model._meta.concrete_fields if _is_told(field)]
            rows = model._base_manager.values_list(*names) if names else []
            found[model.__name__] = sorted(map(repr, rows))
    return found


_DIFFERS = {"ticket_nonce", "submission_key", "password", "key", "spread_from", "opened_from"}


def _is_told(field: Field[Any, Any]) -> bool:
    if field.primary_key or field.name in _DIFFERS:
        return False
    if isinstance(field, ForeignKey):  # numbers have gaps where two workers met
        return field.related_model is Fan
    return not isinstance(field, DateTimeField | FloatField | BinaryField | JSONField)


class Story:
    """The community, and what each step leaves for the next."""

    def __init__(self, *, reporters: int, deliver: Callable[[Task], None] = once) -> None:
        self.reporter_count = reporters
        self.deliver = deliver
        self.facts: dict[str, Any] = {}
        self._clients: dict[int, Client] = {}
        self.at(shanghai(20, 12, month=10))
        self._open_the_site()
        self._let_people_in()

    # --- time

    def at(self, moment: datetime) -> None:
        """It is that moment now, for pages and tasks alike."""
        clock.move_to(moment.astimezone(UTC))

    def sweep(self) -> None:
        """What the worker does in a few minutes: every task, those that tell after those that act."""
        for task in timetable():
            self.deliver(task)

    # --- pages

    def post(self, fan: Fan, to: str, **data: Any) -> str:
        """Send a form as this person; returns where it led. Anything but a redirect has failed."""
        response = self._client(fan).post(to, data)
        assert response.status_code in {302, 303}, (
            response.status_code,
            _complaints(response.content.decode(), to),
        )
        return str(response["Location"])

    def page(self, fan: Fan | None, address: str) -> str:
        client = self._client(fan) if fan else Client()
        response = client.get(address)
        assert response.status_code == 200, (response.status_code, address)
        return str(response.content.decode())

    def key(self, fan: Fan, address: str) -> str:
        """The key the form carries, so that pressing twice is once (C3)."""
        found = re.search(r'name="submission_key" value="([^"]+)"', self.page(fan, address))
        assert found, address
        return found[1]

    def _client(self, fan: Fan) -> Client:
        if fan.pk not in self._clients:
            client = self._clients[fan.pk] = Client()
            client.force_login(fan)
        return self._clients[fan.pk]

    # --- what the site is made of

    def _open_the_site(self) -> None:
        self.product = Product.objects.create(name="Kumquat OS", slug="os", is_main=True)
        self.team = Team.objects.create(name="System team", slug="system")
        self.camera = Team.objects.create(name="Camera team", slug="camera")
        self.research = Team.objects.create(name="R&D", slug="r-d")
        for category in (Category.BUG, Category.PERFORMANCE):
            Department.objects.create(category=category, team=self.research)
        self.board = Board.objects.create(name="Talk", slug="talk")
        TierRules.objects.create(pk=1, seat_limit=3, observes_only=False)
        self.city = self._place("510100", "Chengdu", "prefecture")
        self.town = self._place("510121", "Jintang", "county", parent=self.city)
        self.chapter = Chapter.objects.create(
            place=self.city, slug="chengdu", state=ChapterState.ACTIVE, founded_at=clock.now()
        )

    def _place(self, code: str, name: str, level: str, **fields: Any) -> Place:
        return Place.objects.create(
            code=code,
            name_en=name,
            plain_en=name.casefold(),
            name_zh_hans=name,
            name_zh_hant=name,
            region_level=level,
            timezone="Asia/Shanghai",
            **fields,
        )

    def _let_people_in(self) -> None:
        self.wen = self._fan("wen", place=self.town, consents_to_region=True)
        self.mei = self._fan("mei")
        count = max(self.reporter_count, 30)
        self.crowd = [
            self._fan(f"fan{number}", timezone=ZONES[number % 3]) for number in range(count)
        ]
        self.moderator = self._fan("moderator", role=Role.MODERATOR)
        ModeratorScope.objects.create(fan=self.moderator, scope="site")
        self.staff = self._fan("staff", role=Role.STAFF)
        self.colleague = self._fan("colleague", role=Role.STAFF)
        self.team.members.add(self.staff)
        self.host = self._fan("host")
        Hosting.objects.create(
            fan=self.host,
            place=self.city,
            began_at=clock.now(),
            ends_at=clock.now() + timedelta(days=365),
        )
        self._let_them_climb()

    def _fan(self, handle: str, **fields: Any) -> Fan:
        joined_at = datetime(2026, 2, 1, tzinfo=UTC)
        fan = Fan(
            handle=handle,
            display_name=handle.title(),
            folded_name=handle,
            email=f"{handle}@example.com",
            joined_at=joined_at,
            verified_at=joined_at,
            welcomed_at=joined_at,
            **fields,
        )
        fan.set_unusable_password()
        fan.save()
        return fan

    def _let_them_climb(self) -> None:
        """Three who are above casual already, with a year of held weeks behind them."""
        self.dev = self._above("dev", Tier.HONORARY_DEV)
        self.idle = self._above("idle", Tier.HONORARY_DEV)
        self.first = self._above("first", Tier.CORE)
        self.second = self._above("second", Tier.CORE)
        now = clock.now()
        for number in range(6):  # the newest is 90 days old between two runs of December
            day = shanghai(7, month=9) - timedelta(days=9 * number)
            self._deed(self.idle, "bug.confirmed", f"feedback:idle-{number}", day, 20)
        for weeks_ago in range(1, 13):
            day = now - timedelta(weeks=weeks_ago)
            iso = day.isocalendar()
            week = f"{iso.year}-W{iso.week:02}"
            ledger.note_held_week(week=week, at=day)
            for fan in (self.dev, self.first, self.second):
                self._deed(fan, "report.filed", f"cycle:{week}:0", day)
        for fan in (self.dev, self.first, self.second):
            points = {self.dev.pk: 12, self.first.pk: 20, self.second.pk: 18}[fan.pk]
            for number in range(1, 17):
                day = now - timedelta(days=7 * number)
                self._deed(fan, "bug.confirmed", f"feedback:old-{number}", day, points)

    def _above(self, handle: str, tier: Tier) -> Fan:
        fan = self._fan(handle)
        TierStanding.objects.create(fan=fan, tier=tier, since_at=fan.joined_at)
        return fan

    def _deed(
        self, fan: Fan, kind: str, subject: str, day: datetime, points: int | None = None
    ) -> None:
        ledger.record(fan=fan, kind=kind, subject=subject, effective_at=day, at=day, points=points)

    # --- what the story speaks of

    def wish(self, name: str) -> FeatureRequest:
        found: FeatureRequest = FeatureRequest.objects.get(pk=self.facts[name])
        return found

    @cached_property
    def cycle_pk(self) -> int:
        return Cycle.objects.get(product=self.product, week=WEEK).pk

    @property
    def cycle(self) -> Cycle:
        return Cycle.objects.select_related("product").get(pk=self.cycle_pk)

    @property
    def release(self) -> Release:
        return Release.objects.get(product=self.product, version="4.2.0")

    @property
    def meetup(self) -> Meetup:
        return Meetup.objects.get(title="Popcorn in Chengdu")

    @property
    def bug(self) -> FeedbackItem:
        return FeedbackItem.objects.get(title="The camera closes when a call comes in")

    @property
    def week_address(self) -> str:
        return f"/fridays/{self.product.slug}/{WEEK}/"


def _complaints(page: str, address: str) -> str:
    words = re.findall(r'class="(?:field-error|alert[^"]*)"[^>]*>(.*?)</', page, re.DOTALL)
    return f"{address}: {[re.sub('<[^>]+>', ' ', word).strip() for word in words] or 'no words'}"
