"""What comes next in the story of a wish, and how a story ends without a verdict."""

from collections.abc import Iterator
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from community.feature_requests.actions.asking import STALE_AFTER
from community.feature_requests.models import ON_THE_WAY, FeatureRequest, Status
from community.feature_requests.promises import promise_of
from fans.clock.weeks import monday_of
from fans.templatetags.display import date_words

_ANSWER_AWAITED = [Status.SUBMITTED, Status.REOPENED, Status.UNDER_REVIEW]


def ahead(wish: FeatureRequest, at: datetime, *, is_judged: bool) -> Iterator[tuple[str, str]]:
    """Kinds of lines and their words, in the order in which they would come."""
    status = wish.status
    if status in _ANSWER_AWAITED:
        yield "answer", _answer_words(wish, at)
    if status == Status.NEEDS_INFO:
        until = _day(wish.status_at + STALE_AFTER)
        yield "answer", _("Its author is asked for more, until %(day)s.") % {"day": until}
    if status in ON_THE_WAY or (wish.takes_votes and wish.owed_week):
        yield "build", _build_words(wish, at)
    elif wish.takes_votes:
        yield "build", _("A Friday, and the build it comes with.")
    if wish.takes_votes or (status == Status.SHIPPED and not is_judged):
        yield "verdict", _("The fans who use it say in their reports how it turned out.")


def ending(wish: FeatureRequest) -> str:
    """Empty while it may go on, and where fans have the last word."""
    if wish.status in {Status.DECLINED, Status.CLOSED_STALE}:
        return _("Here its story ends, unless it is opened again.")
    return _("Here its story ends.") if wish.status == Status.WITHDRAWN else ""


def _answer_words(wish: FeatureRequest, at: datetime) -> str:
    due = wish.answer_due_at
    if wish.answered_at is not None or due is None:
        return _("Waiting for an answer.")
    if due < at:
        return _("Waiting for an answer that was due on %(day)s.") % {"day": _day(due)}
    return _("Waiting for an answer, due by %(day)s.") % {"day": _day(due)}


def _build_words(wish: FeatureRequest, at: datetime) -> str:
    if not wish.owed_week:
        return _("Planned; no week is named yet.")
    week = {"day": _words_of(monday_of(wish.owed_week))}
    if promise_of(wish, at) == "overdue":
        return _("It was promised for the week of %(day)s and is overdue.") % week
    return _("Planned for the week of %(day)s.") % week


def _day(at: datetime) -> str:
    return _words_of(timezone.localtime(at))


def _words_of(day: date) -> str:
    return date_words(day, get_language() or "en")
