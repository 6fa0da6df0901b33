"""What the company says to the biggest complaints of a week (O7)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.fridays.actions import answering
from community.fridays.complaints import Complaint, complaints_of, item_in
from community.fridays.forms.desk import AnswerForm
from community.fridays.models import ComplaintAnswer, Cycle
from community.markdown import render as rendered
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited


@require_safe
@policy.staff
def staff_complaints(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _week(request, pk))


@require_POST
@policy.staff
@limited("staff_write")
def staff_answer(request: FanRequest, pk: int) -> HttpResponse:
    """Say it, or say it otherwise; what stood there before is in the log."""
    cycle = _week(request, pk)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            answering.answer_complaint(
                cycle=cycle,
                item=item_in(cycle, form.cleaned_data["item"]),
                area=form.cleaned_data["area"],
                words=form.cleaned_data["words"],
                actor=request.user,
                at=clock.now(),
            )
        except answering.NotCountedYet:
            messages.error(request, _("The week is not counted yet."))
        except answering.Refusal:
            messages.error(request, _("That is none of the complaints of this week."))
        else:
            messages.success(request, _said(cycle))
        return redirect("staff_complaints", pk)
    return _page(request, cycle, form)


def _said(cycle: Cycle) -> str:
    if cycle.published_at is not None:
        return _("Answered, for everyone to read.")
    return _("Answered. Everyone reads it once the results are out.")


@require_POST
@policy.staff
@limited("staff_write")
def staff_answer_withdrawal(request: FanRequest, pk: int, answer: int) -> HttpResponse:
    cycle = _week(request, pk)
    answers = ComplaintAnswer.objects.visible_to(request.user)
    known = get_object_or_404(answers, cycle=cycle, pk=answer)
    if answering.withdraw_answer(answer=known, actor=request.user, at=clock.now()):
        messages.success(request, _("The answer is taken out; the log keeps its words."))
    return redirect("staff_complaints", pk)


def _week(request: HttpRequest, pk: int) -> Cycle:
    weeks = Cycle.objects.visible_to(request.user).select_related("product")
    return get_object_or_404(weeks, pk=pk)


def _page(request: HttpRequest, cycle: Cycle, refused: AnswerForm | None = None) -> HttpResponse:
    newest = cycle.weekly_reports.order_by("-version").first()
    complaints = complaints_of(cycle, newest.figures) if newest else []
    context = {
        "cycle": cycle,
        "is_small": bool(newest and newest.figures["is_small"]),
        "rows": [_row(each, refused) for each in complaints],
        "answered": sum(each.answer is not None for each in complaints),
    }
    return render(request, "fridays/staff_complaints.html", context, status=422 if refused else 200)


def _row(complaint: Complaint, refused: AnswerForm | None) -> dict[str, Any]:
    """The form that came back, where it is the one of this complaint."""
    item = complaint.item.pk if complaint.item else None
    answer = complaint.answer
    form = AnswerForm(
        initial={"item": item, "area": complaint.area, "words": answer.words if answer else ""},
        auto_id=f"{complaint.key}-%s",
    )
    is_refused = False
    if refused is not None:
        asked = refused.data.get("item", ""), refused.data.get("area", "")
        is_refused = asked == (str(item or ""), complaint.area)
    if refused is not None and is_refused:
        refused.auto_id = f"{complaint.key}-%s"
        form = refused
    return {
        "complaint": complaint,
        "form": form,
        "is_open": is_refused or answer is None,
        "html": rendered(answer.words).html if answer else "",
    }
