"""Wishes for programs that come and ask what is new (spec §12)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from community.feature_requests.feeds import STRANGER, newest, steps_of
from community.feature_requests.models import FeatureRequest
from community.products.models import Product, Tag
from fans import policy
from fans.site.feeds import atom


@require_safe
@policy.anyone
def feed_requests(request: HttpRequest) -> HttpResponse:
    return atom(
        request,
        title=_("New wishes"),
        url=reverse("feature_requests"),
        entries=newest(FeatureRequest.objects.visible_to(STRANGER)),
    )


@require_safe
@policy.anyone
def feed_requests_of_product(request: HttpRequest, slug: str) -> HttpResponse:
    product = get_object_or_404(Product.objects.visible_to(STRANGER), slug=slug)
    return atom(
        request,
        title=_("New wishes for %(subject)s") % {"subject": product},
        url=_board(product=slug),
        entries=newest(FeatureRequest.objects.visible_to(STRANGER).filter(product=product)),
    )


@require_safe
@policy.anyone
def feed_requests_of_tag(request: HttpRequest, slug: str) -> HttpResponse:
    tag = get_object_or_404(Tag.objects.visible_to(STRANGER), slug=slug)
    return atom(
        request,
        title=_("New wishes for %(subject)s") % {"subject": tag},
        url=_board(tag=slug),
        entries=newest(FeatureRequest.objects.visible_to(STRANGER).filter(tags=tag)),
    )


@require_safe
@policy.anyone
def feed_request(request: HttpRequest, pk: int) -> HttpResponse:
    wish = get_object_or_404(
        FeatureRequest.objects.visible_to(STRANGER).select_related("thread"), pk=pk
    )
    return atom(
        request, title=wish.thread.title, url=wish.get_absolute_url(), entries=steps_of(wish)
    )


def _board(**chosen: str) -> str:
    return f"{reverse('feature_requests')}?{urlencode({'show': 'newest', **chosen})}"
