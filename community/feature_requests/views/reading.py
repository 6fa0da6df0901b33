"""Pages to read: lists of wishes, one wish, its story, the roadmap."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode

from community.feature_requests.budget import budget_of, votes_page
from community.feature_requests.listing import STATUSES, Filters, listing
from community.feature_requests.models import FeatureRequest
from community.feature_requests.pages import page_of
from community.feature_requests.permissions import casts_votes
from community.feature_requests.roadmap import columns, overdue_by_team, silent_plans
from community.feature_requests.timeline import story
from community.products.models import Product
from community.threads.slugs import slug_of
from fans import clock, policy
from fans.accounts.models import Fan


@policy.anyone
def feature_requests(request: HttpRequest) -> HttpResponse:
    reader, filters = request.user, Filters.of(request.GET)
    found = listing(
        reader,
        filters,
        before=request.GET.get("before", ""),
        after=request.GET.get("after", ""),
    )
    context = {
        "show": filters.show,
        "rows": found.rows,
        "status": filters.status,
        "statuses": STATUSES,
        "products": Product.objects.visible_to(reader).in_order()[:40],
        "product": filters.product,
        "may_vote": not reader.is_authenticated or casts_votes(reader),
        **_neighbours(request.path, filters.kept, newer=found.newer, older=found.older),
        **budget_of(reader),
    }
    return render(request, "feature_requests/index.html", context)


@policy.anyone
def feature_request(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    wish = wish_for(request, pk)
    if slug != slug_of(wish.title):
        return redirect(wish, permanent=True)
    return render(request, "feature_requests/detail.html", page_of(wish, request.user))


@policy.anyone
def feature_request_story(request: HttpRequest, pk: int) -> HttpResponse:
    wish = wish_for(request, pk)
    context = {"wish": wish, "lines": story(wish)}
    return render(request, "feature_requests/story.html", context)


@policy.anyone
def roadmap(request: HttpRequest) -> HttpResponse:
    at, reader = clock.now(), request.user
    context = {
        "columns": columns(reader, at),
        "overdue": overdue_by_team(at),
        "silent": silent_plans(reader, at),
    }
    return render(request, "feature_requests/roadmap.html", context)


@policy.signed_in
def my_votes(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, Fan)  # noqa: S101
    return render(request, "feature_requests/my_votes.html", votes_page(request.user))


def wish_for(request: HttpRequest, pk: int) -> FeatureRequest:
    wishes = FeatureRequest.objects.visible_to(request.user).with_vote_of(request.user)
    related = ("product", "team", "author__standing", "author__avatar", "thread__board")
    return get_object_or_404(
        wishes.select_related(*related, "merged_into", "shown_as__thread"), pk=pk
    )


def _neighbours(path: str, kept: dict[str, str], **cursors: str) -> dict[str, str]:
    """Addresses of the pages beside this one."""
    keys = {"older": "before", "newer": "after"}
    return {
        name: f"{path}?{urlencode({**kept, keys[name]: cursor})}" if cursor else ""
        for name, cursor in cursors.items()
    }
