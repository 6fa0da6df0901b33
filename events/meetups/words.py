"""When a meetup is, in words: on the clock of the venue, and beside it on one's own."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events.meetups.local_time import FORMAT, at_venue
from events.meetups.models import Meetup
from fans.templatetags.display import time_words


def city_of_zone(zone: str) -> str:
    """«America/New_York» → «New York»."""
    return zone.rpartition("/")[2].replace("_", " ")


def local_words(local: str, zone: str) -> str:
    """`Sat 28 Nov 2026, 14:00 (Shanghai)`: as it was written down."""
    wall = datetime.strptime(local, FORMAT)  # noqa: DTZ007 - a wall clock has no zone
    return f"{time_words(wall, get_language() or 'en')} ({city_of_zone(zone)})"


def own_words(at: datetime, zone: str) -> str:
    """The same moment on the reader's clock; empty when it shows the same."""
    mine = timezone.localtime(at)
    if mine.utcoffset() == at_venue(at, zone).utcoffset():
        return ""
    return _("%(time)s on your clock") % {"time": time_words(mine, get_language() or "en")}


def starts_in_words(facts: dict[str, Any]) -> str:
    """For a notice: the venue's time, with the reader's own beside it (M8)."""
    words = local_words(facts["starts_local"], facts["timezone"])
    own = own_words(datetime.fromisoformat(facts["starts_at"]), facts["timezone"])
    return f"{words} · {own}" if own else words


def ends_local_words(meetup: Meetup) -> str:
    """`17:00`, with its date when that is another day."""
    same_day = meetup.starts_local[:10] == meetup.ends_local[:10]
    wall = datetime.strptime(meetup.ends_local, FORMAT)  # noqa: DTZ007 - a wall clock has no zone
    return meetup.ends_local[11:] if same_day else time_words(wall, get_language() or "en")
