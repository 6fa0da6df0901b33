from django import template

from events.meetups.models import Meetup
from events.meetups.words import local_words

register = template.Library()


@register.simple_tag
def meetup_start(meetup: Meetup) -> str:
    """When it begins, on the clock of the venue."""
    return local_words(meetup.starts_local, meetup.timezone)
