"""What moderators and staff say to a wish."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from community.feature_requests import actions
from community.feature_requests.desk_forms import NoteForm, PromiseForm, StatusForm, TeamForm
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
    wish = wish_to_sort(request, pk)
    form = StatusForm(request.POST, wish=wish, actor=request.user, at=clock.now())
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
    return page_again(request, wish, "status_form", form)


_FIELDS = {
    actions.ResponseMissing: "response",
    actions.ReasonMissing: "reason",
    actions.NoSuchWeek: "promised_for",
}


@require_POST
@policy.staff
@limited("staff_write")
def feature_request_promise(request: FanRequest, pk: int) -> HttpResponse:
    wish = wish_to_sort(request, pk)
    form = PromiseForm(request.POST, at=clock.now())
    if form.is_valid():
        try:
            actions.promise(
                feature_request=wish, actor=request.user, at=clock.now(), **form.cleaned_data
            )
        except actions.Refusal as refusal:
            field = {actions.ReasonMissing: "reason", actions.NoSuchWeek: "week"}
            form.add_error(field.get(type(refusal)), in_words(refusal))
        else:
            messages.success(request, _("Promised, for everybody to see."))
            return redirect(wish)
    return page_again(request, wish, "promise_form", form)


@require_POST
@policy.staff
@limited("staff_write")
def feature_request_note(request: FanRequest, pk: int) -> HttpResponse:
    wish = wish_to_sort(request, pk)
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
    return page_again(request, wish, "note_form", form)


@require_POST
@policy.moderators
@limited("staff_write")
def feature_request_team(request: FanRequest, pk: int) -> HttpResponse:
    wish = wish_to_sort(request, pk)
    form = TeamForm(request.POST, wish=wish, actor=request.user)
    if form.is_valid():
        try:
            actions.assign_team(
                feature_request=wish,
                team=form.cleaned_data["team"],
                actor=request.user,
                at=clock.now(),
            )
        except actions.Refusal as refusal:
            form.add_error("team", in_words(refusal))
        else:
            messages.success(request, _("The page says which team answers."))
            return redirect(wish)
    return page_again(request, wish, "team_form", form)


def wish_to_sort(request: FanRequest, pk: int) -> FeatureRequest:
    wish = wish_for(request, pk)
    if not may_triage(request.user, wish):
        raise Http404
    return wish


def page_again(
    request: FanRequest, wish: FeatureRequest, name: str, form: forms.Form
) -> HttpResponse:
    """The page of the wish, with the form open that was not right yet."""
    context = page_of(wish, request.user, clock.now(), **{name: form}, desk_open=name)
    return render(request, "feature_requests/detail.html", context, status=422)
