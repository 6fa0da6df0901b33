"""The week's desk: the one next step of each product (spec §6)."""

from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.fridays import actions
from community.fridays.forms.report import ReasonForm
from community.fridays.models import WAITS_FOR_A_BUILD, Cycle, CycleState, Release, ReleaseState
from community.fridays.timeline import pill_of
from community.products.models import Product
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited

WEEKS_SHOWN = 6
DRAFTS_SHOWN = 50


class NextStep(NamedTuple):
    words: str
    label: str = ""
    url: str = ""
    until: datetime | None = None

    @property
    def is_due(self) -> bool:
        return bool(self.url)


@require_safe
@policy.staff
def staff_fridays(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    products = Product.objects.visible_to(request.user).filter(retired_at=None).in_order()
    weeks, loose = _running_weeks(request), _builds_without_a_week(request)
    context = {
        "products": [
            _card(product, weeks.get(product.pk, []), loose.get(product.pk, []), at)
            for product in products
        ]
    }
    return render(request, "fridays/staff_fridays.html", context)


@require_POST
@policy.staff
@limited("staff_write")
def staff_week_skip(request: FanRequest, pk: int) -> HttpResponse:
    """A rest week, or no build: said with a reason, ahead or on the day (O8)."""
    cycle = get_object_or_404(Cycle.objects.visible_to(request.user), pk=pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why, for everyone to read."))
        return redirect("staff_fridays")
    try:
        actions.skip(
            cycle=cycle, reason=form.cleaned_data["reason"], actor=request.user, at=clock.now()
        )
    except actions.NotInThatState:
        messages.error(request, _("A week with a build is not skipped."))
    else:
        messages.success(request, _("The week %(week)s is skipped.") % {"week": cycle.week})
    return redirect("staff_fridays")


def _running_weeks(request: HttpRequest) -> dict[int, list[Cycle]]:
    """Weeks that go on, the earliest first, each with its builds."""
    weeks = (
        Cycle.objects.visible_to(request.user)
        .exclude(state__in=[CycleState.CLOSED, CycleState.SKIPPED])
        .select_related("product")
        .prefetch_related("releases", "picks")
        .order_by("product", "friday", "pk")
    )
    return {
        product: list(cycles)[-WEEKS_SHOWN:]
        for product, cycles in groupby(weeks, key=lambda cycle: cycle.product_id)
    }


def _builds_without_a_week(request: HttpRequest) -> dict[int, list[Release]]:
    """Drafts whose week is over, or that never had one."""
    drafts = Release.objects.visible_to(request.user).filter(
        Q(cycle=None) | Q(cycle__state__in=[CycleState.CLOSED, CycleState.SKIPPED]),
        state=ReleaseState.DRAFT,
    )
    found: dict[int, list[Release]] = {}
    for draft in drafts.order_by("-pk")[:DRAFTS_SHOWN]:
        found.setdefault(draft.product_id, []).append(draft)
    return found


def _card(
    product: Product, cycles: list[Cycle], loose: list[Release], at: datetime
) -> dict[str, Any]:
    """What is due first; when nothing is, what is waited for."""
    steps = [_next_step(cycle, loose, at) for cycle in cycles]
    rows = [
        {"cycle": cycle, "pill": pill_of(cycle), "releases": list(cycle.releases.all())}
        for cycle in reversed(cycles)
    ]
    due = next((step for step in steps if step.is_due), None)
    return {
        "product": product,
        "step": due or next(iter(steps), None),
        "weeks": rows,
        "loose": loose,
    }


def _next_step(cycle: Cycle, loose: list[Release], at: datetime) -> NextStep:
    if cycle.state in WAITS_FOR_A_BUILD and at < cycle.skip_deadline_at:
        return _step_to_a_build(cycle, loose, at)
    if cycle.snapshot_at is not None and not cycle.picks.all() and at < cycle.publish_at:
        words = _("Choose the wishes of the week, five at most.")
        url = reverse("staff_planning", args=[cycle.pk])
        return NextStep(words, _("Choose"), url, cycle.publish_at)
    if cycle.frozen_at is not None and cycle.published_at is None:
        words = _("The figures are counted. Look at them before they go out.")
        if cycle.hold_at is not None:
            words = _("The figures are held back: %(why)s") % {"why": cycle.hold_reason}
        url = reverse("results", args=[cycle.product.slug, cycle.week])
        return NextStep(words, _("The figures"), url, cycle.publish_at)
    return _wait(cycle, at)


def _step_to_a_build(cycle: Cycle, loose: list[Release], at: datetime) -> NextStep:
    is_late = at >= cycle.release_target_at
    until = cycle.skip_deadline_at if is_late else cycle.release_target_at
    builds = list(cycle.releases.all())
    if ready := _newest(builds, ReleaseState.READY):
        words = _("%(name)s is ready and goes out by itself.") % {"name": ready.version}
        return NextStep(words, _("Look at it"), _page(ready), until)
    if draft := _newest(builds, ReleaseState.DRAFT):
        words = _("%(name)s is a draft.") % {"name": draft.version}
        return NextStep(words, _("Make it ready"), _page(draft), until)
    if loose:
        words = _("%(name)s is a draft without a week.") % {"name": loose[0].version}
        return NextStep(words, _("Give it a week"), _page(loose[0]), until)
    url = reverse("staff_release_new", args=[cycle.product.slug])
    words = _("Write down what the build of the week brings.")
    return NextStep(words, _("Write it down"), url, until)


def _newest(builds: list[Release], state: str) -> Release | None:
    found = [build for build in builds if build.state == state]
    return max(found, key=lambda build: build.pk, default=None)


def _page(release: Release) -> str:
    return reverse("staff_release", args=[release.pk])


def _wait(cycle: Cycle, at: datetime) -> NextStep:
    """Nothing to do for now, and until when."""
    if cycle.state == CycleState.WITHDRAWN:
        return NextStep(_("The build is recalled: %(why)s") % {"why": cycle.reason_words})
    if cycle.published_at is not None:
        return NextStep(_("Nothing to do. The week closes by itself"), until=cycle.close_at)
    if at < cycle.report_opens_at:
        return NextStep(_("Nothing to do. The report opens"), until=cycle.report_opens_at)
    return NextStep(
        _("Nothing to do. The fans report; counting begins"), until=cycle.late_closes_at
    )
