"""What stands on the front page. Each part fails alone: what cannot be had is resting."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import structlog
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.threads.listing import rows_of
from community.threads.models import Board, Post, Thread, ThreadKind
from community.threads.rows import Row
from config import front
from fans.accounts.models import Fan, Reader
from fans.site.models import SiteIdentity

T = TypeVar("T")
LATEST = 10
UNANSWERED = 5
BOARDS = 12

logger = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Step:
    """The one thing to do next, in a sentence and a button."""

    words: str
    label: str
    url: str


@dataclass(frozen=True)
class Task:
    """A step of founding a site, and whether it is done."""

    words: str
    url: str
    is_done: bool


def unless_resting(name: str, block: Callable[[], T]) -> T | None:
    """A part of the page, or None when it fails: the rest of the page stays."""
    try:
        return block()
    except Exception:
        logger.exception("home_block_failed", block=name)
        return None


def due_step(reader: Reader, at: datetime) -> Step | None:
    """What this reader should do first; None when nothing is due."""
    if not isinstance(reader, Fan):
        return None
    if reader.verified_at is None:
        return Step(
            _("Confirm your e-mail address, and you can write."),
            _("Enter the code"),
            reverse("account_email_verification_sent"),
        )
    if reader.welcomed_at is None:
        return Step(
            _("Welcome. Three small choices make this place yours."),
            _("First steps"),
            reverse("welcome"),
        )
    return (
        _seat_offer(reader, at)
        or _open_report(reader, at)
        or _waiting_posts(reader)
        or _answer_to_accept(reader)
    )


def _seat_offer(reader: Fan, at: datetime) -> Step | None:
    if not front.is_offered_a_seat(reader, at):
        return None
    words = _("A seat among the honorary developers is offered to you.")
    return Step(words, _("Look at the offer"), reverse("standing"))


def _open_report(reader: Fan, at: datetime) -> Step | None:
    cycle = front.due_report(reader, at)
    if cycle is None:
        return None
    words = _("Your report on %(product)s is open: four boxes, three minutes.")
    return Step(
        words % {"product": cycle.product.name},
        _("File my report"),
        reverse("report", args=[cycle.product.slug, cycle.week]),
    )


def _waiting_posts(reader: Fan) -> Step | None:
    if not reader.moderates_anything:
        return None
    count = Post.objects.visible_to(reader).waiting().exclude(author=reader)[:100].count()
    if not count:
        return None
    words = ngettext(
        "%(count)d post waits for a moderator.", "%(count)d posts wait for a moderator.", count
    )
    return Step(words % {"count": count}, _("Look at them"), reverse("moderation_waiting"))


def _answer_to_accept(reader: Fan) -> Step | None:
    question = (
        Thread.objects.visible_to(reader)
        .listed()
        .filter(
            author=reader, kind=ThreadKind.QUESTION, accepted_answer=None, answering_count__gt=0
        )
        .order_by("-created_at", "-pk")
        .first()
    )
    if question is None:
        return None
    words = _("Somebody replied to your question “%(title)s”. Did it help?")
    return Step(
        words % {"title": question.title}, _("Read the replies"), question.get_absolute_url()
    )


def latest(reader: Reader) -> list[Row]:
    newest = Thread.objects.visible_to(reader).listed().order_by("-last_post_at", "-pk")
    return rows_of(list(newest.values_list("pk", flat=True)[:LATEST]), reader)


def unanswered(reader: Reader, at: datetime) -> list[Thread]:
    return list(
        Thread.objects.visible_to(reader)
        .unanswered(at)
        .select_related("board")
        .order_by("-created_at", "-pk")[:UNANSWERED]
    )


def boards(reader: Reader) -> list[Board]:
    own = Board.objects.visible_to(reader).open().filter(kept_for="")
    return list(own.in_order()[:BOARDS])


def founding(reader: Reader, boards_exist: bool) -> list[Task]:
    """What staff do before the first fan comes; empty for everyone else."""
    if not isinstance(reader, Fan) or not reader.is_staff:
        return []
    return [
        Task(
            _("Give the place its name."),
            reverse("staff_site"),
            SiteIdentity.objects.filter(pk=1).exists(),
        ),
        Task(_("Open the first board."), reverse("staff_boards"), boards_exist),
        Task(_("Write the first thread: it sets the tone."), reverse("thread_new"), False),
    ]
