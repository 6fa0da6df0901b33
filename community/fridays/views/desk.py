"""The desk of the weeks: the one next step of each product, and of each week (spec §6, U-T8)."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.fridays import actions
from community.fridays.actions import publishing, reviewing
from community.fridays.forms.report import ReasonForm
from community.fridays.models import Cycle, CycleQuerySet, CycleState, Release, ReleaseState
from community.fridays.running import Running, running, with_all
from community.fridays.steps import next_step_of, steps_of
from community.fridays.timeline import pill_of
from community.products.models import Product
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited

WEEKS_SHOWN = 6
DRAFTS_SHOWN = 50
ENDED = [CycleState.CLOSED, CycleState.SKIPPED]


@require_safe
@policy.staff
def staff_fridays(request: HttpRequest) -> HttpResponse:
    products = Product.objects.visible_to(request.user).filter(retired_at=None).in_order()
    at = clock.now()
    weeks = Cycle.objects.visible_to(request.user).going_on(at)
    loose = _builds_without_a_week(request)
    known = running(with_all(weeks).order_by("friday", "pk"), _newest_of(loose)).values()
    context = {
        "products": [
            _card(
                product,
                [week for week in known if week.cycle.product_id == product.pk][-WEEKS_SHOWN:],
                loose.get(product.pk, []),
                at,
            )
            for product in products
        ]
    }
    return render(request, "fridays/staff_fridays.html", context)


def _card(
    product: Product, weeks: list[Running], loose: list[Release], at: datetime
) -> dict[str, Any]:
    """What is due first; when nothing is, what is waited for."""
    steps = [next_step_of(week, steps_of(week, at), at) for week in weeks]
    rows: list[dict[str, Any]] = [
        {"cycle": week.cycle, "step": step, "pill": pill_of(week.cycle), "is_delayed": week.cycle.is_delayed(at)}
        for week, step in zip(weeks, steps, strict=True)
    ]  # fmt: skip
    first = next((row for row in rows if row["step"].is_due), next(iter(rows), None))
    return {"product": product, "first": first, "weeks": rows[::-1], "loose": loose}


def _builds_without_a_week(request: HttpRequest) -> dict[int, list[Release]]:
    """Drafts whose week is over, or that never had one, the newest first."""
    drafts = Release.objects.visible_to(request.user).filter(
        Q(cycle=None) | Q(cycle__state__in=ENDED), state=ReleaseState.DRAFT
    )
    found: dict[int, list[Release]] = {}
    for draft in drafts.prefetch_related("items").order_by("-pk")[:DRAFTS_SHOWN]:
        found.setdefault(draft.product_id, []).append(draft)
    return found


def _newest_of(loose: dict[int, list[Release]]) -> dict[int, Release]:
    return {product: drafts[0] for product, drafts in loose.items()}


@require_safe
@policy.staff
def staff_week(request: HttpRequest, pk: int) -> HttpResponse:
    """One week: every step with its time, what each hangs on, and exactly one that is next."""
    at = clock.now()
    weeks = Cycle.objects.visible_to(request.user)
    cycle = get_object_or_404(with_all(weeks), pk=pk)
    week = running([cycle], _newest_of(_builds_without_a_week(request)))[cycle.pk]
    steps = steps_of(week, at)
    context = {
        "cycle": cycle,
        "week": week,
        "pill": pill_of(cycle),
        # Of a skipped week: the choice, which is made all the same.
        "steps": [step for step in steps if not cycle.skipped_at or step.has_begun or step.checks],
        "next": next_step_of(week, steps, at),
        "is_delayed": cycle.is_delayed(at),
        "beside": _beside(weeks, cycle),
        "form": ReasonForm(),
        "may_skip": cycle.state == CycleState.SCHEDULED,
        "takes_build": at < cycle.skip_deadline_at,
    }
    return render(request, "fridays/staff_week.html", context)


def _beside(weeks: CycleQuerySet, cycle: Cycle) -> list[dict[str, Any]]:
    """The weeks before and after it: held figures stand beside the next week."""
    others = weeks.filter(product=cycle.product_id)
    before = others.filter(friday__lt=cycle.friday).newest_first().first()
    after = others.filter(friday__gt=cycle.friday).order_by("friday", "pk").first()
    return [{"cycle": one, "pill": pill_of(one)} for one in (before, after) if one]


def _week(request: HttpRequest, pk: int) -> Cycle:
    return get_object_or_404(
        Cycle.objects.visible_to(request.user).select_related("product"), pk=pk
    )


@require_POST
@policy.staff
@limited("staff_write")
def staff_week_skip(request: FanRequest, pk: int) -> HttpResponse:
    """No build: said with a reason, ahead or on the day (O8)."""
    cycle, reason = _week(request, pk), _reason(request)
    if not reason:
        messages.error(request, _("Say why, for everyone to read."))
        return redirect("staff_week", pk)
    try:
        actions.skip(cycle=cycle, reason=reason, actor=request.user, at=clock.now())
    except actions.NotInThatState:
        messages.error(request, _("A week with a build is not skipped."))
    else:
        messages.success(request, _("The week %(week)s is skipped.") % {"week": cycle.week})
    return redirect("staff_week", pk)


@require_POST
@policy.staff
@limited("staff_write")
def staff_week_review(request: FanRequest, pk: int) -> HttpResponse:
    """«I looked at it.»"""
    cycle = _week(request, pk)
    try:
        if reviewing.review(cycle=cycle, actor=request.user, at=clock.now()):
            messages.success(
                request,
                _("Written down that you looked at it."),
                extra_tags=f"undo:/staff/fridays/{pk}/review/withdrawal/",
            )
    except reviewing.NotCountedYet:
        messages.error(request, _("This week is not counted yet: there is nothing to look at."))
    return redirect("staff_week", pk)


@require_POST
@policy.staff
@limited("staff_write")
def staff_week_review_withdrawal(request: FanRequest, pk: int) -> HttpResponse:
    if reviewing.withdraw_review(cycle=_week(request, pk), actor=request.user, at=clock.now()):
        messages.success(request, _("Somebody is to look at it again."))
    return redirect("staff_week", pk)


@require_POST
@policy.staff
@limited("staff_write")
def staff_week_hold(request: FanRequest, pk: int) -> HttpResponse:
    """Keep the figures back; everyone reads why."""
    cycle, reason = _week(request, pk), _reason(request)
    if not reason:
        messages.error(request, _("Say why the figures are held back."))
    elif publishing.hold(cycle=cycle, reason=reason, actor=request.user, at=clock.now()):
        messages.success(
            request,
            _("The figures are held back, and everyone reads why."),
            extra_tags=f"undo:/staff/fridays/{pk}/hold/withdrawal/",
        )
    return redirect("staff_week", pk)


@require_POST
@policy.staff
@limited("staff_write")
def staff_week_hold_withdrawal(request: FanRequest, pk: int) -> HttpResponse:
    if publishing.release_hold(cycle=_week(request, pk), actor=request.user, at=clock.now()):
        messages.success(request, _("The figures go out when they are due."))
    return redirect("staff_week", pk)


@require_POST
@policy.staff
@limited("staff_write")
def staff_week_correction(request: FanRequest, pk: int) -> HttpResponse:
    """Count again, as a new version with a note (O7)."""
    cycle, note = _week(request, pk), _reason(request)
    if not note:
        messages.error(request, _("Say what the new version corrects."))
        return redirect("staff_week", pk)
    try:
        publishing.correct(cycle=cycle, note=note, actor=request.user, at=clock.now())
    except publishing.NotToBePublished:
        messages.error(request, _("This week is not counted yet: there is nothing to correct."))
    else:
        messages.success(request, _("Counted again: the new version stands beside the old."))
    return redirect("staff_week", pk)


def _reason(request: HttpRequest) -> str:
    form = ReasonForm(request.POST)
    return str(form.cleaned_data["reason"]) if form.is_valid() else ""
