"""The page of one wish."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from community.feature_requests.following import with_follow_of
from community.feature_requests.models import FeatureRequest, FeatureRequestQuerySet
from community.feature_requests.pages import page_of
from community.threads.slugs import slug_of
from community.threads.views.reading import gone
from fans import clock, policy


@policy.anyone
def feature_request(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    wish = _wishes(request).filter(pk=pk).first()
    if wish is None:  # removed by a rule or deleted, and said so; or missing
        return gone(request, get_object_or_404(FeatureRequest, pk=pk).thread_id)
    if slug != slug_of(wish.title):
        return redirect(wish, permanent=True)
    context = page_of(wish, request.user, clock.now())
    return render(request, "feature_requests/detail.html", context)


def wish_for(request: HttpRequest, pk: int) -> FeatureRequest:
    return get_object_or_404(_wishes(request), pk=pk)


def _wishes(request: HttpRequest) -> FeatureRequestQuerySet:
    reader = request.user
    voted = FeatureRequest.objects.visible_to(reader).with_vote_of(reader)
    wishes = with_follow_of(voted, reader)
    related = ("product", "team", "author__standing", "author__avatar", "thread__board")
    return wishes.select_related(*related, "merged_into", "shown_as__thread")
