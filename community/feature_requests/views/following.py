"""Hear of a wish, or hear no more of it (F2)."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from community.feature_requests import actions
from community.feature_requests.views.reading import wish_for
from community.feature_requests.views.voting import back
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited


@require_POST
@policy.signed_in
@limited("reaction")
def feature_request_follow(request: FanRequest, pk: int) -> HttpResponse:
    words = _("You hear of every step.")
    return _say(request, pk, actions.follow, words, "feature_request_follow_withdrawal")


@require_POST
@policy.signed_in
@limited("reaction")
def feature_request_follow_withdrawal(request: FanRequest, pk: int) -> HttpResponse:
    words = _("You no longer follow this wish.")
    return _say(request, pk, actions.unfollow, words, "feature_request_follow")


@require_POST
@policy.signed_in
@limited("reaction")
def feature_request_mute(request: FanRequest, pk: int) -> HttpResponse:
    words = _("This wish is silent for you from now on. Your vote stands.")
    return _say(request, pk, actions.mute, words, "feature_request_mute_withdrawal")


@require_POST
@policy.signed_in
@limited("reaction")
def feature_request_mute_withdrawal(request: FanRequest, pk: int) -> HttpResponse:
    words = _("You hear of this wish again.")
    return _say(request, pk, actions.unmute, words, "feature_request_mute")


def _say(
    request: FanRequest, pk: int, verb: Callable[..., None], words: str, opposite: str
) -> HttpResponse:
    wish = wish_for(request, pk)
    verb(feature_request=wish, fan=request.user, at=clock.now())
    undo = reverse(opposite, args=[pk])
    messages.success(request, words, extra_tags=f"undo:{undo}")
    return back(request, wish)
