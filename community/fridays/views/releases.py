"""What came out, and who asked for it."""

from itertools import groupby

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from community import markdown
from community.fridays.contents import with_items
from community.fridays.models import Credit, Release, ReleaseState
from community.fridays.pins import offer_pins
from community.products.models import Product
from community.products.offered import slug_in
from fans import clock, policy
from fans.accounts.models import Reader

RELEASES_A_PAGE = 20
PRODUCTS_AT_MOST = 40
EARLY_AT_MOST = 5
CREDITS_SHOWN = 60  # of one build; the others stand on the page of credits


@require_safe
@policy.anyone
def releases(request: HttpRequest) -> HttpResponse:
    """Newest first, perhaps of one product; the next page begins after the last one's number."""
    products = Product.objects.visible_to(request.user)
    slug = slug_in(request.GET, "product")
    product = get_object_or_404(products, slug=slug) if slug else None
    visible = Release.objects.visible_to(request.user)
    out = visible.filter(published_at__isnull=False).select_related("product")
    if product is not None:
        out = out.filter(product=product)
    number = _number(request.GET.get("before", ""))
    before = visible.filter(pk=number, published_at__isnull=False).first() if number else None
    if before is not None:
        same_instant = Q(published_at=before.published_at, pk__lt=before.pk)
        out = out.filter(Q(published_at__lt=before.published_at) | same_instant)
    found = list(out.newest_first()[: RELEASES_A_PAGE + 1])
    shown = found[:RELEASES_A_PAGE]
    kept: dict[str, str] = {"product": slug} if slug else {}
    context = {
        "releases": with_items(shown, request.user),
        "early": [] if before or not request.user.is_authenticated else _early(request, product),
        "products": products.in_order()[:PRODUCTS_AT_MOST],
        "product": slug,
        "older": f"?{urlencode(kept | {'before': str(shown[-1].pk)})}"
        if len(found) > len(shown)
        else "",
        "is_first": before is None,
    }
    return render(request, "fridays/releases.html", context)


def _early(request: HttpRequest, product: Product | None) -> list[Release]:
    """Ready builds whose notes this reader may read a day ahead."""
    ready = Release.objects.visible_to(request.user, clock.now()).filter(state=ReleaseState.READY)
    if product is not None:
        ready = ready.filter(product=product)
    rows = ready.select_related("product", "cycle").order_by("cycle__release_target_at", "pk")
    return list(rows[:EARLY_AT_MOST])


def _beside(release: Release, reader: Reader) -> dict[str, Release | None]:
    """The build of the product before it and the one after it."""
    out = Release.objects.visible_to(reader).filter(
        product=release.product_id, published_at__isnull=False
    )
    if release.published_at is None:
        return {"previous": out.select_related("product").newest_first().first(), "next": None}
    at, pk = release.published_at, release.pk
    before = out.filter(Q(published_at__lt=at) | Q(published_at=at, pk__lt=pk))
    after = out.filter(Q(published_at__gt=at) | Q(published_at=at, pk__gt=pk))
    return {
        "previous": before.select_related("product").newest_first().first(),
        "next": after.select_related("product").order_by("published_at", "pk").first(),
    }


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
        .order_by("item__number", "role", "pk")[: CREDITS_SHOWN + 1]
    )
    beside = _beside(found, request.user)
    items = with_items([found], request.user)[0]["items"]
    context = {
        "release": found,
        "items": items,
        "takes_pins": offer_pins(items, found, request.user, clock.now()),
        "notes": markdown.render(found.notes).html,
        "language": markdown.language_of(found.notes),
        "defects": markdown.render(found.known_defects).html if found.known_defects else "",
        "credits": [
            (item, list(rows))
            for item, rows in groupby(credits[:CREDITS_SHOWN], key=lambda credit: credit.item)
        ],
        "has_more_credits": len(credits) > CREDITS_SHOWN,
        **beside,
        "is_early": found.state in {ReleaseState.DRAFT, ReleaseState.READY},
    }
    return render(request, "fridays/release.html", context)
