"""What came out, and who asked for it."""

from itertools import groupby

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from community import markdown
from community.fridays.contents import with_items
from community.fridays.models import Credit, Release, ReleaseState
from community.fridays.pins import offer_pins
from fans import clock, policy

RELEASES_A_PAGE = 20


@require_safe
@policy.anyone
def releases(request: HttpRequest) -> HttpResponse:
    """Newest first; the next page begins after the last one's number."""
    visible = Release.objects.visible_to(request.user)
    out = visible.filter(published_at__isnull=False).select_related("product")
    number = _number(request.GET.get("before", ""))
    before = visible.filter(pk=number, published_at__isnull=False).first() if number else None
    if before is not None:
        same_instant = Q(published_at=before.published_at, pk__lt=before.pk)
        out = out.filter(Q(published_at__lt=before.published_at) | same_instant)
    found = list(out.newest_first()[: RELEASES_A_PAGE + 1])
    shown = found[:RELEASES_A_PAGE]
    context = {
        "releases": with_items(shown, request.user),
        "older": f"?before={shown[-1].pk}" if len(found) > len(shown) else "",
        "is_first": before is None,
    }
    return render(request, "fridays/releases.html", context)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@require_safe
@policy.anyone
def release(request: HttpRequest, product: str, version: str) -> HttpResponse:
    found = get_object_or_404(
        Release.objects.visible_to(request.user, clock.now()).select_related(
            "product", "cycle__product", "thread"
        ),
        product__slug=product,
        version=version,
    )
    credits = (
        Credit.objects.visible_to(request.user)
        .filter(release=found)
        .select_related("fan__standing", "item")
        .order_by("item__number", "role", "pk")
    )
    items = with_items([found], request.user)[0]["items"]
    context = {
        "release": found,
        "items": items,
        "takes_pins": offer_pins(items, found, request.user, clock.now()),
        "notes": markdown.render(found.notes).html,
        "language": markdown.language_of(found.notes),
        "defects": markdown.render(found.known_defects).html if found.known_defects else "",
        "credits": [
            (item, list(rows)) for item, rows in groupby(credits, key=lambda credit: credit.item)
        ],
        "is_early": found.state in {ReleaseState.DRAFT, ReleaseState.READY},
    }
    return render(request, "fridays/release.html", context)
