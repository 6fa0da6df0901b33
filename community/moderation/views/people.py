from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from community.moderation import actions
from community.moderation.forms import ReasonForm
from community.moderation.models import Sanction
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited


def _sanction(request: FanRequest, pk: int) -> Sanction:
    rows = Sanction.objects.visible_to(request.user).select_related("case", "fan")
    return get_object_or_404(rows, pk=pk)


@require_POST
@policy.moderators
@limited("staff_write")
def sanction_confirmation(request: FanRequest, pk: int) -> HttpResponse:
    """The second person agrees to a ban (A3)."""
    sanction = _sanction(request, pk)
    try:
        confirmed = actions.confirm_ban(sanction=sanction, by=request.user, at=clock.now())
    except actions.SamePerson:
        messages.error(request, _("You proposed this ban. Somebody else has to agree."))
    except actions.NotAllowed:
        messages.error(request, _("This ban is not yours to confirm."))
    else:
        _say_whether_it_holds(request, confirmed)
    return redirect("moderation")


def _say_whether_it_holds(request: FanRequest, sanction: Sanction) -> None:
    words = {"name": sanction.fan.display_name}
    if sanction.lifted_at is not None:
        messages.info(request, _("A colleague has declined this ban meanwhile."))
    else:
        messages.success(request, _("%(name)s is banned and signed out everywhere.") % words)


@require_POST
@policy.moderators
@limited("staff_write")
def sanction_lifting(request: FanRequest, pk: int) -> HttpResponse:
    """Take a sanction back, or decline a proposal."""
    sanction = _sanction(request, pk)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        actions.lift_sanction(sanction=sanction, by=request.user, at=clock.now(), reason=reason)
    except actions.NotAllowed:
        messages.error(request, _("This is not yours to take back."))
    else:
        messages.success(request, _("It no longer holds."))
    return redirect(sanction.case or "moderation")
