"""What those are told who have a seat at a meetup, or wait for one (M1, M8)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from community.threads.models import State
from events.meetups.models import Meetup
from events.meetups.words import starts_in_words
from events.rsvps.models import Rsvp, RsvpState
from fans.accounts.models import Fan
from fans.notifications.kinds import NoticeKind
from fans.notifications.models import Event
from fans.templatetags.display import time_words

COMING = [RsvpState.CONFIRMED, RsvpState.OFFERED]
STANDING = [*COMING, RsvpState.WAITLISTED]


class AboutMeetup(NoticeKind):
    """Seen while the meetup's thread is: what is hidden is not in the inbox either."""

    def url(self, facts: dict[str, Any]) -> str:
        return str(facts["url"])

    def why(self, why: str) -> str:
        if why == "waiting":
            return _("because you wait for a seat")
        return _("because you have a seat")

    def visible_to(self, event: Event, fan: Fan) -> bool:
        return bool(self.events_seen_by(fan, [event]))

    def fans_who_see(self, event: Event, fans: Iterable[Fan]) -> list[Fan]:
        return list(fans) if _shown([event]) else []

    def events_seen_by(self, fan: Fan, events: Iterable[Event]) -> list[Event]:
        events = list(events)
        shown = _shown(events)
        return [event for event in events if event.facts.get("meetup") in shown]


def _shown(events: Iterable[Event]) -> set[int]:
    asked = [event.facts.get("meetup") for event in events]
    shown = Meetup.objects.filter(pk__in=asked, thread__state=State.PUBLISHED)
    return set(shown.values_list("pk", flat=True))


def replies_to(
    event: Event, states: Iterable[str], after: int, limit: int
) -> list[tuple[int, str]]:
    """Whoever replied to the meetup and stands in one of these states, with the reason."""
    rows = Rsvp.objects.filter(
        meetup=event.facts["meetup"], state__in=list(states), fan__gt=after
    ).order_by("fan")
    return [
        (fan, "waiting" if state == RsvpState.WAITLISTED else "seat")
        for fan, state in rows.values_list("fan", "state")[:limit]
    ]


class SeatConfirmed(AboutMeetup):
    kind = "seat_confirmed"
    label = gettext_lazy("A seat for me at a meetup, from the waiting list")

    def words(self, facts: dict[str, Any]) -> str:
        return _("A seat came free: you are coming to “%(title)s”, %(time)s.") % {
            "title": facts["title"],
            "time": starts_in_words(facts),
        }


class SeatOffered(AboutMeetup):
    kind = "meetup_seat_offered"
    label = gettext_lazy("A seat offered to me for a short time")

    def words(self, facts: dict[str, Any]) -> str:
        until = timezone.localtime(datetime.fromisoformat(facts["until"]))
        return _("A seat at “%(title)s” is offered to you until %(time)s. Take it in time.") % {
            "title": facts["title"],
            "time": time_words(until, get_language() or "en"),
        }


class WaitDropped(AboutMeetup):
    kind = "wait_dropped"
    label = gettext_lazy("A wait of mine that ended because I have a seat elsewhere")

    def words(self, facts: dict[str, Any]) -> str:
        return _(
            "You no longer wait for “%(title)s”: you have a seat at “%(other)s” at that time."
        ) % {"title": facts["title"], "other": facts["other"]}


class _ToEveryReply(AboutMeetup):
    def recipients(self, event: Event, after: int, limit: int) -> list[tuple[int, str]]:
        return replies_to(event, STANDING, after, limit)


class MeetupCancelled(_ToEveryReply):
    kind = "meetup_cancelled"
    label = gettext_lazy("A meetup I am coming to is called off")

    def words(self, facts: dict[str, Any]) -> str:
        return _("“%(title)s” is called off: %(reason)s") % {
            "title": facts["title"],
            "reason": facts["reason"],
        }


class MeetupPostponed(_ToEveryReply):
    kind = "meetup_postponed"
    label = gettext_lazy("A meetup I am coming to is postponed")

    def words(self, facts: dict[str, Any]) -> str:
        return _("“%(title)s” is postponed: %(reason)s You will be asked again.") % {
            "title": facts["title"],
            "reason": facts["reason"],
        }


class MeetupRescheduled(_ToEveryReply):
    kind = "meetup_rescheduled"
    label = gettext_lazy("A postponed meetup has a new date")

    def words(self, facts: dict[str, Any]) -> str:
        return _(
            "“%(title)s” has a new date: %(time)s. Say within 48 hours that you are coming."
        ) % {"title": facts["title"], "time": starts_in_words(facts)}


class MeetupMoved(_ToEveryReply):
    kind = "meetup_moved"
    label = gettext_lazy("A meetup I am coming to is elsewhere")

    def words(self, facts: dict[str, Any]) -> str:
        return _("“%(title)s” is elsewhere now: %(venue)s.") % {
            "title": facts["title"],
            "venue": facts["venue"],
        }


class MeetupReminder(AboutMeetup):
    kind = "meetup_reminder"
    label = gettext_lazy("Reminders 3 days, 1 day and 2 hours before a meetup of mine")

    def words(self, facts: dict[str, Any]) -> str:
        return _("“%(title)s” begins %(time)s. Your ticket is on its page.") % {
            "title": facts["title"],
            "time": starts_in_words(facts),
        }

    def recipients(self, event: Event, after: int, limit: int) -> list[tuple[int, str]]:
        return replies_to(event, [RsvpState.CONFIRMED], after, limit)
