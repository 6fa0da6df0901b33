"""The story of a wish, and the sheet of paper that leads to it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from community.feature_requests.cards import card_of
from community.feature_requests.pages import joint_of
from community.feature_requests.poster import poster_of
from community.feature_requests.story import story
from community.feature_requests.views.reading import wish_for
from fans import clock, policy


@policy.anyone
def feature_request_story(request: HttpRequest, pk: int) -> HttpResponse:
    wish = wish_for(request, pk)
    if joint := joint_of(wish, request.user):
        return redirect("feature_request_story", joint.pk)
    told = story(wish, request.user, clock.now())
    words = told.lines[0].said if told.lines else ""
    context = {"wish": wish, "story": told, **card_of(wish, request.user, request.path, words)}
    return render(request, "feature_requests/story.html", context)


@policy.anyone
def feature_request_poster(request: HttpRequest, pk: int) -> HttpResponse:
    wish = wish_for(request, pk)
    if joint := joint_of(wish, request.user):
        return redirect("feature_request_poster", joint.pk)
    told = story(wish, request.user, clock.now())
    address = settings.SITE_URL + reverse("feature_request_story", args=[wish.pk])
    context = {"wish": wish, "poster": poster_of(wish, told, address)}
    return render(request, "feature_requests/poster.html", context)
