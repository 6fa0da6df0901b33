"""Where wishes are on their way, what was promised, and what is owed by now."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from community.feature_requests.overdue import overdue, overdue_counts
from community.feature_requests.promises import WORDS, page_of_promises, tally
from community.feature_requests.roadmap import columns
from community.products.models import Product, Team
from community.products.offered import slug_in
from fans import clock, policy

PRODUCTS_SHOWN = 40


@require_safe
@policy.anyone
def roadmap(request: HttpRequest) -> HttpResponse:
    at, reader = clock.now(), request.user
    product = slug_in(request.GET, "product")
    context = {
        "columns": columns(reader, at, product),
        "products": Product.objects.visible_to(reader).in_order()[:PRODUCTS_SHOWN],
        "product": product,
        "promises": tally(reader, at),
        "overdue_count": sum(overdue_counts(reader, at).values()),
    }
    return render(request, "feature_requests/roadmap.html", context)


@require_safe
@policy.anyone
def feature_requests_overdue(request: HttpRequest) -> HttpResponse:
    at, reader = clock.now(), request.user
    slug = slug_in(request.GET, "team")
    team = get_object_or_404(Team.objects.visible_to(reader), slug=slug) if slug else None
    context = {"team": team, "debtors": overdue(reader, at, team=slug)}
    return render(request, "feature_requests/overdue.html", context)


@require_safe
@policy.anyone
def feature_requests_promises(request: HttpRequest) -> HttpResponse:
    at, reader = clock.now(), request.user
    state = request.GET.get("state", "")
    rows, older = page_of_promises(reader, at, state=state, before=request.GET.get("before", ""))
    kept = {"state": state} if state in WORDS else {}
    context = {
        "rows": rows,
        "older": f"?{urlencode({**kept, 'before': older})}" if older else "",
        "state": state,
        "states": WORDS.items(),
        "promises": tally(reader, at),
    }
    return render(request, "feature_requests/promises.html", context)
