"""The Orange weekly: an issue a week, a row for each reader, one letter each (spec §8 D1)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone, translation

from fans.accounts.actions import choose_preferences
from fans.accounts.models import Fan
from fans.audit.actions import record
from fans.clock.weeks import week_at
from fans.digests.hours import (
    LETTER_HOUR,
    QUIET_UNTIL_HOUR,
    first_hour_after,
    is_quiet,
    last_friday,
    zone_of,
)
from fans.digests.letters import letter_for, message_id_of
from fans.digests.models import Delivery, DeliveryState, Issue
from fans.digests.sections import sections_for
from fans.mail.actions import queue_once
from fans.mail.models import QueuedMail

CHUNK = 500
AGAIN_AFTER = timedelta(minutes=10)


@transaction.atomic
def make_issue(*, at: datetime) -> Issue | None:
    """This week's issue, once its Friday 18:00 has come; None when it is there already."""
    friday = last_friday(at)
    newest = Issue.objects.order_by("-until_at").first()
    if newest is not None and newest.until_at >= friday:
        return None
    issue, is_new = Issue.objects.get_or_create(
        week=week_at(friday),
        defaults={
            "since_at": newest.until_at if newest else friday - timedelta(days=7),
            "until_at": friday,
            "ready_at": friday,
        },
    )
    return issue if is_new else None


@transaction.atomic
def open_deliveries(*, issue_id: int, at: datetime) -> bool:
    """A row for each of the next chunk of readers; whether there are more to open now."""
    locked = Issue.objects.filter(opened_at=None).select_for_update(skip_locked=True, no_key=True)
    issue = locked.filter(pk=issue_id).first()
    if issue is None:
        return False
    readers = Fan.objects.active(at).filter(wants_weekly=True, pk__gt=issue.opened_from)
    found = list(readers.exclude(email="").order_by("pk").only("timezone")[:CHUNK])
    Delivery.objects.bulk_create(
        [
            Delivery(
                issue=issue,
                fan=fan,
                due_at=first_hour_after(issue.ready_at, LETTER_HOUR, fan.timezone),
            )
            for fan in found
        ],
        ignore_conflicts=True,
    )
    if found:
        issue.opened_from = found[-1].pk
    if len(found) < CHUNK:
        issue.opened_at = at
    issue.save(update_fields=["opened_from", "opened_at"])
    return issue.opened_at is None


@transaction.atomic
def deliver(*, delivery_id: int, at: datetime) -> None:
    """Write and queue one letter whose hour has come, or say why there is none.

    Claimed, judged, written and queued in one transaction: killed anywhere, it never was.
    """
    delivery = Delivery.objects.filter(pk=delivery_id)
    if not delivery.due(at).update(state=DeliveryState.QUEUED, done_at=at):
        return
    fan = Fan.objects.active(at).select_related("standing").filter(deliveries=delivery_id).first()
    if fan is None or not fan.wants_weekly or not fan.email:
        delivery.update(state=DeliveryState.UNWANTED)
    elif is_quiet(at, fan.timezone):
        morning = first_hour_after(at, QUIET_UNTIL_HOUR, fan.timezone)
        delivery.update(state=DeliveryState.DUE, done_at=None, due_at=morning)
    elif (mail := _queue_letter(delivery.select_related("issue").get().issue, fan, at)) is None:
        delivery.update(state=DeliveryState.EMPTY)
    else:
        delivery.update(mail=mail)


def _queue_letter(issue: Issue, fan: Fan, at: datetime) -> QueuedMail | None:
    """In their language and on their clock; None when no room has anything to tell them."""
    with translation.override(fan.locale), timezone.override(zone_of(fan.timezone)):
        sections = sections_for(fan, issue.since_at, issue.until_at)
        if not sections:
            return None
        letter = letter_for(issue, fan, sections)
    return queue_once(letter, message_id=message_id_of(issue, fan), at=at)


def try_later(*, delivery_id: int, at: datetime) -> None:
    """A letter that could not be written waits, and the others go first."""
    Delivery.objects.due(at).filter(pk=delivery_id).update(due_at=at + AGAIN_AFTER)


# --- In and out ------------------------------------------------------------------------


def stop_weekly(*, fan: Fan) -> None:
    """No letter from now on. Again changes nothing."""
    choose_preferences(fan=fan, locale=fan.locale, timezone=fan.timezone, wants_weekly=False)


def resume_weekly(*, fan: Fan) -> None:
    choose_preferences(fan=fan, locale=fan.locale, timezone=fan.timezone, wants_weekly=True)


# --- What nobody knows of, decided by hand ------------------------------------------------


@transaction.atomic
def note_arrival(*, delivery: Delivery, actor: Fan, at: datetime) -> bool:
    """An unknown letter did arrive; False when a colleague decided before."""
    done = QueuedMail.objects.unknown().filter(delivery=delivery)
    if not done.update(unknown_at=None, sent_at=at, message=b""):
        return False
    _log(delivery, "letter arrived", actor, at)
    return True


@transaction.atomic
def send_again(*, delivery: Delivery, actor: Fan, at: datetime) -> bool:
    """An unknown letter did not arrive and goes out anew, under the same Message-ID."""
    lost = QueuedMail.objects.unknown().filter(delivery=delivery)
    if not lost.update(unknown_at=None, claimed_at=None, due_at=at):
        return False
    _log(delivery, "letter sent again", actor, at)
    return True


def _log(delivery: Delivery, verb: str, actor: Fan, at: datetime) -> None:
    subject = f"letter:{delivery.pk}"
    record(actor=actor, verb=verb, subject=subject, concerns=delivery.fan, at=at)
