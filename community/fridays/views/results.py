"""The counted week for everyone; before it is published, for staff alone."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from community.feature_requests.models import Lens
from community.feature_requests.permissions import casts_votes
from community.fridays.results import figures_of, page_of, versions
from community.fridays.views.weeks import published_or_staff, week_in
from fans import clock, policy


@require_safe
@policy.anyone
def results(request: HttpRequest, product: str, week: str) -> HttpResponse:
    cycle, at = week_in(request, product, week), clock.now()
    context: dict[str, Any] = {
        "cycle": cycle,
        "is_delayed": cycle.published_at is None and cycle.publish_at <= at,
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
