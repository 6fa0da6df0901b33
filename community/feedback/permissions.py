"""Who may record, accept and count paper forms (spec §1, O10)."""

from datetime import datetime

from community.feedback.models import FeedbackItem, ItemState, OfflineBatch
from fans.accounts.models import Fan, Reader
from fans.places.models import Place


def hosts_at(fan: Fan, place: Place, at: datetime) -> bool:
    """A standing host, or deputy, of this place's chapter and of no other's."""
    return fan.hostings.standing(at).filter(place=place).exists()


def records_directly(fan: Fan, place: Place, at: datetime) -> bool:
    """Whose forms count as soon as they hand them in; everybody else's wait for another."""
    return fan.moderates_anything or hosts_at(fan, place, at)


def may_accept(fan: Fan, batch: OfflineBatch, at: datetime) -> bool:
    """Those who record directly there, but never whoever typed it."""
    return fan.pk != batch.recorder_id and records_directly(fan, batch.place, at)


def may_say_me_too(reader: Reader, item: FeedbackItem) -> bool:
    return (
        isinstance(reader, Fan)
        and item.reporter_id != reader.pk
        and item.is_public
        and item.is_open
    )


def may_say_whether_solved(reader: Reader, item: FeedbackItem) -> bool:
    return (
        isinstance(reader, Fan)
        and item.reporter_id == reader.pk
        and item.state == ItemState.RESOLVED
    )
