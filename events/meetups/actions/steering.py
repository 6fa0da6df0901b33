"""What happens to a meetup people are coming to: each of them is told, once."""

from datetime import datetime
from typing import Any

from django.db import transaction

from events.meetups.actions.refusals import AlreadyBegun, NotAllowed, NotInThatState, ReasonMissing
from events.meetups.actions.standing import lock_meetup, set_state
from events.meetups.models import Meetup, MeetupState
from events.meetups.permissions import may_organise
from fans.accounts.models import Fan
from fans.audit.actions import record
from fans.notifications.actions import tell

BEFORE_IT_BEGINS = [
    MeetupState.DRAFT,
    MeetupState.SUBMITTED,
    MeetupState.RETURNED,
    MeetupState.APPROVED,
    MeetupState.RSVP_OPEN,
    MeetupState.RSVP_CLOSED,
    MeetupState.POSTPONED,
]


def facts_of(meetup: Meetup, **more: Any) -> dict[str, Any]:
    """What a notice says of a meetup, as it stands now."""
    return {
        "meetup": meetup.pk,
        "title": meetup.title,
        "url": meetup.get_absolute_url(),
        "starts_local": meetup.starts_local,
        "timezone": meetup.timezone,
        "starts_at": meetup.starts_at.isoformat(),
        **more,
    }


@transaction.atomic
def call_off(*, meetup: Meetup, by: Fan, reason: str, at: datetime) -> Meetup:
    """It does not take place; whoever had a seat or waited is told why. Again changes nothing."""
    return _stop(meetup, MeetupState.CANCELLED, "meetup_cancelled", by, reason, at)


@transaction.atomic
def postpone(*, meetup: Meetup, by: Fan, reason: str, at: datetime) -> Meetup:
    """It waits for a new date; seats are kept and everybody is asked again then."""
    return _stop(meetup, MeetupState.POSTPONED, "meetup_postponed", by, reason, at)


def _stop(
    meetup: Meetup, state: MeetupState, kind: str, by: Fan, reason: str, at: datetime
) -> Meetup:
    if not reason.strip():
        raise ReasonMissing
    locked = lock_meetup(meetup)
    if not may_organise(by, locked, at):
        raise NotAllowed
    if locked.state == state:
        return locked
    if locked.state not in BEFORE_IT_BEGINS:
        raise AlreadyBegun
    if state == MeetupState.POSTPONED and locked.state != MeetupState.RSVP_OPEN:
        raise NotInThatState
    set_state(locked, state, at, reason=reason.strip(), sequence=locked.sequence + 1)
    record(
        actor=by,
        verb=kind.replace("_", " "),
        subject=locked.subject,
        at=at,
        concerns=locked.organiser,
        reason=reason.strip(),
    )
    if locked.thread_id is not None:
        tell(
            kind=kind,
            subject=locked.subject,
            key=f"{kind}:{locked.pk}:{locked.sequence}",
            at=at,
            actor=by,
            facts=facts_of(locked, reason=reason.strip()),
        )
    return locked


@transaction.atomic
def change_venue(
    *, meetup: Meetup, venue: str, address: str, access_notes: str, by: Fan, at: datetime
) -> Meetup:
    """It is elsewhere; every RSVP is told once (M8). Nothing new tells nobody."""
    locked = lock_meetup(meetup)
    if not may_organise(by, locked, at):
        raise NotAllowed
    if locked.state not in {MeetupState.RSVP_OPEN, MeetupState.POSTPONED}:
        raise NotInThatState
    before = (locked.venue, locked.address, locked.access_notes)
    if before == (venue, address, access_notes):
        return locked
    locked.venue, locked.address, locked.access_notes = venue, address, access_notes
    locked.sequence += 1
    locked.save(update_fields=["venue", "address", "access_notes", "sequence"])
    if before[:2] != (venue, address):
        tell(
            kind="meetup_moved",
            subject=locked.subject,
            key=f"meetup_moved:{locked.pk}:{locked.sequence}",
            at=at,
            actor=by,
            facts=facts_of(locked, venue=venue),
        )
    return locked
