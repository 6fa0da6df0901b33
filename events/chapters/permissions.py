from datetime import datetime

from fans.accounts.models import Fan, Reader
from fans.places.models import Place
from fans.tiers.models import Tier, tier_of


def hosts(reader: Reader, place: Place | int, at: datetime) -> bool:
    """Whether this is a host of the chapter there, within their term (spec §7)."""
    if not isinstance(reader, Fan):
        return False
    pk = place.pk if isinstance(place, Place) else place
    return reader.hostings.standing(at).filter(place=pk).exists()


def hosts_anywhere(reader: Reader, at: datetime) -> bool:
    return isinstance(reader, Fan) and reader.hostings.standing(at).exists()


def is_core(reader: Reader) -> bool:
    """Core fans and above; founding fans do what core fans do here (A2)."""
    if not isinstance(reader, Fan):
        return False
    is_founding = reader.founding_since_date is not None and not reader.is_staff
    return is_founding or tier_of(reader) in {Tier.CORE, Tier.HONORARY_DEV}


def may_wake(reader: Reader, place: Place | int, at: datetime) -> bool:
    """Who may ask a dormant chapter back to life."""
    return is_core(reader) or hosts(reader, place, at) or getattr(reader, "is_staff", False)
