from urllib.parse import urlsplit

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited
from fans.measures import actions
from fans.measures.forms import PulseForm


@require_POST
@policy.staff
@limited("staff_write")
def pulse(request: FanRequest) -> HttpResponse:
    form = PulseForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a number from 1 to 5."))
        return redirect("staff_measures")
    try:
        score = form.cleaned_data["score"]
        actions.answer_pulse(fan=request.user, score=score, at=clock.now())
    except actions.AlreadyAnswered:
        messages.error(
            request, _("You have answered this week. The next question comes on Monday.")
        )
    except actions.NotStaff as refusal:
        raise Http404 from refusal
    else:
        messages.success(request, _("Counted. Nobody can see which answer was yours."))
    return redirect("staff_measures")


@csrf_exempt  # nobody is known here, and nothing but a number grows; strangers' pages are refused
@require_POST
@policy.anyone
@limited("share_visit")
def share_visit(request: HttpRequest) -> HttpResponse:
    """The page that was opened through a shared address says so itself: a visit changes nothing."""
    if not _is_from_here(request):
        return HttpResponse(status=403)
    actions.count_share_visit(at=clock.now())
    return HttpResponse(status=204)


def _is_from_here(request: HttpRequest) -> bool:
    return urlsplit(request.headers.get("Origin", "")).netloc == request.get_host()
