"""The public page of the pyramid: who stands where, by which rules, and who is honoured."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fans import clock, policy
from fans.ledger.kinds import KINDS
from fans.tiers import actions, picture
from fans.tiers.explaining import TITLES
from fans.tiers.models import tier_of


@require_safe
@policy.anyone
def pyramid(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    taken, limit = picture.seats()
    runs = picture.last_runs(2)
    context = {
        "bands": picture.bands(at),
        "own_tier": tier_of(request.user),
        "seats_taken": taken,
        "seat_limit": limit,
        "flows": picture.weekly_flow(runs),
        "last_run": runs[0] if runs else None,
        "next_run_at": actions.next_run_at(at),
        "honorary": picture.roll_of_honour(at),
        "founding": picture.founding_fans(at),
        "rules": [(title, picture.rule_lines(step)) for step, title in TITLES.items()],
        "kinds": KINDS.values(),
    }
    return render(request, "tiers/pyramid.html", context)
