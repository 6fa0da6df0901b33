"""Voices heard away from the site, written down by moderators and staff (F3)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from community.feature_requests import actions
from community.feature_requests.desk_forms import VoicesForm
from community.feature_requests.models import OfflineSupport
from community.feature_requests.views.answering import page_again, wish_to_sort
from community.feature_requests.views.refusals import in_words
from community.threads.forms import new_key
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited


@require_POST
@policy.moderators
@limited("staff_write")
def feature_request_voices(request: FanRequest, pk: int) -> HttpResponse:
    wish = wish_to_sort(request, pk)
    form = VoicesForm(request.POST)
    if form.is_valid():
        told = {**form.cleaned_data}
        told["submission_key"] = told["submission_key"] or new_key()
        try:
            support = actions.record_offline_support(
                feature_request=wish, actor=request.user, at=clock.now(), **told
            )
        except actions.Refusal as refusal:
            form.add_error(None, in_words(refusal))
        else:
            undo = reverse("feature_request_voices_withdrawal", args=[pk, support.pk])
            words = _("They stand beside the votes now.")
            messages.success(request, words, extra_tags=f"undo:{undo}")
            return redirect(wish)
    return page_again(request, wish, "voices_form", form)


@require_POST
@policy.moderators
@limited("staff_write")
def feature_request_voices_withdrawal(request: FanRequest, pk: int, support: int) -> HttpResponse:
    wish = wish_to_sort(request, pk)
    voices = OfflineSupport.objects.visible_to(request.user).counted_for(wish)
    written = voices.filter(pk=support).select_related("feature_request").first()
    if written is None:  # taken out already, by this person or another
        return redirect(wish)
    try:
        actions.withdraw_offline_support(support=written, actor=request.user, at=clock.now())
    except actions.Refusal as refusal:
        messages.error(request, in_words(refusal))
    else:
        messages.success(request, _("They are out of the count again."))
    return redirect(wish)
