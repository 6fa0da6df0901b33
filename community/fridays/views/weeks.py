"""The week for everyone: where it stands, and what can be done now."""

from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from community.feature_requests.models import FeatureRequest
from community.fridays.archive import Short, in_short
from community.fridays.contents import with_items
from community.fridays.models import Cycle, CycleState, Release, ReleaseState
from community.fridays.so_far import so_far
from community.fridays.timeline import due_now, phases_of, pill_of
from fans import clock, policy
from fans.accounts.models import Fan
from fans.site.resting import rest_weeks_ahead

SHOWN_WEEKS = timedelta(weeks=12)
WEEKS_A_PRODUCT = 6


@require_safe
@policy.anyone
def fridays(request: HttpRequest) -> HttpResponse:
    """The newest weeks of each product, and what is due now."""
    at = clock.now()
    newest = Cycle.objects.visible_to(request.user).filter(friday__gte=(at - SHOWN_WEEKS).date())
    weeks = newest.select_related("product").order_by(
        "product__position", "product", "-friday", "-pk"
    )
    by_product = [
        (product, list(cycles)[:WEEKS_A_PRODUCT])
        for product, cycles in groupby(weeks, key=lambda cycle: cycle.product)
    ]
    short = in_short([cycle.pk for _, cycles in by_product for cycle in cycles])
    products = [
        {"product": product, "weeks": [_row(cycle, at, short.get(cycle.pk)) for cycle in cycles]}
        for product, cycles in by_product
    ]
    context = {"products": products, "rests": rest_weeks_ahead(at)}
    return render(request, "fridays/index.html", context)


def week_in(request: HttpRequest, product: str, week: str) -> Cycle:
    """The week an address names, for whoever may see its product."""
    weeks = Cycle.objects.visible_to(request.user).select_related("product")
    return get_object_or_404(weeks, product__slug=product, week=week)


def published_or_staff(request: HttpRequest, cycle: Cycle) -> bool:
    """Before their hour the figures are a draft for staff."""
    reader = request.user
    return cycle.published_at is not None or (isinstance(reader, Fan) and reader.is_staff)


def _row(cycle: Cycle, at: datetime, short: Short | None) -> dict[str, Any]:
    return {"cycle": cycle, "due": due_now(cycle, at), "pill": pill_of(cycle), "short": short}


@require_safe
@policy.anyone
def cycle(request: HttpRequest, product: str, week: str) -> HttpResponse:
    at = clock.now()
    found = week_in(request, product, week)
    releases = list(
        Release.objects.visible_to(request.user, at)
        .filter(cycle=found)
        .exclude(state=ReleaseState.DRAFT)
        .order_by("published_at", "pk")
    )
    wishes = FeatureRequest.objects.visible_to(request.user)
    later = Cycle.objects.visible_to(request.user).filter(
        product=found.product_id, friday__gt=found.friday
    )
    context = {
        "cycle": found,
        "pill": pill_of(found),
        "due": due_now(found, at),
        "phases": phases_of(found, at),
        "is_delayed": found.is_delayed(at),
        "takes_ballots": found.takes_ballots(at),
        "releases": with_items(releases, request.user),
        "picks": wishes.filter(picks__cycle=found).order_by("-vote_count", "pk"),
        "next": later.exclude(state=CycleState.SKIPPED).order_by("friday", "pk").first(),
        "so_far": so_far(found, at),
        "platform_zone": timezone.get_default_timezone(),
        "shows_platform": timezone.get_current_timezone() != timezone.get_default_timezone(),
    }
    return render(request, "fridays/cycle.html", context)
