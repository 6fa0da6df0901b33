"""The models of all rooms, for Django; code imports them from their room."""

from events.chapters.models import Chapter, Membership
from events.check_ins.models import CheckIn, SurveyAnswer
from events.meetups.models import AgendaItem, Meetup
from events.rsvps.models import Rsvp

__all__ = [
    "AgendaItem",
    "Chapter",
    "CheckIn",
    "Meetup",
    "Membership",
    "Rsvp",
    "SurveyAnswer",
]
