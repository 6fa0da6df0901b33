"""What the meetups hold about people, and how it is given out and taken back (A5)."""

from datetime import datetime
from typing import Any

import structlog
from django.db import transaction

from events.chapters import actions as chapters
from events.chapters.models import Membership
from events.check_ins.models import CheckIn, SurveyAnswer
from events.meetups.models import Meetup
from events.rsvps import actions as rsvps
from events.rsvps.models import Rsvp
from fans.accounts.models import Fan, Hosting
from fans.accounts.withdrawal import Because

logger = structlog.get_logger(__name__)


def export(fan: Fan) -> dict[str, Any]:
    """Everything held here about one person."""
    return {
        "cities": list(
            Membership.objects.filter(fan=fan).order_by("pk").values("chapter__slug", "joined_at")
        ),
        "hostings": list(
            Hosting.objects.filter(fan=fan)
            .order_by("pk")
            .values("place__code", "is_deputy", "began_at", "ends_at", "ended_at")
        ),
        "meetups_planned": list(
            Meetup.objects.filter(organiser=fan)
            .order_by("pk")
            .values("pk", "title", "description", "starts_at", "state")
        ),
        "replies": list(
            Rsvp.objects.filter(fan=fan)
            .order_by("pk")
            .values("meetup", "state", "state_at", "guest_count", "shows_name", "created_at")
        ),
        "check_ins": list(
            CheckIn.objects.filter(fan=fan)
            .order_by("pk")
            .values("meetup", "checked_in_at", "way", "undone_at")
        ),
        "survey_answers": list(
            SurveyAnswer.objects.filter(fan=fan)
            .order_by("pk")
            .values("meetup", "rating", "words", "answered_at")
        ),
    }


def withdraw(*, fan: Fan, at: datetime, because: Because) -> None:
    """Nobody hosts on; who is banned or leaves waits no more, and their seats go to the next.

    The caller holds the fan's row and a seat is given back under the meetup's, which comes
    first: so that waits for the commit, and the sweep of the waiting lists is the safety net.
    """
    chapters.end_hostings_of(fan=fan, at=at)
    if because == Because.STAFF:
        return
    rsvps.drop_waits_of(fan=fan, at=at)
    transaction.on_commit(lambda: release_seats(fan=fan, at=at))


def release_seats(*, fan: Fan, at: datetime) -> None:
    """One by one; what fails is left to the sweep, for the ban stands already."""
    for rsvp in Rsvp.objects.standing().filter(fan=fan).order_by("meetup", "pk"):
        try:
            rsvps.release_seat_of(rsvp=rsvp, at=at)
        except Exception:
            logger.exception("seat not released", rsvp=rsvp.pk)


def erase(*, fan: Fan, at: datetime, with_words: bool) -> None:
    """Memberships and answers go; that a seat was taken stays as a number without a name."""
    for membership in Membership.objects.filter(fan=fan).select_related("chapter").order_by("pk"):
        chapters.leave(chapter=membership.chapter, fan=fan)
    if with_words:
        SurveyAnswer.objects.filter(fan=fan).delete()
    else:
        SurveyAnswer.objects.filter(fan=fan).update(words="")
