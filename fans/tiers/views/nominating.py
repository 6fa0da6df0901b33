"""Proposing honorary developers, and the two who decide (T12)."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fans import clock, policy
from fans.accounts.models import Fan, FanRequest
from fans.accounts.naming import HANDLE
from fans.limits import limited
from fans.tiers import actions
from fans.tiers.explaining import in_words
from fans.tiers.forms import NominationForm, ReasonForm
from fans.tiers.models import Nomination, NominationState
from fans.tiers.permissions import (
    may_approve,
    may_nominate,
    may_review,
    offices_without_anyone,
    reviewers,
)

SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
@policy.writers
@limited("staff_write")
def nomination_new(request: FanRequest, handle: str) -> HttpResponse:
    if not HANDLE.fullmatch(handle):
        raise Http404
    people = Fan.objects.visible_to(request.user).filter(erased_at=None)
    nominee = get_object_or_404(people.select_related("standing", "avatar"), handle__iexact=handle)
    form = NominationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _nominate(request, nominee, form.cleaned_data["statement"])
    context = {
        "nominee": nominee,
        "form": form,
        "may_nominate": may_nominate(request.user, nominee, clock.now()),
    }
    status = 422 if form.errors else 200
    return render(request, "tiers/nomination_form.html", context, status=status)


def _nominate(request: FanRequest, nominee: Fan, statement: str) -> HttpResponse:
    try:
        nomination = actions.nominate(
            nominee=nominee, nominator=request.user, statement=statement, at=clock.now()
        )
    except actions.NominatedAlready:
        messages.info(request, _("This fan is nominated already; two reviewers are looking."))
    except actions.NotAllowed:
        messages.error(request, _("You cannot nominate this person."))
    else:
        if nomination.state == NominationState.INELIGIBLE:
            messages.error(request, _("Noted, but the rules for eligibility are not met yet."))
        else:
            messages.success(request, _("Nominated. A moderator and the staff decide."))
    return redirect(nominee.get_absolute_url())


@require_POST
@policy.signed_in
@limited("staff_write")
def nomination_withdrawal(request: FanRequest, pk: int) -> HttpResponse:
    nomination = _nomination(request, pk)
    try:
        actions.withdraw_nomination(nomination=nomination, by=request.user, at=clock.now())
    except actions.NotAllowed:
        messages.error(request, _("Only who made it or is named in it takes it back."))
    except actions.NoLongerOpen:
        messages.info(request, _("It was decided already."))
    else:
        messages.success(request, _("The nomination is taken back."))
    return redirect("standing")


@require_safe
@policy.moderators
def nominations(request: FanRequest) -> HttpResponse:
    return _nominations_page(request, None, ReasonForm())


@require_POST
@policy.moderators
@limited("staff_write")
def nomination_approval(request: FanRequest, pk: int) -> HttpResponse:
    nomination = _nomination(request, pk)
    try:
        actions.approve_nomination(nomination=nomination, by=request.user, at=clock.now())
    except actions.NotAllowed:
        messages.error(request, _("You are part of this nomination, so others decide."))
    except actions.NoLongerOpen:
        messages.info(request, _("Somebody of your office has decided already."))
    else:
        messages.success(request, _("Your approval is noted."))
    return redirect("moderation_nominations")


@require_POST
@policy.moderators
@limited("staff_write")
def nomination_rejection(request: FanRequest, pk: int) -> HttpResponse:
    nomination, form = _nomination(request, pk), ReasonForm(request.POST)
    if not form.is_valid():
        return _nominations_page(request, nomination.pk, form)
    reason = form.cleaned_data["reason"]
    try:
        actions.reject_nomination(
            nomination=nomination, by=request.user, reason=reason, at=clock.now()
        )
    except actions.NotAllowed:
        messages.error(request, _("You are part of this nomination, so others decide."))
    except actions.NoLongerOpen:
        messages.info(request, _("It was decided already."))
    else:
        messages.success(request, _("Rejected, with your reason."))
    return redirect("moderation_nominations")


def _nomination(request: FanRequest, pk: int) -> Nomination:
    nomination: Nomination = get_object_or_404(Nomination.objects.visible_to(request.user), pk=pk)
    return nomination


def _nominations_page(request: FanRequest, refused: int | None, form: ReasonForm) -> HttpResponse:
    found = (
        Nomination.objects.visible_to(request.user)
        .select_related(
            *("nominee__standing", "nominator__standing", "moderator", "staff"),
            *("nominee__avatar",),
        )
        .order_by("-created_at", "-pk")[:SHOWN]
    )
    people = reviewers(clock.now())
    rows = [
        {
            "pk": each.pk,
            "nomination": each,
            "evidence": [in_words(row) for row in each.evidence],
            "missing": offices_without_anyone(each, people),
            "may_approve": may_approve(request.user, each),
            "may_reject": each.state == NominationState.UNDER_REVIEW
            and may_review(request.user, each),
            "form": form if each.pk == refused else ReasonForm(auto_id=f"reason-{each.pk}-%s"),
        }
        for each in found
    ]
    waiting = {each.pk for each in found if each.state == NominationState.UNDER_REVIEW}
    context = {
        "open": [row for row in rows if row["pk"] in waiting],
        "decided": [row for row in rows if row["pk"] not in waiting],
    }
    return render(request, "tiers/nominations.html", context, status=422 if form.errors else 200)
