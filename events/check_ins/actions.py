"""The door, and what comes after it (M6–M8)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from community.threads import actions as threads
from community.threads.models import State, Thread, ThreadKind
from events.check_ins.models import CheckIn, SurveyAnswer, Way
from events.meetups.actions import NotInThatState, lock_meetup
from events.meetups.actions.standing import set_state
from events.meetups.actions.steering import facts_of
from events.meetups.models import Meetup, MeetupState
from events.meetups.permissions import may_organise, may_run_door
from events.rsvps.actions.recounting import counted_seats
from events.rsvps.actions.seats import lock_fans, move, new_nonce
from events.rsvps.models import Rsvp, RsvpState
from fans.accounts.models import Fan
from fans.audit.actions import record as write_down
from fans.ledger.actions import note_act, record, reverse
from fans.notifications.actions import tell

OPENS_BEFORE = timedelta(minutes=60)
TYPED_IN_WITHIN = timedelta(hours=48)  # paper lists, and until everything is settled
CHECK_INS_FOR_ORGANISER = 3
AT_THE_DOOR = [
    MeetupState.RSVP_OPEN,
    MeetupState.RSVP_CLOSED,
    MeetupState.IN_PROGRESS,
    MeetupState.COMPLETED,
    MeetupState.RECAP_PUBLISHED,
]
OVER = [MeetupState.COMPLETED, MeetupState.RECAP_PUBLISHED]


class Refusal(Exception):
    """Something a person asked for and cannot have."""


class NotAllowed(Refusal):
    """Somebody else's to do."""


class DoorClosed(Refusal):
    """Before the last hour, more than 48 h after the end, or not taking place."""


class ByOneself(Refusal):
    """Nobody lets themselves in (M6)."""


class NoSeatLeft(Refusal):
    """They have no seat, and none is free for a walk-in."""


class NotThere(Refusal):
    """Only who was there is asked how it was."""


@dataclass(frozen=True)
class Entry:
    """Somebody is in; `is_new` is false when they were before."""

    check_in: CheckIn
    is_new: bool


def is_door_open(meetup: Meetup, at: datetime) -> bool:
    is_time = meetup.starts_at - OPENS_BEFORE <= at < meetup.ends_at + TYPED_IN_WITHIN
    return is_time and meetup.state in AT_THE_DOOR


@transaction.atomic
def check_in(*, meetup: Meetup, fan: Fan, by: Fan, way: Way, at: datetime) -> Entry:
    """Let somebody in (M6). Twice is the same as once, and tells when and by whom it was.

    Who has no seat is a walk-in, while seats remain.
    """
    locked = _lock_for_door(meetup, by, at)
    if by.pk == fan.pk:
        raise ByOneself
    guest = lock_fans([fan.pk])[fan.pk]
    known = locked.check_ins.select_related("checked_in_by", "fan").filter(fan=guest).first()
    if known is not None and known.undone_at is None:
        return Entry(known, is_new=False)
    way = _seat(locked, guest, way, at)
    entered = known or CheckIn(meetup=locked, fan=guest)
    entered.checked_in_by, entered.checked_in_at = by, at
    entered.way, entered.undone_at = way, None
    entered.save()
    record(
        fan=guest,
        kind="meetup.attended",
        subject=locked.subject,
        effective_at=locked.starts_at,
        at=at,
        givers=[by],
    )
    note_act(fan=guest, at=at)
    return Entry(entered, is_new=True)


def _seat(meetup: Meetup, guest: Fan, way: Way, at: datetime) -> Way:
    """Their own seat, or a free one; how they came in."""
    mine = meetup.rsvps.filter(fan=guest).first()
    if mine is not None and mine.state in {RsvpState.CONFIRMED, RsvpState.OFFERED}:
        move(mine, RsvpState.ATTENDED, meetup, at, offered_until=None)
        return way
    if meetup.seats_taken >= meetup.capacity or guest.writing_refusal(at):
        raise NoSeatLeft
    if mine is None:
        mine = Rsvp(meetup=meetup, fan=guest, created_at=at, ticket_nonce=new_nonce())
        mine.is_newcomer = not guest.check_ins.filter(undone_at=None).exists()
        mine.state = RsvpState.CANCELLED
    mine.guest_count = 0
    if mine.pk:
        mine.save(update_fields=["guest_count"])
    move(mine, RsvpState.ATTENDED, meetup, at, cancelled_late=False)
    return Way.WALK_IN


@transaction.atomic
def undo_check_in(*, check_in: CheckIn, by: Fan, at: datetime) -> bool:
    """It was somebody else, or pressed in error. Again changes nothing."""
    locked = _lock_for_door(check_in.meetup, by, at)
    guest = lock_fans([check_in.fan_id])[check_in.fan_id]
    known = CheckIn.objects.get(pk=check_in.pk)
    if known.undone_at is not None:
        return False
    known.undone_at = at
    known.save(update_fields=["undone_at"])
    mine = locked.rsvps.filter(fan=guest, state=RsvpState.ATTENDED).first()
    if mine is not None:
        came_by_chance = known.way == Way.WALK_IN
        move(
            mine,
            RsvpState.CANCELLED if came_by_chance else RsvpState.CONFIRMED,
            locked,
            at,
        )
    reverse(kind="meetup.attended", subject=locked.subject, at=at, reason="undone", fan=guest)
    return True


