"""Everyone a build thanks, and how each wants to be named."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.fridays.actions import crediting
from community.fridays.models import Credit, Release, ReleaseState
from fans import policy
from fans.accounts.models import FanRequest
from fans.limits import limited

BUILDS_SHOWN = 10
CREDITS_SHOWN = 200  # of one build


@require_safe
@policy.anyone
def credits(request: HttpRequest) -> HttpResponse:
    thanked = (
        Credit.objects.visible_to(request.user)
        .select_related("fan__standing", "fan__avatar", "item")
        .order_by("item__number", "role", "pk")
    )
    builds = (
        Release.objects.visible_to(request.user)
        .filter(state=ReleaseState.PUBLISHED, credits__isnull=False)
        .select_related("product")
    )
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 18:
        builds = builds.filter(pk__lt=int(before))
    shown = list(
        builds.distinct()
        .order_by("-pk")
        .prefetch_related(Prefetch("credits", thanked[:CREDITS_SHOWN], to_attr="thanked"))[
            : BUILDS_SHOWN + 1
        ]
    )
    older = f"?before={shown[BUILDS_SHOWN - 1].pk}" if len(shown) > BUILDS_SHOWN else ""
    context = {"builds": shown[:BUILDS_SHOWN], "older": older}
    return render(request, "fridays/credits.html", context)


@require_POST
@policy.signed_in
@limited("settings")
def credit_name(request: FanRequest, pk: int) -> HttpResponse:
    crediting.take_by_name(credit=_own(request, pk))
    messages.success(request, _("Your name stands with it."))
    return redirect("credits")


@require_POST
@policy.signed_in
@limited("settings")
def credit_name_withdrawal(request: FanRequest, pk: int) -> HttpResponse:
    crediting.stay_unnamed(credit=_own(request, pk))
    messages.success(
        request,
        _("Your name is gone from it; the thanks stay."),
        extra_tags=f"undo:/credits/{pk}/name/",
    )
    return redirect("credits")


def _own(request: FanRequest, pk: int) -> Credit:
    return get_object_or_404(
        Credit.objects.visible_to(request.user).filter(fan=request.user), pk=pk
    )
