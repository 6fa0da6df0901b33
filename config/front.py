"""What is going on this week, for the front page: what is open, wanted, next, and who won."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db.models import Case, When
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from community.feature_requests.models import FeatureRequest
from community.fridays.actions.publishing import results_url
from community.fridays.models import Award, Cycle, CycleState, Release, Report
from community.fridays.results import in_a_sentence
from community.products.models import Product
from events.meetups.models import Meetup, MeetupState
from fans.accounts.models import Fan, Reader
from fans.tiers.models import Nomination, NominationState, Tier, tier_of

OPEN_WEEKS = 3
KEPT_SECONDS = 20
WANTED = 3
MOST_PRODUCTS = 5

_RUNNING = (
    CycleState.SCHEDULED,
    CycleState.RELEASED,
    CycleState.COLLECTING,
    CycleState.LATE_WINDOW,
    CycleState.FROZEN,
)


_COMING = (MeetupState.RSVP_OPEN, MeetupState.RSVP_CLOSED, MeetupState.IN_PROGRESS)


@dataclass(frozen=True)
class Week:
    """One product's running week: what is the matter now, and until when."""

    cycle: Cycle
    words: str
    label: str
    url: str
    until_at: datetime


@dataclass(frozen=True)
class Said:
    """What fans said of the newest counted week."""

    cycle: Cycle
    words: str
    url: str


def products() -> list[Product]:
    """What the company makes, in its own words; for whoever is here for the first time."""

    def read() -> list[Product]:
        return list(Product.objects.visible_to(AnonymousUser()).in_order()[:MOST_PRODUCTS])

    return cache.get_or_set("front-products", read, KEPT_SECONDS) or []


def weeks(at: datetime) -> list[Week]:
    """The running weeks, open forms first."""
    found = [_week(cycle, at) for cycle in _running() if cycle.publish_at > at]
    found.sort(key=lambda week: not week.cycle.takes_reports(at))
    return found[:OPEN_WEEKS]


def _running() -> list[Cycle]:
    """The same for everybody, so kept for a moment; what is open is worked out from their times."""

    def read() -> list[Cycle]:
        public = Cycle.objects.visible_to(AnonymousUser()).filter(state__in=_RUNNING)
        rows = public.select_related("product").order_by("report_closes_at", "pk")
        return list(rows[: OPEN_WEEKS * 2])

    return cache.get_or_set("running-weeks", read, KEPT_SECONDS) or []


def _week(cycle: Cycle, at: datetime) -> Week:
    address = [cycle.product.slug, cycle.week]
    page = cycle.get_absolute_url()
    if cycle.takes_reports(at):
        until = cycle.late_closes_at if cycle.is_late(at) else cycle.report_closes_at
        words = _("The four-grid report is open.")
        return Week(cycle, words, _("File my report"), reverse("report", args=address), until)
    if cycle.released_at is None:
        return Week(
            cycle, _("The next build is on its way."), _("The week"), page, cycle.release_target_at
        )
    if at < cycle.report_opens_at:
        return Week(
            cycle,
            _("The build is out. Try it: the report opens soon."),
            _("What is in it"),
            page,
            cycle.report_opens_at,
        )
    return Week(
        cycle,
        _("The reports are in. The figures come next."),
        _("The week"),
        page,
        cycle.publish_at,
    )


def due_report(reader: Fan, at: datetime) -> Cycle | None:
    """A form that is open for this fan and that they have not sent."""
    collecting = [cycle for cycle in _running() if cycle.takes_reports(at)]
    if reader.is_staff or not collecting:
        return None
    filed = set(
        Report.objects.filter(fan=reader, cycle__in=collecting).values_list("cycle", flat=True)
    )
    return next((cycle for cycle in collecting if cycle.pk not in filed), None)


def is_offered_a_seat(reader: Fan, at: datetime) -> bool:
    """Whether a seat among the honorary developers waits for their word."""
    if tier_of(reader) != Tier.CORE:
        return False
    offered = Nomination.objects.filter(nominee=reader, state=NominationState.OFFERED)
    return offered.filter(offered_until__gt=at).exists()


def wanted(reader: Reader) -> list[FeatureRequest]:
    """The open wishes most fans stand behind."""
    return list(
        FeatureRequest.objects.visible_to(reader)
        .listed()
        .open()
        .select_related("product")
        .order_by("-vote_count", "-pk")[:WANTED]
    )


def next_meetup(reader: Reader, at: datetime) -> Meetup | None:
    """The next one in the reader's city, else anywhere."""
    home = reader.place_id if isinstance(reader, Fan) else None
    return (
        Meetup.objects.visible_to(reader)
        .filter(state__in=_COMING)
        .upcoming(at)
        .select_related("place")
        .order_by(Case(When(place=home or 0, then=0), default=1), "starts_at", "pk")
        .first()
    )


def newest_awards() -> list[Award]:
    """Who carries the title now: one award, or two that share it."""

    def read() -> list[Award]:
        public = Cycle.objects.visible_to(AnonymousUser()).filter(published_at__isnull=False)
        seen = Release.objects.visible_to(AnonymousUser())
        newest = (
            Award.objects.filter(cycle__in=public, item__release__in=seen)
            .select_related("team", "item", "cycle__product")
            .order_by("-awarded_at", "-pk")[:2]
        )
        return [award for award in newest if award.cycle_id == newest[0].cycle_id]

    return cache.get_or_set("newest-awards", read, KEPT_SECONDS) or []


def newest_results() -> Said | None:
    """The newest week whose figures are out, in a sentence; the main product's first."""

    def read() -> list[Said]:
        public = Cycle.objects.visible_to(AnonymousUser()).filter(published_at__isnull=False)
        newest = public.select_related("product").order_by(
            "-friday", "-product__is_main", "-published_at", "-pk"
        )
        return [
            Said(cycle, in_a_sentence(cycle, AnonymousUser()), results_url(cycle))
            for cycle in newest.filter(weekly_reports__version=1)[:1]
        ]

    said = cache.get_or_set(f"newest-results-{get_language()}", read, KEPT_SECONDS) or []
    return said[0] if said else None
