from datetime import datetime

from events.chapters.permissions import hosts, hosts_anywhere, is_core
from events.meetups.models import Meetup
from fans.accounts.models import Fan, Reader, Role


def may_propose(reader: Reader, at: datetime) -> bool:
    """Core fans, founding fans (A2), hosts, moderators and staff (spec §1)."""
    if not isinstance(reader, Fan):
        return False
    return reader.moderates_anything or is_core(reader) or hosts_anywhere(reader, at)


def may_organise(reader: Reader, meetup: Meetup, at: datetime) -> bool:
    """Who plans and changes this meetup: who proposed it, hosts of the city, staff."""
    if not isinstance(reader, Fan):
        return False
    is_theirs = meetup.organiser_id == reader.pk or reader.is_staff
    return is_theirs or hosts(reader, meetup.place_id, at)


def may_approve(reader: Reader, meetup: Meetup, at: datetime) -> bool:
    """Staff; not one's own where somebody else could."""
    if not isinstance(reader, Fan) or not reader.is_staff:
        return False
    if meetup.organiser_id != reader.pk:
        return True
    others = Fan.objects.active(at).filter(role__in=[Role.STAFF, Role.ADMIN])
    return not others.exclude(pk=reader.pk).exists()


def may_run_door(reader: Reader, meetup: Meetup, at: datetime) -> bool:
    """Hosts of the city, moderators, staff (spec §1)."""
    if not isinstance(reader, Fan):
        return False
    return reader.moderates_anything or hosts(reader, meetup.place_id, at)
