"""Monday's board through every lens, and the choice of the week."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.feature_requests.models import FeatureRequest, Lens
from community.fridays import actions
from community.fridays.actions.planning import MOST_PICKS
from community.fridays.forms.release import PickForm
from community.fridays.models import Cycle, Pick, SnapshotRow
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited

WISHES_SHOWN = 60


@require_safe
@policy.staff
def staff_planning(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _week(request, pk))


@require_POST
@policy.staff
@limited("staff_write")
def staff_pick(request: FanRequest, pk: int) -> HttpResponse:
    cycle = _week(request, pk)
    form = PickForm(request.POST)
    wish = _named(request, form)
    if wish is None:
        return _unknown(request, pk)
    reason = form.cleaned_data["reason"]
    try:
        actions.pick(
            cycle=cycle, feature_request=wish, actor=request.user, at=clock.now(), reason=reason
        )
    except actions.NoSnapshotYet:
        messages.error(request, _("The choice is made from Monday's board."))
    except actions.NotToBePicked:
        messages.error(request, _("This wish is no longer open."))
    except actions.SixthNeedsReason:
        return _page(request, cycle, needs_reason=wish.pk)
    else:
        messages.success(request, _("“%(title)s” is one of the week.") % {"title": wish.title})
    return redirect("staff_planning", pk)


@require_POST
@policy.staff
@limited("staff_write")
def staff_pick_withdrawal(request: FanRequest, pk: int) -> HttpResponse:
    cycle = _week(request, pk)
    wish = _named(request, PickForm(request.POST))
    if wish is None:
        return _unknown(request, pk)
    if actions.withdraw_pick(cycle=cycle, feature_request=wish, actor=request.user, at=clock.now()):
        messages.success(
            request, _("“%(title)s” is no longer one of the week.") % {"title": wish.title}
        )
    return redirect("staff_planning", pk)


def _named(request: FanRequest, form: PickForm) -> FeatureRequest | None:
    if not form.is_valid():
        return None
    wishes = FeatureRequest.objects.visible_to(request.user)
    return wishes.filter(pk=form.cleaned_data["feature_request"]).first()


def _unknown(request: HttpRequest, pk: int) -> HttpResponse:
    messages.error(request, _("This wish is not there."))
    return redirect("staff_planning", pk)


def _week(request: HttpRequest, pk: int) -> Cycle:
    return get_object_or_404(
        Cycle.objects.visible_to(request.user).select_related("product"), pk=pk
    )


def _page(request: HttpRequest, cycle: Cycle, needs_reason: int = 0) -> HttpResponse:
    picks = {pick.feature_request_id: pick for pick in cycle.picks.all()}
    context = {
        "cycle": cycle,
        "rows": _rows(request, cycle, picks),
        "pick_count": len(picks),
        "most": MOST_PICKS,
        "needs_reason": needs_reason,
    }
    status = 422 if needs_reason else 200
    return render(request, "fridays/staff_planning.html", context, status=status)


def _rows(request: HttpRequest, cycle: Cycle, picks: dict[int, Pick]) -> list[dict[str, Any]]:
    """One row a wish: where it stands for everyone, and through each other lens."""
    seen: dict[int, dict[str, SnapshotRow]] = {}
    for row in cycle.snapshot.order_by("-count", "feature_request"):
        seen.setdefault(row.feature_request_id, {})[row.lens] = row
    wishes = FeatureRequest.objects.visible_to(request.user).in_bulk([*seen, *picks])
    order = sorted(wishes, key=lambda pk: _order(seen.get(pk, {}), pk))
    return [
        {
            "wish": wishes[pk],
            "pick": picks.get(pk),
            "cells": [{"label": lens.label, "row": seen.get(pk, {}).get(lens)} for lens in Lens],
        }
        for pk in order[:WISHES_SHOWN]
    ]


def _order(lenses: dict[str, SnapshotRow], pk: int) -> tuple[int, int]:
    everyone = lenses.get(Lens.EVERYONE)
    return (-everyone.count if everyone else 0, pk)
