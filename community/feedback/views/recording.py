"""Writing down what somebody said by telephone, in a shop, elsewhere or at a meetup."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.feedback import actions
from community.feedback.forms import RecordingForm
from community.feedback.models import FeedbackItem
from community.products.models import Product
from community.threads.actions.refusals import MayNotWrite
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited

SHOWN = 5


@require_http_methods(["GET", "HEAD", "POST"])
@policy.moderators
@limited("intake")
def staff_feedback_new(request: FanRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request, RecordingForm(recorder=request.user, initial=_beginning(request)))
    form = RecordingForm(request.POST, recorder=request.user)
    if not form.is_valid():
        return _page(request, form)
    clean = form.cleaned_data
    try:
        item = actions.record_told(
            said=form.said,
            channel=clean["channel"],
            recorder=request.user,
            at=clock.now(),
            place=clean["place"],
            consents=clean["consents"],
            wishes=form.supported,
            submission_key=clean["submission_key"],
        )
    except MayNotWrite as refusal:
        form.add_error(None, refusal.reason)
        return _page(request, form)
    words = _("Written down as #%(number)s. It is with %(team)s now.")
    messages.success(request, words % {"number": item.pk, "team": item.department})
    return redirect("staff_feedback_new")


def _beginning(request: FanRequest) -> dict[str, object]:
    products = Product.objects.visible_to(request.user)
    return {"product": products.order_by("-is_main", "position", "pk").first()}


def _page(request: FanRequest, form: RecordingForm) -> HttpResponse:
    mine = FeedbackItem.objects.visible_to(request.user).filter(
        recorder=request.user.pk, batch=None
    )
    context = {"form": form, "recorded": mine.order_by("-pk")[:SHOWN]}
    status = 422 if form.errors else 200
    return render(request, "feedback/desk/recording.html", context, status=status)
