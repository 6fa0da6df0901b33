"""Meetups in the letters: what comes next in the reader's city, and what was told of the last."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from events.meetups.models import Meetup, MeetupState
from events.meetups.words import local_words
from fans.accounts.models import Fan
from fans.digests.sections import Section

AHEAD = timedelta(days=21)
MOST = 3


def meetups_near(reader: Fan, since: datetime, until: datetime) -> Section | None:
    """The next meetups where the reader lives or belongs, and recaps since the last letter."""
    visible = Meetup.objects.visible_to(reader).select_related("place")
    theirs = visible.filter(place__in=_places_of(reader))
    ahead = list(
        theirs.upcoming(until).filter(
            state=MeetupState.RSVP_OPEN, starts_at__gt=until, starts_at__lte=until + AHEAD
        )[:MOST]
    )
    told = list(
        theirs.filter(
            state=MeetupState.RECAP_PUBLISHED,
            recap__state="published",
            state_at__gt=since,
            state_at__lte=until,
        )
        .select_related("recap")
        .order_by("-state_at", "-pk")[:MOST]
    )
    if not ahead and not told:
        return None
    return Section(
        title=_("In your city"),
        template="check_ins/digest/meetups.html",
        text_template="check_ins/digest/meetups.txt",
        context={
            "ahead": [
                {"meetup": meetup, "when": local_words(meetup.starts_local, meetup.timezone)}
                for meetup in ahead
            ],
            "told": told,
        },
        headline=ahead[0].title if ahead else "",
    )


def _places_of(reader: Fan) -> list[int]:
    """Home, the city it belongs to, and the chapters joined."""
    joined = reader.memberships.values_list("chapter__place", flat=True)
    home = [reader.place_id] if reader.place_id else []
    above = [reader.place.parent_id] if reader.place and reader.place.parent_id else []
    return [*home, *above, *joined]
