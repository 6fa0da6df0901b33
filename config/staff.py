"""The desk: what is due, and where everything is kept."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from community.feature_requests.overdue import late_answers, silent_plans
from community.feature_requests.promises import overdue_promises
from community.feedback.models import FeedbackItem, ItemState, OfflineBatch
from community.fridays.models import Cycle, CycleState, ReleaseState
from community.importers.models import AccountClaim
from community.moderation.models import Case
from community.threads.models import Post, Thread
from config.home import unless_resting
from events.meetups.models import Meetup, MeetupState
from fans import clock, policy
from fans.accounts.models import Fan, FanRequest
from fans.digests.models import Delivery
from fans.tiers.models import Nomination, NominationState, TierRun

NAMED = 3  # of a kind whose rows stand on the desk
BUILD_AHEAD = timedelta(days=3)
COUNTED_TO = 100  # «100+»: more is as much to do, and costs to count


@dataclass(frozen=True, slots=True)
class Kind:
    """Something that can wait for a member of staff, and the page where it is done."""

    title: str | Promise
    route: str
    query: str
    rows: Callable[[Fan, datetime], QuerySet[Any]]
    names_them: bool = False  # the first of them stand on the desk itself


@dataclass(frozen=True, slots=True)
class Duty:
    kind: Kind
    count: int | None  # None: it cannot be counted just now
    first: tuple[Any, ...] = ()

    @property
    def is_more(self) -> bool:
        return self.count is not None and self.count > COUNTED_TO

    @property
    def shown(self) -> int | None:
        return None if self.count is None else min(self.count, COUNTED_TO)


KINDS = (
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
    Kind(
        _("First answers to wishes that are late"),
        "feature_requests_overdue",
        "",
        late_answers,
        names_them=True,
    ),
    Kind(
        _("Wishes whose promised week is over"),
        "feature_requests_overdue",
        "",
        overdue_promises,
        names_them=True,
    ),
    Kind(
        _("Plans without a word for 28 days"),
        "feature_requests_overdue",
        "",
        silent_plans,
        names_them=True,
    ),
    Kind(
        _("Feedback to sort"),
        "staff_feedback",
        "?state=new",
        lambda fan, at: FeedbackItem.objects.visible_to(fan).standing().filter(state=ItemState.NEW),
    ),
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
        _("Builds due within three days, not ready"),
        "staff_fridays",
        "",
        lambda fan, at: (
            Cycle.objects.visible_to(fan)
            .filter(state=CycleState.SCHEDULED, release_target_at__lte=at + BUILD_AHEAD)
            .exclude(releases__state=ReleaseState.READY)
        ),
    ),
    Kind(
        _("Counted weeks nobody has looked at before they go out"),
        "staff_fridays",
        "",
        lambda fan, at: Cycle.objects.visible_to(fan).filter(
            frozen_at__isnull=False, published_at=None, reviewed_at=None
        ),
    ),
    Kind(
        _("Counted weeks that are held back"),
        "staff_fridays",
        "",
        lambda fan, at: Cycle.objects.visible_to(fan).filter(
            frozen_at__isnull=False, published_at=None, hold_at__isnull=False
        ),
    ),
    Kind(
        _("Weeks whose wishes are not chosen yet"),
        "staff_fridays",
        "",
        lambda fan, at: Cycle.objects.visible_to(fan).filter(
            snapshot_at__isnull=False, publish_at__gt=at, picks=None
        ),
    ),
    Kind(
        _("Meetups to approve"),
        "staff_meetups",
        "",
        lambda fan, at: Meetup.objects.visible_to(fan).filter(state=MeetupState.SUBMITTED),
    ),
    Kind(
        _("Tier runs that are held"),
        "moderation_tiers",
        "",
        lambda fan, at: TierRun.objects.filter(
            held_at__isnull=False, released_at=None, lapsed_at=None
        ),
    ),
    Kind(
        _("Nominations to review"),
        "moderation_nominations",
        "",
        lambda fan, at: (
            Nomination.objects.visible_to(fan)
            .filter(state=NominationState.UNDER_REVIEW, staff=None)
            .exclude(nominator=fan.pk)
            .exclude(nominee=fan.pk)
        ),
    ),
    Kind(
        _("Letters nobody knows the end of"),
        "staff_digests",
        "",
        lambda fan, at: Delivery.objects.unknown(),
    ),
)


@require_safe
@policy.staff
def staff_home(request: FanRequest) -> HttpResponse:
    fan, at = request.user, clock.now()
    duties = [_duty(kind, fan, at) for kind in KINDS]
    waiting = [duty for duty in duties if duty.count != 0]
    done = [duty.kind for duty in duties if duty.count == 0]
    return render(request, "staff.html", {"duties": waiting, "done": done})


def _duty(kind: Kind, fan: Fan, at: datetime) -> Duty:
    count = _counted(kind, fan, at)
    first = tuple(kind.rows(fan, at)[:NAMED]) if kind.names_them and count else ()
    return Duty(kind, count, first)


def _counted(kind: Kind, fan: Fan, at: datetime) -> int | None:
    return unless_resting(kind.route, lambda: kind.rows(fan, at)[: COUNTED_TO + 1].count())
