from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.check_ins.models import CheckIn
from events.rsvps.notices import AboutMeetup
from fans.notifications.models import Event


class MeetupSurvey(AboutMeetup):
    kind = "meetup_survey"
    label = gettext_lazy("Two questions the day after a meetup I was at")

    def words(self, facts: dict[str, Any]) -> str:
        return _("How was “%(title)s”? Two short questions.") % {"title": facts["title"]}

    def why(self, why: str) -> str:
        return _("because you were there")

    def url(self, facts: dict[str, Any]) -> str:
        return f"/meetups/{facts['meetup']}/survey/"

    def recipients(self, event: Event, after: int, limit: int) -> list[tuple[int, str]]:
        came = CheckIn.objects.filter(
            meetup=event.facts["meetup"], undone_at=None, fan__gt=after
        ).order_by("fan")
        return [(fan, "attendee") for fan in came.values_list("fan", flat=True)[:limit]]
