"""All weeks of a product: as a page with its trends, and the published ones for programs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from community.feature_requests.feeds import STRANGER
from community.fridays.archive import SPANS, Short, archive, in_short, trends, week_named
from community.fridays.models import Cycle
from community.products.models import Product
from fans import clock, policy
from fans.clock.weeks import platform_date
from fans.site.feeds import ENTRIES_AT_MOST, Entry, atom
from fans.site.models import SiteIdentity


@require_safe
@policy.anyone
def fridays_of(request: HttpRequest, product: str) -> HttpResponse:
    found = get_object_or_404(Product.objects.visible_to(request.user), slug=product)
    before = week_named(request.GET.get("before", ""))
    span = next((span for span in SPANS if str(span) == request.GET.get("weeks")), SPANS[0])
    context = {
        "product": found,
        "page": archive(found, request.user, before),
        "before": before,
        "spans": SPANS,
        "span": span,
        "trends": [] if before else trends(found, request.user, span, platform_date(clock.now())),
    }
    return render(request, "fridays/archive.html", context)


@require_safe
@policy.anyone
def feed_fridays(request: HttpRequest) -> HttpResponse:
    """The published weeks of all products, newest first."""
    weeks = Cycle.objects.visible_to(STRANGER).filter(published_at__isnull=False)
    newest = list(
        weeks.select_related("product").order_by("-published_at", "-pk")[:ENTRIES_AT_MOST]
    )
    short = in_short([cycle.pk for cycle in newest])
    entries = [_entry(cycle, short[cycle.pk]) for cycle in newest if cycle.pk in short]
    return atom(request, title=_("What fans said"), url=reverse("fridays"), entries=entries)


def _entry(cycle: Cycle, short: Short) -> Entry:
    address = reverse("results", args=[cycle.product.slug, cycle.week])
    assert cycle.published_at is not None  # noqa: S101
    return Entry(
        key=address,
        url=address,
        title=f"{cycle.product} · {cycle.week}",
        html=format_html("<p>{}</p>", short.words),
        language=get_language() or "en",
        author=str(SiteIdentity.current()),
        published_at=cycle.published_at,
        updated_at=cycle.published_at,
        subjects=[cycle.product.name],
    )
