"""What moderators and staff do with a wish."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from community.feature_requests import actions
from community.feature_requests.forms import MergeForm, NoteForm, StatusForm
from community.feature_requests.models import FeatureRequest
from community.feature_requests.pages import page_of
from community.feature_requests.permissions import may_triage
from community.feature_requests.views.reading import wish_for
from community.feature_requests.views.refusals import in_words
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited


@require_POST
@policy.moderators
@limited("staff_write")
def feature_request_status(request: FanRequest, pk: int) -> HttpResponse:
    wish = _wish_to_sort(request, pk)
    form = StatusForm(request.POST, wish=wish, actor=request.user)
    if form.is_valid():
        try:
            actions.change_status(
                feature_request=wish, actor=request.user, at=clock.now(), **form.cleaned_data
            )
        except actions.Refusal as refusal:
            form.add_error(_FIELDS.get(type(refusal)), in_words(refusal))
        else:
            messages.success(request, _("Said, and told to everybody it concerns."))
            return redirect(wish)
    return _page(request, wish, "status_form", form)


_FIELDS = {
    actions.ResponseMissing: "response",
    actions.ReasonMissing: "reason",
    actions.NoSuchWeek: "promised_for",
}


@require_POST
@policy.staff
@limited("staff_write")
def feature_request_note(request: FanRequest, pk: int) -> HttpResponse:
    wish = _wish_to_sort(request, pk)
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            actions.write_note(
                feature_request=wish,
                words=form.cleaned_data["words"],
                actor=request.user,
                at=clock.now(),
            )
        except actions.Refusal as refusal:
            form.add_error(None, in_words(refusal))
        else:
            messages.success(request, _("The note is on the page."))
            return redirect(wish)
    return _page(request, wish, "note_form", form)


@require_POST
@policy.moderators
@limited("staff_write")
def feature_request_merge(request: FanRequest, pk: int) -> HttpResponse:
    wish = _wish_to_sort(request, pk)
    form = MergeForm(request.POST, wish=wish, actor=request.user)
    if form.is_valid():
        target = form.cleaned_data["target"]
        try:
            actions.merge(
                source=wish,
                target=target,
                actor=request.user,
                at=clock.now(),
                reason=form.cleaned_data["reason"],
            )
        except actions.Refusal as refusal:
            form.add_error("target", in_words(refusal))
        else:
            undo = reverse("feature_request_merge_withdrawal", args=[pk])
            words = _("The two count together now, each fan once.")
            messages.success(request, words, extra_tags=f"undo:{undo}")
            return redirect(target)
    return _page(request, wish, "merge_form", form)


@require_POST
@policy.moderators
@limited("staff_write")
def feature_request_merge_withdrawal(request: FanRequest, pk: int) -> HttpResponse:
    wish = _wish_to_sort(request, pk)
    try:
        actions.undo_merge(source=wish, actor=request.user, at=clock.now())
    except actions.Refusal as refusal:
        messages.error(request, in_words(refusal))
    else:
        messages.success(request, _("Both wishes stand by themselves again, with their votes."))
    return redirect(wish)


def _wish_to_sort(request: FanRequest, pk: int) -> FeatureRequest:
    wish = wish_for(request, pk)
    if not may_triage(request.user, wish):
        raise Http404
    return wish


def _page(request: FanRequest, wish: FeatureRequest, name: str, form: forms.Form) -> HttpResponse:
    context = page_of(wish, request.user, **{name: form}, desk_open=name)
    return render(request, "feature_requests/detail.html", context, status=422)
