"""The desk of the weekly run (T7, T14): moderators for the site watch over it, admins set it."""

import re

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited
from fans.tiers import actions
from fans.tiers.explaining import in_words
from fans.tiers.forms import ReasonForm, RulesForm
from fans.tiers.models import Outcome, TierDecision, TierRun
from fans.tiers.permissions import may_end_observing
from fans.tiers.picture import current_rules, runs_with_counts, seats

RUNS_SHOWN = 52
_WEEK = re.compile(r"[0-9]{4}-W[0-9]{2}")
DECISIONS_SHOWN = 200
_ORDER = (Outcome.DEMOTED, Outcome.GRACE, Outcome.PROMOTED, Outcome.RECOVERED, Outcome.ELIGIBLE)


@require_safe
@policy.moderators
def tiers(request: FanRequest) -> HttpResponse:
    return _tiers_page(request, RulesForm(initial={"seat_limit": seats()[1]}))


@require_POST
@policy.admins
@limited("staff_write")
def tier_rules(request: FanRequest) -> HttpResponse:
    form = RulesForm(request.POST)
    if not form.is_valid():
        return _tiers_page(request, form)
    actions.change_seat_limit(
        limit=form.cleaned_data["seat_limit"], by=request.user, at=clock.now()
    )
    messages.success(request, _("Saved. The next run offers what is free."))
    return redirect("moderation_tiers")


@require_POST
@policy.admins
@limited("staff_write")
def observing_end(request: FanRequest) -> HttpResponse:
    try:
        actions.end_observing(by=request.user, at=clock.now())
    except actions.ObservesStill:
        messages.error(request, _("Not yet: the site has to see eight runs first."))
    else:
        messages.success(request, _("From the next run on, demotions are applied."))
    return redirect("moderation_tiers")


@require_safe
@policy.moderators
def tier_run(request: FanRequest, week: str) -> HttpResponse:
    return _run_page(request, _run(request, week), ReasonForm())


@require_POST
@policy.moderators
@limited("staff_write")
def release(request: FanRequest, week: str) -> HttpResponse:
    """T7: with `reason`."""
    run, form = _run(request, week), ReasonForm(request.POST)
    if not form.is_valid():
        return _run_page(request, run, form)
    reason = form.cleaned_data["reason"]
    try:
        actions.release_run(run=run, by=request.user, reason=reason, at=clock.now())
    except actions.NothingHeld:
        messages.info(request, _("This run holds nothing back."))
    else:
        messages.success(request, _("Released: what the run decided holds from now on."))
    return redirect("moderation_tier_run", week=run.week)


def _run(request: FanRequest, week: str) -> TierRun:
    if not _WEEK.fullmatch(week):
        raise Http404
    runs = TierRun.objects.visible_to(request.user).filter(ran_at__isnull=False)
    return get_object_or_404(runs.select_related("released_by__standing"), week=week)


def _tiers_page(request: FanRequest, form: RulesForm) -> HttpResponse:
    taken, limit = seats()
    context = {
        "runs": runs_with_counts(TierRun.objects.visible_to(request.user))[:RUNS_SHOWN],
        "next_run_at": actions.next_run_at(clock.now()),
        "rules": current_rules(),
        "may_end_observing": may_end_observing(),
        "seats_taken": taken,
        "seat_limit": limit,
        "form": form,
    }
    return render(request, "tiers/runs.html", context, status=422 if form.errors else 200)


def _run_page(request: FanRequest, run: TierRun, form: ReasonForm) -> HttpResponse:
    groups = [
        (outcome, list(_decisions(run, outcome)), run.decisions.filter(outcome=outcome).count())
        for outcome in _ORDER
    ]
    for _outcome, decisions, _count in groups:
        for decision in decisions:
            decision.criteria = [in_words(row) for row in decision.criteria]
    context = {
        "run": run,
        "form": form,
        "is_held": run.held_at and not run.released_at and not run.lapsed_at,
        "groups": [group for group in groups if group[2]],
        "decision_count": run.decisions.count(),
    }
    return render(request, "tiers/run.html", context, status=422 if form.errors else 200)


def _decisions(run: TierRun, outcome: Outcome) -> QuerySet[TierDecision]:
    rows = run.decisions.filter(outcome=outcome).select_related("fan__standing", "fan__avatar")
    return rows.order_by("pk")[:DECISIONS_SHOWN]
