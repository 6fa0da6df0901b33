"""Lists of meetups, page by page, in the order of their dates."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from events.meetups.models import ON_THE_WAY, Meetup, MeetupState
from fans.accounts.models import Reader
from fans.places.models import Place

AT_ONCE = 20
MOST_CITIES = 40
OVER = [MeetupState.COMPLETED, MeetupState.RECAP_PUBLISHED]


@dataclass(frozen=True)
class Page:
    rows: list[Meetup]
    after: int | None  # the last row, where there are more


def ahead(reader: Reader, at: datetime) -> QuerySet[Meetup]:
    """What is announced and not over, soonest first."""
    visible = Meetup.objects.visible_to(reader).filter(state__in=ON_THE_WAY, ends_at__gt=at)
    return visible.exclude(thread=None).order_by("starts_at", "pk")


def past(reader: Reader) -> QuerySet[Meetup]:
    """What has been, newest first."""
    return Meetup.objects.visible_to(reader).filter(state__in=OVER).order_by("-starts_at", "-pk")


def page_of(meetups: QuerySet[Meetup], after: str, *, newest_first: bool = False) -> Page:
    """The page behind a row, by its number; by place and thread in one query."""
    last = Meetup.objects.filter(pk=int(after[:18])).first() if after.isdecimal() else None
    if last is not None and newest_first:
        meetups = meetups.filter(
            Q(starts_at__lt=last.starts_at) | Q(starts_at=last.starts_at, pk__lt=last.pk)
        )
    elif last is not None:
        meetups = meetups.filter(
            Q(starts_at__gt=last.starts_at) | Q(starts_at=last.starts_at, pk__gt=last.pk)
        )
    rows = list(meetups.select_related("place")[: AT_ONCE + 1])
    return Page(rows[:AT_ONCE], rows[AT_ONCE - 1].pk if len(rows) > AT_ONCE else None)


def cities_with(meetups: QuerySet[Meetup]) -> list[Place]:
    places = Place.objects.filter(pk__in=meetups.order_by().values("place"))
    return list(places.order_by("name_en", "pk")[:MOST_CITIES])
