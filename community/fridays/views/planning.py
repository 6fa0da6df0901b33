"""Monday's board through any lens, and the choice of the week."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.feature_requests.actions import Refusal
from community.feature_requests.models import FeatureRequest, Lens
from community.feature_requests.views.refusals import in_words
from community.fridays import actions
from community.fridays.actions.planning import MOST_PICKS, plan
from community.fridays.board import board_of
from community.fridays.forms.release import PickForm, PlanForm
from community.fridays.models import Cycle
from community.fridays.times import snapshot_at
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited


@require_safe
@policy.staff
def staff_planning(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _week(request, pk))


@require_POST
@policy.staff
@limited("staff_write")
def staff_pick(request: FanRequest, pk: int, wish: int) -> HttpResponse:
    cycle, wanted = _week(request, pk), _wish(request, wish)
    form = PickForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        actions.pick(
            cycle=cycle, feature_request=wanted, actor=request.user, at=clock.now(), reason=reason
        )
    except actions.NoSnapshotYet:
        messages.error(
            request,
            _(
                "The choice is made from the board as it was kept, three days after the release day."
            ),
        )
    except actions.NotToBePicked:
        messages.error(request, _("This wish is no longer open."))
    except actions.SixthNeedsReason:
        return _page(request, cycle, refused=wish, form=form)
    else:
        messages.success(
            request,
            _("“%(title)s” is one of the week.") % {"title": wanted.title},
            extra_tags=f"undo:/staff/fridays/{pk}/picks/{wish}/withdrawal/",
        )
    return _back(request, pk, wish)


@require_POST
@policy.staff
@limited("staff_write")
def staff_pick_withdrawal(request: FanRequest, pk: int, wish: int) -> HttpResponse:
    cycle, left_out = _week(request, pk), _wish(request, wish)
    if actions.withdraw_pick(
        cycle=cycle, feature_request=left_out, actor=request.user, at=clock.now()
    ):
        messages.success(
            request,
            _("“%(title)s” is no longer one of the week.") % {"title": left_out.title},
            extra_tags=f"undo:/staff/fridays/{pk}/picks/{wish}/",
        )
    return _back(request, pk, wish)


@require_POST
@policy.staff
@limited("staff_write")
def staff_plan(request: FanRequest, pk: int, wish: int) -> HttpResponse:
    """The written answer that makes a chosen wish planned (F1), without leaving the board."""
    cycle, chosen = _week(request, pk), _wish(request, wish)
    form = PlanForm(request.POST)
    if not form.is_valid():
        return _page(request, cycle, refused=wish, form=form)
    try:
        plan(
            feature_request=chosen,
            response=form.cleaned_data["response"],
            actor=request.user,
            at=clock.now(),
        )
    except Refusal as refusal:
        form.add_error("response", in_words(refusal))
        return _page(request, cycle, refused=wish, form=form)
    messages.success(request, _("Planned, and told to everybody it concerns."))
    return _back(request, pk, wish)


def _week(request: HttpRequest, pk: int) -> Cycle:
    return get_object_or_404(
        Cycle.objects.visible_to(request.user).select_related("product"), pk=pk
    )


def _wish(request: HttpRequest, pk: int) -> FeatureRequest:
    wishes = FeatureRequest.objects.visible_to(request.user).select_related("thread")
    return get_object_or_404(wishes, pk=pk)


def _lens(request: HttpRequest) -> Lens:
    name = request.GET.get("lens", "")
    return Lens(name) if name in Lens.values else Lens.EVERYONE


def _back(request: HttpRequest, pk: int, wish: int) -> HttpResponse:
    """To the same lens, where the wish stands."""
    lens = _lens(request)
    asked = f"?lens={lens.value}" if lens != Lens.EVERYONE else ""
    return redirect(f"{reverse('staff_planning', args=[pk])}{asked}#wish-{wish}")


def _page(
    request: HttpRequest,
    cycle: Cycle,
    *,
    refused: int = 0,
    form: PickForm | PlanForm | None = None,
) -> HttpResponse:
    lens = _lens(request)
    rows = board_of(cycle, lens, request.user, clock.now())
    context: dict[str, Any] = {
        "cycle": cycle,
        "kept_from": snapshot_at(cycle.friday),
        "lenses": [(each, each == lens) for each in Lens],
        "lens": lens,
        "is_everyone": lens == Lens.EVERYONE,
        "chosen": [row for row in rows if row.pick],
        "others": [row for row in rows if not row.pick],
        "most": MOST_PICKS,
        "refused": refused,
        "form": form,
    }
    status = 422 if form is not None else 200
    return render(request, "fridays/staff_planning.html", context, status=status)
