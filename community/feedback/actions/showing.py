"""Who reads an item: its reporter decides; first words wait (A1), and staff may hide one."""

from datetime import datetime

from django.db import transaction

from community.feedback.actions.filing import judge, lock_item
from community.feedback.actions.refusals import BecameRequest, NobodyToAsk, NotOpen, NotTheirs
from community.feedback.models import FeedbackItem, ItemStep
from community.screening.rules import releases_by_themselves
from community.threads.actions.screening import lock_author
from community.threads.actions.words import prepare
from fans.accounts.models import Fan
from fans.audit.actions import record
from fans.notifications.actions import tell


@transaction.atomic
def show(*, item: FeedbackItem, actor: Fan, at: datetime) -> bool:
    """Let everybody read it. What its reporter kept from the public stays so. False: it was."""
    locked = lock_item(item)
    if not locked.is_public or locked.hidden_at is None:
        return False
    _let_be_seen(locked)
    record(
        actor=actor, verb="feedback shown", subject=locked.subject, at=at,
        concerns=locked.reporter,
    )  # fmt: skip
    return True


@transaction.atomic
def hide(*, item: FeedbackItem, actor: Fan, at: datetime) -> bool:
    """Keep it between its reporter and the company. False: it was so."""
    locked = lock_item(item)
    if not locked.is_public or locked.hidden_at is not None:
        return False
    locked.hidden_at, locked.release_at = at, None
    locked.save(update_fields=["hidden_at", "release_at"])
    record(
        actor=actor, verb="feedback hidden", subject=locked.subject, at=at,
        concerns=locked.reporter,
    )  # fmt: skip
    return True


@transaction.atomic
def release(*, item: FeedbackItem, at: datetime) -> bool:
    """A1: first words appear by themselves, unless so many wait that a person must look."""
    locked = lock_item(item)
    is_due = locked.release_at is not None and locked.release_at <= at
    if not is_due or not releases_by_themselves(FeedbackItem.objects.waiting().count()):
        return False
    _let_be_seen(locked)
    return True


def _let_be_seen(item: FeedbackItem) -> None:
    item.hidden_at = item.release_at = None
    item.save(update_fields=["hidden_at", "release_at"])


@transaction.atomic
def ask_to_publish(*, item: FeedbackItem, actor: Fan, words: str, at: datetime) -> bool:
    """Ask whoever told it in private to let everybody read it, so that a wish can come of it.

    Asked once; False when they were, or when it is public by now.
    """
    locked = lock_item(item)
    if locked.reporter is None or locked.reporter.erased_at is not None:
        raise NobodyToAsk
    if locked.is_public or locked.publication_asked_at is not None:
        return False
    locked.publication_asked_at = at
    locked.answered_at = locked.answered_at or at
    locked.save(update_fields=["publication_asked_at", "answered_at"])
    ItemStep.objects.create(
        item=locked, became=locked.state, answer=words, actor=actor, happened_at=at
    )
    record(actor=actor, verb="publication asked for", subject=locked.subject, at=at)
    tell(
        kind="feedback_publication_asked",
        subject=locked.subject,
        key=f"{locked.subject}:publication",
        at=at,
        actor=actor,
        to=[(locked.reporter, "author")],
        facts={"title": locked.title, "item": locked.pk},
    )
    return True


@transaction.atomic
def make_public(*, item: FeedbackItem, reporter: Fan, at: datetime) -> bool:
    """Its reporter lets everybody read it, as if it had been told so (A1). False: it was so."""
    locked = lock_item(item)
    author = lock_author(reporter, at)
    if locked.reporter_id != author.pk:
        raise NotTheirs
    if locked.is_public:
        return False
    source = f"{locked.title}\n{locked.words}\n{locked.build}\n{locked.about}"
    has_link = prepare(locked.words).has_link
    judged = judge(author, source, has_link, locked.pictures.exists(), at)
    locked.is_public = True
    locked.hidden_at, locked.release_at = (at, judged.release_at) if judged.waits else (None, None)
    locked.save(update_fields=["is_public", "hidden_at", "release_at"])
    return True


@transaction.atomic
def keep_private(*, item: FeedbackItem, reporter: Fan, at: datetime) -> bool:
    """Its reporter takes that back, as long as nobody built on it. False: it was private."""
    locked = lock_item(item)
    author = lock_author(reporter, at)
    if locked.reporter_id != author.pk:
        raise NotTheirs
    if locked.became_request_id is not None:
        raise BecameRequest
    if locked.me_too_count:
        raise NotOpen
    if not locked.is_public:
        return False
    locked.is_public, locked.hidden_at, locked.release_at = False, None, None
    locked.save(update_fields=["is_public", "hidden_at", "release_at"])
    return True
