from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.moderation import actions, desk
from community.moderation.forms import DecisionForm, ReasonForm
from community.moderation.models import Case
from community.moderation.permissions import may_decide, may_lift, may_sanction
from community.moderation.preview import preview_of
from community.threads import actions as threads
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited


def _case(request: FanRequest, pk: int) -> Case:
    rows = Case.objects.visible_to(request.user).select_related(
        "post__thread__board",
        "post__author__standing",
        "post__author__avatar",
        "about__standing",
        "about__avatar",
        "claimed_by",
        "decided_by",
    )
    return get_object_or_404(rows, pk=pk)


def _page(request: FanRequest, case: Case, form: DecisionForm, **more: object) -> HttpResponse:
    at = clock.now()
    holder = case.holder(at)
    past_cases, sanctions = desk.history_of(case.person, request.user, besides=case)
    return render(
        request,
        "moderation/case.html",
        {
            "case": case,
            "form": form,
            "posts": desk.context_of(case.post) if case.post else [],
            "flags": desk.flags_of(case),
            "flag_count": case.flags.count(),
            "past_cases": past_cases,
            "sanctions": [(sanction, may_lift(request.user, sanction)) for sanction in sanctions],
            "holder": holder,
            "is_mine": holder is not None and holder.pk == request.user.pk,
            "is_overdue": case.due_at <= at,
            "may_decide": may_decide(request.user, case),
            "may_sanction": may_sanction(request.user, case.person),
            **more,
        },
    )


def _form(request: FanRequest, case: Case, *, bound: bool) -> DecisionForm:
    return DecisionForm(
        request.POST if bound else None,
        about_a_person=case.post is None,
        may_sanction=may_sanction(request.user, case.person),
    )


@require_safe
@policy.moderators
def moderation_case(request: FanRequest, pk: int) -> HttpResponse:
    case = _case(request, pk)
    return _page(request, case, _form(request, case, bound=False))


@require_POST
@policy.moderators
@limited("staff_write")
def case_decision(request: FanRequest, pk: int) -> HttpResponse:
    """Decide, or look first at what the person would read."""
    case = _case(request, pk)
    form = _form(request, case, bound=True)
    if not form.is_valid():
        return _page(request, case, form)
    if "preview" in request.POST:
        shown = preview_of(case, form.decision(), clock.now())
        return _page(request, case, form, preview=shown, was_previewed=True)
    try:
        actions.decide(case=case, decision=form.decision(), by=request.user, at=clock.now())
    except actions.DecidedByColleague:
        messages.info(request, _("This case was decided by a colleague."))
        return redirect(case)
    except actions.HeldByColleague as refusal:
        form.add_error(
            None,
            _("%(name)s is working on this case.") % {"name": refusal.holder.display_name},
        )
        return _page(request, case, form)
    except (actions.NotAllowed, threads.NotAllowed):
        form.add_error(None, _("This case is not yours to decide."))
        return _page(request, case, form)
    except threads.NotInThatState:
        form.add_error(None, _("The post has changed meanwhile. Look at it again."))
        return _page(request, case, form)
    messages.success(request, _("Decided. The person it concerns is told."))
    return redirect("moderation")


@require_POST
@policy.moderators
@limited("staff_write")
def case_claim(request: FanRequest, pk: int) -> HttpResponse:
    case = _case(request, pk)
    try:
        actions.claim(case=case, by=request.user, at=clock.now())
    except actions.HeldByColleague as refusal:
        words = {"name": refusal.holder.display_name}
        messages.info(request, _("%(name)s is working on this case.") % words)
    except actions.DecidedByColleague:
        messages.info(request, _("This case was decided by a colleague."))
    except actions.NotAllowed:
        messages.error(request, _("This case is not yours to decide."))
    return redirect(case)


@require_POST
@policy.moderators
@limited("staff_write")
def case_claim_withdrawal(request: FanRequest, pk: int) -> HttpResponse:
    case = _case(request, pk)
    actions.withdraw_claim(case=case, by=request.user)
    return redirect("moderation")


@require_POST
@policy.moderators
@limited("staff_write")
def case_restoration(request: FanRequest, pk: int) -> HttpResponse:
    """Take back what was done to the post."""
    case = _case(request, pk)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        actions.show_post(case=case, by=request.user, at=clock.now(), reason=reason)
    except (actions.NotAllowed, threads.NotAllowed, threads.NotInThatState):
        messages.error(request, _("This post cannot be shown again."))
    else:
        messages.success(request, _("The post is shown again."))
    return redirect(case)
