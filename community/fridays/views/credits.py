"""Everyone a build thanks, and how each wants to be named."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.fridays import thanks
from community.fridays.actions import crediting
from community.fridays.models import Credit, CreditRole
from fans import policy
from fans.accounts.models import FanRequest
from fans.limits import limited


@require_safe
@policy.anyone
def credits(request: HttpRequest) -> HttpResponse:
    """All thanks, or those of one build, of one kind, under one name; one's own on top."""
    wanted = thanks.sought(request.GET.dict())
    builds, older = thanks.page_of_thanks(request.user, wanted, request.GET.get("before", ""))
    context = {
        "builds": builds,
        "older": f"?{urlencode(wanted.kept | {'before': older})}" if older else "",
        "wanted": wanted,
        "roles": CreditRole.choices,
        "own": [] if wanted.kept else thanks.own_thanks(request.user),
    }
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
