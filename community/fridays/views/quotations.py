"""A sentence in the results is taken back, by whoever wrote it or by staff; and put back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from community.fridays.actions import quoting
from community.fridays.models import Quotation
from community.fridays.views.words import why_not_quoted
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited


@require_POST
@policy.signed_in
@limited("write")
def quotation_withdrawal(request: FanRequest, pk: int) -> HttpResponse:
    quotation = _quotation(request, pk)
    if quoting.withdraw_quotation(quotation=quotation, actor=request.user, at=clock.now()):
        messages.success(
            request, _("It is quoted no longer."), extra_tags=f"undo:/quotations/{pk}/restoration/"
        )
    return _back(request, quotation)


@require_POST
@policy.signed_in
@limited("write")
def quotation_restoration(request: FanRequest, pk: int) -> HttpResponse:
    quotation = _quotation(request, pk)
    try:
        if quoting.restore_quotation(quotation=quotation, actor=request.user, at=clock.now()):
            messages.success(request, _("It is quoted again."))
    except quoting.Refusal as refusal:
        messages.error(request, why_not_quoted(refusal))
    return _back(request, quotation)


def _quotation(request: FanRequest, pk: int) -> Quotation:
    rows = Quotation.objects.visible_to(request.user).select_related("cycle__product", "report")
    return get_object_or_404(rows, pk=pk)


def _back(request: FanRequest, quotation: Quotation) -> HttpResponse:
    """Staff go on reading; whoever wrote it sees the results without it."""
    cycle = quotation.cycle
    if request.user.pk != quotation.report.fan_id:
        where = f"grid={quotation.grid}&after={quotation.report_id - 1}"
        words = reverse("staff_words", args=[cycle.pk])
        asked = request.GET.urlencode() or where
        return redirect(f"{words}?{asked}#report-{quotation.report_id}")
    return redirect(reverse("results", args=[cycle.product.slug, cycle.week]) + "#quotations")
