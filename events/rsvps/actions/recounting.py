"""The repair of the tally of seats (M1)."""

from django.db import transaction
from django.db.models import F, Sum

from events.meetups.actions import lock_meetup
from events.meetups.models import Meetup


def counted_seats(meetup: Meetup) -> int:
    seats = meetup.rsvps.seated().aggregate(seats=Sum(F("guest_count") + 1))["seats"]
    return seats or 0


@transaction.atomic
def recount_seats(*, meetup: Meetup, repairs: bool = True) -> tuple[int, int]:
    """What is kept and what the rows say; put right where they differ."""
    locked = lock_meetup(meetup)
    kept, counted = locked.seats_taken, counted_seats(locked)
    if repairs and kept != counted:
        locked.seats_taken = counted
        locked.over_capacity = max(0, counted - locked.capacity)
        locked.save(update_fields=["seats_taken", "over_capacity"])
    return kept, counted
