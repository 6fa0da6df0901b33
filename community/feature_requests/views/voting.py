from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from community.feature_requests import actions
from community.feature_requests.budget import votes_page
from community.feature_requests.models import FeatureRequest
from community.feature_requests.views.reading import wish_for
from community.feature_requests.views.refusals import in_words
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited


@require_POST
@policy.writers
@limited("vote")
def feature_request_vote(request: FanRequest, pk: int) -> HttpResponse:
    wish = wish_for(request, pk)
    try:
        actions.cast_vote(feature_request=wish, fan=request.user, at=clock.now())
    except actions.NoVoteLeft:
        return _over_budget(request, wish)
    except actions.Refusal as refusal:
        messages.error(request, in_words(refusal))
    else:
        undo = reverse("feature_request_vote_withdrawal", args=[pk])
        words = _("You voted for “%(title)s”.") % {"title": wish.title}
        messages.success(request, words, extra_tags=f"undo:{undo}")
    return back(request, wish)


@require_POST
@policy.signed_in
@limited("vote")
def feature_request_vote_withdrawal(request: FanRequest, pk: int) -> HttpResponse:
    wish = wish_for(request, pk)
    try:
        actions.withdraw_vote(feature_request=wish, fan=request.user, at=clock.now())
    except actions.Refusal as refusal:
        messages.error(request, in_words(refusal))
    else:
        undo = reverse("feature_request_vote", args=[pk])
        words = _("You took your vote for “%(title)s” back.") % {"title": wish.title}
        messages.success(request, words, extra_tags=f"undo:{undo}")
    return back(request, wish)


def _over_budget(request: FanRequest, wish: FeatureRequest) -> HttpResponse:
    """All votes are in use: which of them to take back for this one?"""
    context = {"wanted": wish, **votes_page(request.user)}
    return render(request, "feature_requests/my_votes.html", context, status=422)


def back(request: HttpRequest, wish: FeatureRequest) -> HttpResponse:
    """To the list the button stood in, or to the wish."""
    page = request.POST.get("next", "")
    if page.startswith("/") and url_has_allowed_host_and_scheme(page, {request.get_host()}):
        return redirect(page)
    return redirect(wish)
