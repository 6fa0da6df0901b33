"""Cast a vote, take it back, swap one for another; in place with script, else by a page."""

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from community.feature_requests import actions
from community.feature_requests.budget import voice_of
from community.feature_requests.models import FeatureRequest
from community.feature_requests.own_votes import votes_page
from community.feature_requests.rows import rows_of
from community.feature_requests.views.refusals import in_words
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited


@require_POST
@policy.writers
@limited("vote")
def feature_request_vote(request: FanRequest, pk: int) -> HttpResponse:
    """Vote for a wish; `instead` names another whose vote is taken back for it."""
    wish, other = _wish(request, pk), _instead(request)
    try:
        if other is None:
            actions.cast_vote(feature_request=wish, fan=request.user, at=clock.now())
            undo = reverse("feature_request_vote_withdrawal", args=[pk])
        else:
            actions.swap_vote(give=wish, take_back=other, fan=request.user, at=clock.now())
            undo = f"{reverse('feature_request_vote', args=[other.pk])}?instead={pk}"
    except actions.NoVoteLeft:
        return _over_budget(request, wish)
    except actions.Refusal as refusal:
        messages.error(request, in_words(refusal))
    else:
        words = _("You voted for “%(title)s”.") % {"title": wish.title}
        _say(request, words, undo)
    return _answer(request, wish, other)


@require_POST
@policy.signed_in
@limited("vote")
def feature_request_vote_withdrawal(request: FanRequest, pk: int) -> HttpResponse:
    wish = _wish(request, pk)
    try:
        actions.withdraw_vote(feature_request=wish, fan=request.user, at=clock.now())
    except actions.Refusal as refusal:
        messages.error(request, in_words(refusal))
    else:
        words = _("You took your vote for “%(title)s” back.") % {"title": wish.title}
        _say(request, words, reverse("feature_request_vote", args=[pk]))
    return _answer(request, wish)


def back(request: HttpRequest, wish: FeatureRequest) -> HttpResponse:
    """To the list the button stood in, or to the wish."""
    return redirect(_page(request) or wish)


def _wish(request: HttpRequest, pk: int | str) -> FeatureRequest:
    return get_object_or_404(FeatureRequest.objects.visible_to(request.user), pk=pk)


def _instead(request: HttpRequest) -> FeatureRequest | None:
    number = request.POST.get("instead") or request.GET.get("instead") or ""
    return _wish(request, number) if number.isdecimal() and len(number) < 19 else None


def _say(request: HttpRequest, words: str, undo: str) -> None:
    """With a way back that comes back to the same page."""
    if page := _page(request):
        undo = f"{undo}{'&' if '?' in undo else '?'}next={quote(page, safe='')}"
    messages.success(request, words, extra_tags=f"undo:{undo}")


def _page(request: HttpRequest) -> str:
    page = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = page.startswith("/") and url_has_allowed_host_and_scheme(page, {request.get_host()})
    return page if is_ours else ""


def _answer(request: FanRequest, *wishes: FeatureRequest | None) -> HttpResponse:
    """In place: what changed on the page. Else back to where the button stood."""
    touched = [wish for wish in wishes if wish is not None]
    if not _is_in_place(request):
        return back(request, touched[0])
    pks = [wish.pk for wish in touched]
    voice = voice_of(request.user, pks)
    context = {"rows": rows_of(pks, request.user, voice), "voice": voice, "may_vote": True}
    return render(request, "feature_requests/_voted.html", context)


def _over_budget(request: FanRequest, wish: FeatureRequest) -> HttpResponse:
    """All votes are in use: which of them to take back for this one?"""
    context: dict[str, Any] = {"wanted": wish, **votes_page(request.user, clock.now())}
    if _is_in_place(request):
        return render(request, "feature_requests/_swap.html", context)
    context["next"] = _page(request) or wish.get_absolute_url()
    return render(request, "feature_requests/my_votes.html", context, status=422)


def _is_in_place(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"
