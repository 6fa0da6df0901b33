"""The desk: what is due, and where everything is kept."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from community.feedback.models import FeedbackItem, OfflineBatch
from community.importers.models import AccountClaim
from community.moderation.models import Case
from community.threads.models import Post, Thread
from config.home import unless_resting
from fans import clock, policy
from fans.accounts.models import Fan, FanRequest

COUNTED_TO = 100  # «100+»: more is as much to do, and costs to count


@dataclass(frozen=True, slots=True)
class Kind:
    """Something that can wait for a member of staff, and the page where it is done."""

    title: str | Promise
    route: str
    query: str
    rows: Callable[[Fan, datetime], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class Duty:
    kind: Kind
    count: int | None  # None: it cannot be counted just now

    @property
    def is_more(self) -> bool:
        return self.count is not None and self.count > COUNTED_TO

    @property
    def shown(self) -> int | None:
        return None if self.count is None else min(self.count, COUNTED_TO)


KINDS = (
    Kind(
        _("Feedback that should be answered by now"),
        "staff_feedback",
        "?show=overdue",
        lambda fan, at: FeedbackItem.objects.visible_to(fan).overdue(at),
    ),
    Kind(
        _("Feedback nobody has looked at before it is shown"),
        "staff_feedback",
        "?show=waiting",
        lambda fan, at: FeedbackItem.objects.visible_to(fan).waiting().filter(release_at=None),
    ),
    Kind(
        _("Paper forms to be accepted"),
        "staff_intake",
        "",
        lambda fan, at: OfflineBatch.objects.visible_to(fan).to_accept().exclude(recorder=fan),
    ),
    Kind(
        _("Questions without an answer for a day"),
        "threads",
        "?show=unanswered",
        lambda fan, at: Thread.objects.visible_to(fan).unanswered(at),
    ),
    Kind(
        _("Posts that wait"),
        "moderation_waiting",
        "",
        lambda fan, at: Post.objects.visible_to(fan).waiting().exclude(author=fan),
    ),
    Kind(_("Open cases"), "moderation", "", lambda fan, at: Case.objects.visible_to(fan).open()),
    Kind(
        _("Claims to an imported name"),
        "staff_claims",
        "",
        lambda fan, at: AccountClaim.objects.visible_to(fan).open(),
    ),
)


@require_safe
@policy.staff
def staff_home(request: FanRequest) -> HttpResponse:
    fan, at = request.user, clock.now()
    duties = [Duty(kind, _counted(kind, fan, at)) for kind in KINDS]
    return render(request, "staff.html", {"duties": duties})


def _counted(kind: Kind, fan: Fan, at: datetime) -> int | None:
    return unless_resting(kind.route, lambda: kind.rows(fan, at)[: COUNTED_TO + 1].count())
