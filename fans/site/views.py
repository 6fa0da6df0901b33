"""The desk for what the site calls itself (spec §1): staff look, admins change."""

from django.contrib import messages
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fans import clock, policy
from fans.limits import limited
from fans.site import actions
from fans.site.forms import IdentityForm
from fans.site.models import SiteIdentity


@require_safe
@policy.staff
def staff_site(request: HttpRequest) -> HttpResponse:
    return _page(request, IdentityForm(initial=model_to_dict(SiteIdentity.current())))


@require_POST
@policy.admins
@limited("staff_write")
def staff_site_identity(request: HttpRequest) -> HttpResponse:
    form = IdentityForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    actions.rename_site(identity=form.identity, actor=request.user, at=clock.now())
    messages.success(request, _("Saved. Every page says so from now on."))
    return redirect("staff_site")


def _page(request: HttpRequest, form: IdentityForm) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "site/identity.html", {"form": form}, status=status)
