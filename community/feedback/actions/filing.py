"""Telling us of something, and saying «I have this too» (spec §6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from community.feedback.actions.departments import department_for
from community.feedback.actions.logs import StoredLog
from community.feedback.actions.refusals import NotOpen, NotTheirs
from community.feedback.models import (
    OPEN_STATES,
    Channel,
    FeedbackItem,
    ItemState,
    ItemStep,
    MeToo,
)
from community.feedback.rules import RELEASE_MINUTES, answer_due, priority_of
from community.products.models import Product
from community.screening.rules import FIRST_POSTS, Verdict, verdict
from community.threads.actions.screening import lock_author
from community.threads.actions.words import prepare
from community.threads.models import State
from fans.accounts.models import Fan
from fans.images.actions import keep
from fans.images.models import Image


@dataclass(frozen=True, kw_only=True)
class Said:
    """What somebody tells: the words of the form."""

    product: Product
    category: str
    severity: str
    frequency: str
    title: str
    words: str = ""
    build: str = ""
    is_public: bool = True


@transaction.atomic
def file_feedback(
    *,
    said: Said,
    reporter: Fan,
    at: datetime,
    submission_key: str | None = None,
    pictures: Sequence[Image] = (),
    log: StoredLog | None = None,
    channel: Channel = Channel.FORM,
) -> FeedbackItem:
    """Take one report: urgent as the table says, with the one team that answers for it.

    The same form sent twice is one report (C3). What a newcomer says in public waits (A1).
    """
    prepared = prepare(said.words)
    author = lock_author(reporter, at)
    if submission_key and (known := _of_form(author, submission_key)):
        return known
    judged = Verdict(waits=False)  # words for staff alone wait for nobody
    if said.is_public:
        source = f"{said.title}\n{said.words}\n{said.build}"
        judged = judge(author, source, prepared.has_link, bool(pictures), at)
    item = FeedbackItem.objects.create(
        channel=channel,
        reporter=author,
        **written(said, prepared.language, at),
        hidden_at=at if judged.waits else None,
        release_at=judged.release_at,
        log_file=log.path if log else "",
        log_name=log.name if log else "",
        submission_key=submission_key,
    )
    item.pictures.set(pictures)
    keep(pictures, at)
    ItemStep.objects.create(item=item, became=ItemState.NEW, actor=author, happened_at=at)
    return item


def written(said: Said, language_of_words: str, at: datetime) -> dict[str, Any]:
    """The words, and what follows from them: how urgent, who answers, until when."""
    priority = priority_of(said.severity, said.frequency)
    return {
        "product": said.product,
        "category": said.category,
        "severity": said.severity,
        "frequency": said.frequency,
        "priority": priority,
        "department": department_for(said.category),
        "title": said.title,
        "words": said.words,
        "language": language_of_words if said.words else prepare(said.title).language,
        "build": said.build,
        "is_public": said.is_public,
        "state_at": at,
        "created_at": at,
        "answer_due_at": answer_due(priority, at),
    }


def _of_form(author: Fan, submission_key: str) -> FeedbackItem | None:
    mine = FeedbackItem.objects.filter(reporter=author.pk, submission_key=submission_key)
    return mine.first()


def judge(author: Fan, source: str, has_link: bool, has_picture: bool, at: datetime) -> Verdict:
    """A1, for what everybody will read."""
    return verdict(
        approved_count=FIRST_POSTS if author.founding_since_date else approved_count(author),
        source=source,
        has_link=has_link,
        has_picture=has_picture,
        every_post_waits=False,
        release_minutes=RELEASE_MINUTES,
        at=at,
        keeps_order=author.moderates_anything,
    )


def approved_count(author: Fan) -> int:
    """What they said in public and everybody can read, counted no further than A1 asks."""
    posts = author.posts.filter(state=State.PUBLISHED)[:FIRST_POSTS].count()
    items = FeedbackItem.objects.filter(reporter=author.pk, is_public=True, hidden_at=None)
    return min(FIRST_POSTS, posts + items[:FIRST_POSTS].count())


@transaction.atomic
def say_me_too(*, item: FeedbackItem, fan: Fan, at: datetime) -> bool:
    """One more who has it. Saying so twice is the same as once; False when it was said."""
    locked = lock_item(item)
    speaker = lock_author(fan, at)
    if locked.reporter_id == speaker.pk:
        raise NotTheirs
    if locked.state not in OPEN_STATES or not locked.is_public:
        raise NotOpen
    _, is_new = MeToo.objects.get_or_create(item=locked, fan=speaker, defaults={"said_at": at})
    if is_new:
        _count(locked, +1)
    return is_new


@transaction.atomic
def take_back_me_too(*, item: FeedbackItem, fan: Fan) -> bool:
    """They do not have it after all; False when they never said so."""
    locked = lock_item(item)
    gone, _ = MeToo.objects.filter(item=locked, fan=fan).delete()
    if gone:
        _count(locked, -1)
    return bool(gone)


def lock_item(item: FeedbackItem) -> FeedbackItem:
    """Everything that changes an item queues up behind its row."""
    rows = FeedbackItem.objects.select_for_update(of=("self",), no_key=True)
    return rows.get(pk=item.pk)


def _count(item: FeedbackItem, by: int) -> None:
    FeedbackItem.objects.filter(pk=item.pk).update(me_too_count=F("me_too_count") + by)
