"""From an idea to an announcement: draft → submitted → returned | approved → open."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from community import markdown
from community.feature_requests.models import FeatureRequest
from community.threads import actions as threads
from community.threads.models import State, Thread, ThreadKind
from events.chapters.actions import note_meetup
from events.chapters.models import Chapter
from events.meetups.actions.refusals import (
    BadTimes,
    MayNotWrite,
    NotAllowed,
    NotInThatState,
    ReasonMissing,
    TooManySeats,
)
from events.meetups.actions.standing import lock_in, lock_meetup, set_state
from events.meetups.local_time import instant_of
from events.meetups.models import ANNOUNCED, AgendaItem, Meetup, MeetupKind, MeetupState
from events.meetups.permissions import may_approve, may_organise, may_propose
from fans.accounts.models import Fan
from fans.audit.actions import record
from fans.places.models import Place

DRAFTS = [MeetupState.DRAFT, MeetupState.RETURNED]
FIRST_MEETUPS = 3  # M2: a chapter's first ones keep no seats back


@dataclass(frozen=True, kw_only=True)
class MeetupDetails:
    """A meetup as it is planned. Local times are those of the place."""

    title: str
    place: Place
    venue: str
    address: str
    starts_local: str  # "2026-11-28T14:00"
    ends_local: str
    capacity: int
    legal_capacity: int
    kind: str = MeetupKind.FAN
    address_is_for_attendees: bool = False
    access_notes: str = ""
    guests_allowed: int = 0
    reserve_share: int = 20
    description: str = ""
    agenda: tuple[FeatureRequest, ...] = ()

    def fields(self) -> dict[str, Any]:
        """The columns; raises BadTimes or TooManySeats."""
        starts_at = instant_of(self.starts_local, self.place.timezone)
        ends_at = instant_of(self.ends_local, self.place.timezone)
        if ends_at <= starts_at:
            raise BadTimes
        if self.capacity > self.legal_capacity:
            raise TooManySeats
        kept = {name: value for name, value in vars(self).items() if name != "agenda"}
        return {
            **kept,
            "chapter": Chapter.objects.filter(place=self.place).first(),
            "timezone": self.place.timezone,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "language": markdown.language_of(f"{self.title}\n{self.description}"),
        }


@transaction.atomic
def propose(
    *, organiser: Fan, details: MeetupDetails, at: datetime, submission_key: str | None = None
) -> Meetup:
    """Begin to plan a meetup; nobody but its planner, hosts there and staff sees a draft.

    Sending the same form twice gives the same draft (C3).
    """
    planner = Fan.objects.get_queryset().select_for_update(of=("self",), no_key=True)
    locked = planner.get(pk=organiser.pk)
    if reason := locked.writing_refusal(at):
        raise MayNotWrite(reason)
    if not may_propose(organiser, at):
        raise NotAllowed
    made = Meetup.objects.filter(organiser=locked, submission_key=submission_key or None)
    if submission_key and (known := made.first()):
        return known
    meetup = Meetup.objects.create(
        organiser=locked,
        submission_key=submission_key or None,
        state=MeetupState.DRAFT,
        state_at=at,
        created_at=at,
        **details.fields(),
    )
    _write_agenda(meetup, details.agenda)
    return meetup


@transaction.atomic
def revise(*, meetup: Meetup, details: MeetupDetails, by: Fan, at: datetime) -> Meetup:
    """Change a plan before it is handed in, or after it came back."""
    locked = lock_in(meetup, DRAFTS)
    if not may_organise(by, locked, at):
        raise NotAllowed
    fields = details.fields()
    for name, value in fields.items():
        setattr(locked, name, value)
    locked.save(update_fields=list(fields))
    locked.agenda.all().delete()
    _write_agenda(locked, details.agenda)
    return locked


def _write_agenda(meetup: Meetup, wishes: tuple[FeatureRequest, ...]) -> None:
    AgendaItem.objects.bulk_create(
        AgendaItem(meetup=meetup, feature_request=wish, position=position)
        for position, wish in enumerate(dict.fromkeys(wishes))
    )


@transaction.atomic
def submit(*, meetup: Meetup, by: Fan, at: datetime) -> Meetup:
    """Hand a plan in for approval. Again changes nothing."""
    locked = lock_meetup(meetup)
    if not may_organise(by, locked, at):
        raise NotAllowed
    if locked.state == MeetupState.SUBMITTED:
        return locked
    if locked.state not in DRAFTS:
        raise NotInThatState
    if locked.starts_at <= at:
        raise BadTimes
    set_state(locked, MeetupState.SUBMITTED, at, reason="")
    return locked


@transaction.atomic
def send_back(*, meetup: Meetup, by: Fan, reason: str, at: datetime) -> Meetup:
    """Staff give a plan back with what is missing; it may be mended and handed in again."""
    if not reason.strip():
        raise ReasonMissing
    locked = lock_in(meetup, [MeetupState.SUBMITTED])
    if not may_approve(by, locked, at):
        raise NotAllowed
    set_state(locked, MeetupState.RETURNED, at, reason=reason.strip())
    _write_down(locked, "meetup returned", by, at, reason=reason.strip())
    return locked


@transaction.atomic
def approve(*, meetup: Meetup, by: Fan, at: datetime) -> Meetup:
    """Staff agree to a plan. Again changes nothing."""
    locked = lock_meetup(meetup)
    if not may_approve(by, locked, at):
        raise NotAllowed
    if locked.state == MeetupState.APPROVED:
        return locked
    if locked.state != MeetupState.SUBMITTED:
        raise NotInThatState
    set_state(locked, MeetupState.APPROVED, at, approved_by=by, reason="")
    _write_down(locked, "meetup approved", by, at)
    return locked


@transaction.atomic
def announce(*, meetup: Meetup, by: Fan, at: datetime) -> Meetup:
    """Everybody sees it and may reserve: its thread opens in the same transaction.

    Refuses as `start_thread` does where its planner may not write.
    """
    locked = lock_meetup(meetup)
    if not may_organise(by, locked, at):
        raise NotAllowed
    if locked.state == MeetupState.RSVP_OPEN:
        return locked
    if locked.state != MeetupState.APPROVED or locked.approved_by is None:
        raise NotInThatState
    if locked.starts_at <= at:
        raise BadTimes
    if locked.chapter is not None:
        note_meetup(chapter=locked.chapter, at=at)  # before the thread: it locks its author
    thread = _open_thread(locked, at)
    threads.say_what_it_is_about(thread=thread, url=locked.get_absolute_url())
    share = locked.reserve_share if _may_keep_seats_back(locked) else 0
    set_state(locked, MeetupState.RSVP_OPEN, at, thread=thread, reserve_share=share)
    return locked


def _open_thread(meetup: Meetup, at: datetime) -> Thread:
    thread = threads.open_companion(
        kind=ThreadKind.MEETUP,
        author=meetup.organiser,
        title=meetup.title,
        source=meetup.description or meetup.title,
        at=at,
        submission_key=f"meetup-{meetup.pk}",
    )
    # Whoever approved the plan has read its words: they do not wait a second time (A1).
    if thread.state == State.WAITING:
        threads.publish_approved(post=thread.posts.get(floor=1), at=at)
        thread.state = State.PUBLISHED
    return thread


def _may_keep_seats_back(meetup: Meetup) -> bool:
    """M2: not in a chapter's first three meetups."""
    if meetup.chapter_id is None:
        return True
    held = Meetup.objects.filter(chapter=meetup.chapter_id, state__in=ANNOUNCED)
    held = held.exclude(state__in=[MeetupState.CANCELLED, MeetupState.POSTPONED])
    return held.exclude(pk=meetup.pk).count() >= FIRST_MEETUPS


def _write_down(meetup: Meetup, verb: str, by: Fan, at: datetime, reason: str = "") -> None:
    record(
        actor=by,
        verb=verb,
        subject=meetup.subject,
        at=at,
        concerns=meetup.organiser,
        reason=reason,
    )
