"""What became of wishes: as a page, and for programs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from community.feature_requests.feeds import STRANGER, name_of
from community.fridays.changelog import Shipped, change_log
from community.products.models import Product
from community.products.offered import slug_in
from fans import policy
from fans.site.feeds import ENTRIES_AT_MOST, Entry, atom
from fans.site.models import SiteIdentity

PRODUCTS_AT_MOST = 40


@require_safe
@policy.anyone
def changelog(request: HttpRequest) -> HttpResponse:
    products = Product.objects.visible_to(request.user)
    slug = slug_in(request.GET, "product")
    product = get_object_or_404(products, slug=slug) if slug else None
    page = change_log(request.user, product=product, before=request.GET.get("before", ""))
    kept = {"product": slug} if slug else {}
    context = {
        "weeks": page.weeks,
        "products": products.in_order()[:PRODUCTS_AT_MOST],
        "product": slug,
        "older": f"?{urlencode({**kept, 'before': page.older})}" if page.older else "",
    }
    return render(request, "fridays/changelog.html", context)


@require_safe
@policy.anyone
def feed_changelog(request: HttpRequest) -> HttpResponse:
    page = change_log(STRANGER, at_most=ENTRIES_AT_MOST)
    return atom(
        request,
        title=_("What became of wishes"),
        url=reverse("changelog"),
        entries=[_entry(row) for row in page.rows],
    )


def _entry(row: Shipped) -> Entry:
    wish = row.wish
    return Entry(
        key=f"/requests/{wish.pk}/#shipped",
        url=wish.get_absolute_url(),
        title=wish.thread.title,
        html=_build(row) + row.words,
        language=wish.thread.language,
        author=" · ".join(map(name_of, row.named)) or str(SiteIdentity.current()),
        published_at=wish.status_at,
        updated_at=wish.status_at,
        subjects=[wish.product.name],
    )


def _build(row: Shipped) -> str:
    if row.release is None:
        return ""
    address = row.release.get_absolute_url()
    return format_html('<p><a href="{}">{}</a></p>', address, row.release)
