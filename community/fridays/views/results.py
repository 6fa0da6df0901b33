"""The counted week for everyone; before it is published, for staff alone."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.feature_requests.models import Lens
from community.feature_requests.permissions import casts_votes
from community.fridays.actions import publishing
from community.fridays.forms.report import ReasonForm
from community.fridays.results import figures_of, page_of, versions
from community.fridays.views.weeks import published_or_staff, week_in
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited


@require_safe
@policy.anyone
def results(request: HttpRequest, product: str, week: str) -> HttpResponse:
    cycle, at = week_in(request, product, week), clock.now()
    context: dict[str, Any] = {
        "cycle": cycle,
        "is_delayed": cycle.published_at is None and cycle.publish_at <= at,
        "form": ReasonForm(),
        "at": at,
    }
    known, shown = versions(cycle, request.GET.get("version", ""))
    if shown is not None and published_or_staff(request, cycle):
        counted = figures_of(shown, known[0])
        context |= page_of(cycle, counted, request.user, _lens_in(request))
        context |= {
            "versions": known,
            "shown": shown,
            "is_newest": shown == known[0],
            "may_vote": not request.user.is_authenticated or casts_votes(request.user),
            "permalink": settings.SITE_URL + request.path,
            "card_url": f"{settings.SITE_URL}{request.path}card.png?version={shown.version}",
        }
    return render(request, "fridays/results.html", context)


def _lens_in(request: HttpRequest) -> Lens:
    """Whom an address names; everyone where it names nobody we know."""
    name = request.GET.get("lens", "")
    return Lens(name) if name in Lens.values else Lens.EVERYONE


@require_POST
@policy.staff
@limited("staff_write")
def results_hold(request: FanRequest, product: str, week: str) -> HttpResponse:
    """Keep the figures back; everyone reads why."""
    cycle = week_in(request, product, week)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why the figures are held back."))
    elif publishing.hold(
        cycle=cycle, reason=form.cleaned_data["reason"], actor=request.user, at=clock.now()
    ):
        messages.success(request, _("The figures are held back, and everyone reads why."))
    return redirect("results", cycle.product.slug, cycle.week)


@require_POST
@policy.staff
@limited("staff_write")
def results_hold_withdrawal(request: FanRequest, product: str, week: str) -> HttpResponse:
    cycle = week_in(request, product, week)
    if publishing.release_hold(cycle=cycle, actor=request.user, at=clock.now()):
        messages.success(request, _("The figures go out when they are due."))
    return redirect("results", cycle.product.slug, cycle.week)


@require_POST
@policy.staff
@limited("staff_write")
def results_correction(request: FanRequest, product: str, week: str) -> HttpResponse:
    """Count again, as a new version with a note (O7)."""
    cycle = week_in(request, product, week)
    form = ReasonForm(request.POST)
    try:
        if form.is_valid():
            note = form.cleaned_data["reason"]
            publishing.correct(cycle=cycle, note=note, actor=request.user, at=clock.now())
            messages.success(request, _("Counted again: the new version stands beside the old."))
        else:
            messages.error(request, _("Say what the new version corrects."))
    except publishing.NotToBePublished:
        messages.error(request, _("This week is not counted yet: there is nothing to correct."))
    return redirect("results", cycle.product.slug, cycle.week)
