"""Where somebody lives, and whether their votes may say what kind of place it is (spec §1)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fans.accounts.models import Fan
from fans.accounts.withdrawal import forget_region
from fans.places.models import Place

PLACE_CORRECTABLE_DAYS = 7
PLACE_EVERY_DAYS = 90


class PlaceChangedLately(Exception):
    """A home place is correctable for 7 days, then once in 90 (spec §1)."""

    field = "place"

    def __init__(self, next_at: datetime) -> None:
        super().__init__(
            _("You have changed your place within the last 90 days. Next change: %(day)s.")
            % {"day": next_at.date().isoformat()}
        )


@transaction.atomic
def move_home(*, fan: Fan, place: Place | None, at: datetime) -> None:
    """Say where home is: correctable for 7 days, then once in 90 (spec §1).

    Taking the place away is always possible and does not restart the clock; what votes said of it
    goes with it. Raises PlaceChangedLately.
    """
    if place is None:
        forget_region(fan=fan)
    locked = Fan.objects.get_queryset().select_for_update().get(pk=fan.pk)
    if (place.pk if place else None) == locked.place_id:
        return
    if place is not None:
        _note_when_place_was_set(locked, at)
    locked.place = place
    locked.save(update_fields=["place", "place_set_at"])
    fan.place, fan.place_set_at = place, locked.place_set_at


def consent_to_region(*, fan: Fan) -> None:
    """From now on votes may carry what kind of place one lives in (the lens); none does of those
    cast before.
    """
    fan.consents_to_region = True
    fan.save(update_fields=["consents_to_region"])


@transaction.atomic
def withdraw_region_consent(*, fan: Fan) -> None:
    """No vote carries it, of those cast before neither: all in one act. Again changes nothing."""
    forget_region(fan=fan)
    fan.consents_to_region = False
    fan.save(update_fields=["consents_to_region"])


def _note_when_place_was_set(fan: Fan, at: datetime) -> None:
    if fan.place_set_at is None:
        fan.place_set_at = at
        return
    if at < fan.place_set_at + timedelta(days=PLACE_CORRECTABLE_DAYS):
        return
    next_at = fan.place_set_at + timedelta(days=PLACE_EVERY_DAYS)
    if at < next_at:
        raise PlaceChangedLately(next_at)
    fan.place_set_at = at