def _lock_for_door(meetup: Meetup, by: Fan, at: datetime) -> Meetup:
    locked = lock_meetup(meetup)
    if not may_run_door(by, locked, at) or by.writing_refusal(at):
        raise NotAllowed
    if not is_door_open(locked, at):
        raise DoorClosed
    return locked


@transaction.atomic
def settle(*, meetup: Meetup, at: datetime) -> bool:
    """48 hours after: who had a seat, did not come and gave no word is a no-show (M7).

    Only where the door was kept: without a record of anybody nobody is blamed.
    """
    locked = lock_meetup(meetup)
    if locked.settled_at is not None or locked.state not in OVER:
        return False
    if at < locked.ends_at + TYPED_IN_WITHIN:
        return False
    if locked.check_ins.filter(undone_at=None).exists():
        locked.rsvps.filter(state=RsvpState.CONFIRMED).update(state=RsvpState.NO_SHOW, state_at=at)
        late = locked.rsvps.filter(state=RsvpState.CANCELLED, cancelled_late=True)
        late.update(state=RsvpState.NO_SHOW, state_at=at)
    locked.seats_taken = counted_seats(locked)
    locked.over_capacity = max(0, locked.seats_taken - locked.capacity)
    locked.settled_at = at
    locked.save(update_fields=["seats_taken", "over_capacity", "settled_at"])
    return True


@transaction.atomic
def excuse(*, rsvp: Rsvp, by: Fan, reason: str, at: datetime) -> bool:
    """A host or staff accept why somebody did not come: it counts as a cancellation (M7)."""
    locked = lock_meetup(rsvp.meetup_id)
    if not may_run_door(by, locked, at) or by.pk == rsvp.fan_id:
        raise NotAllowed
    excused = Rsvp.objects.filter(pk=rsvp.pk, state=RsvpState.NO_SHOW).update(
        state=RsvpState.CANCELLED, state_at=at, cancelled_late=False
    )
    if excused:
        write_down(
            actor=by,
            verb="no-show excused",
            subject=locked.subject,
            at=at,
            concerns=rsvp.fan,
            reason=reason,
        )
    return bool(excused)


@transaction.atomic
def ask_how_it_was(*, meetup: Meetup, at: datetime) -> bool:
    """The day after, everybody who was there is asked two questions (M8); once."""
    locked = lock_meetup(meetup)
    if locked.surveyed_at is not None or locked.state not in OVER:
        return False
    locked.surveyed_at = at
    locked.save(update_fields=["surveyed_at"])
    tell(
        kind="meetup_survey",
        subject=locked.subject,
        key=f"meetup_survey:{locked.pk}",
        at=at,
        facts=facts_of(locked),
    )
    return True


@transaction.atomic
def answer_survey(
    *, meetup: Meetup, fan: Fan, rating: int, words: str, at: datetime
) -> SurveyAnswer:
    """Say how it was; the answer may be changed and stays one."""
    if meetup.state not in OVER:
        raise NotInThatState
    if not meetup.check_ins.filter(fan=fan, undone_at=None).exists():
        raise NotThere
    answer, _ = SurveyAnswer.objects.update_or_create(
        meetup=meetup,
        fan=fan,
        defaults={"rating": rating, "words": words, "answered_at": at},
    )
    return answer


@transaction.atomic
def publish_recap(
    *,
    meetup: Meetup,
    author: Fan,
    title: str,
    source: str,
    at: datetime,
    submission_key: str | None = None,
) -> Thread:
    """Tell what it was like, in a thread of its own; the organiser's work counts now.

    Again gives the same recap. Refuses as `start_thread` does.
    """
    locked = lock_meetup(meetup)
    if not may_organise(author, locked, at):
        raise NotAllowed
    if locked.recap is not None:
        return locked.recap
    if locked.state != MeetupState.COMPLETED:
        raise NotInThatState
    recap = threads.open_companion(
        kind=ThreadKind.RECAP,
        author=author,
        title=title,
        source=source,
        at=at,
        submission_key=submission_key,
    )
    threads.say_what_it_is_about(thread=recap, url=locked.get_absolute_url())
    set_state(locked, MeetupState.RECAP_PUBLISHED, at, recap=recap)
    _thank_organiser(locked, recap, at)
    return recap


@transaction.atomic
def thank_organiser(*, meetup: Meetup, at: datetime) -> bool:
    """Their work counts once three came and people can read of it; a late list may complete it."""
    locked = lock_meetup(meetup)
    return locked.recap is not None and _thank_organiser(locked, locked.recap, at)


def _thank_organiser(meetup: Meetup, recap: Thread, at: datetime) -> bool:
    came = meetup.check_ins.filter(undone_at=None).exclude(fan=meetup.organiser_id)
    if recap.state != State.PUBLISHED or came.count() < CHECK_INS_FOR_ORGANISER:
        return False
    record(
        fan=meetup.organiser,
        kind="meetup.organised",
        subject=meetup.subject,
        effective_at=meetup.ends_at,
        at=at,
    )
    return True
