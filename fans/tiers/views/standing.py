"""«My standing» (T15), and the answer to a seat that was offered (T10)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited
from fans.site.resting import rest_weeks_ahead
from fans.tiers import actions
from fans.tiers.deciding import assess
from fans.tiers.explaining import deed_lines, in_words, points_by_family, runs_left, steps_of
from fans.tiers.models import Nomination, NominationState, TierDecision

DECISIONS_SHOWN = 26


@require_safe
@policy.signed_in
def own_standing(request: FanRequest) -> HttpResponse:
    fan, at = request.user, clock.now()
    context: dict[str, object] = {}
    if not fan.is_staff:
        [found] = assess([fan], at)
        left = runs_left(found)
        runs = actions.coming_runs(at, max(left, 1))
        context = {
            "found": found,
            "steps": steps_of(found),
            "runs_left": left,
            "ends_at": runs[-1] if left else None,
            "next_run_at": runs[0],
            "rests": rest_weeks_ahead(at),
            "deeds": deed_lines(fan, at),
            "families": points_by_family(fan, at),
            "offer": _offer_of(request),
            "decisions": _decisions_of(request),
            "changes": fan.tier_changes.order_by("-changed_at", "-pk")[:DECISIONS_SHOWN],
            "nominations": Nomination.objects.visible_to(fan)
            .filter(nominee=fan)
            .order_by("-created_at", "-pk")[:5],
        }
    return render(request, "tiers/standing.html", context)


@require_POST
@policy.signed_in
@limited("staff_write")
def seat(request: FanRequest) -> HttpResponse:
    """`answer` is accept or decline."""
    offer, answer = _offer_of(request), request.POST.get("answer", "")
    answers = {"accept": actions.accept_seat, "decline": actions.decline_seat}
    if offer is None or answer not in answers:
        messages.error(request, _("There is no seat waiting for your answer."))
        return redirect("standing")
    try:
        answers[answer](nomination=offer, fan=request.user, at=clock.now())
    except actions.OfferGone:
        messages.error(request, _("This offer has ended. The next run may bring another."))
        return redirect("standing")
    if answer == "accept":
        messages.success(request, _("The seat is yours. Welcome among the honorary developers."))
    else:
        messages.success(request, _("Declined. The seat goes to another in the next run."))
    return redirect("standing")


def _offer_of(request: FanRequest) -> Nomination | None:
    offers = Nomination.objects.visible_to(request.user).filter(
        nominee=request.user, state=NominationState.OFFERED
    )
    offer: Nomination | None = offers.first()
    return offer


def _decisions_of(request: FanRequest) -> list[TierDecision]:
    own = TierDecision.objects.visible_to(request.user).filter(fan=request.user)
    decisions = list(own.select_related("run").order_by("-run__ran_at", "-pk")[:DECISIONS_SHOWN])
    for decision in decisions:
        decision.criteria = [in_words(row) for row in decision.criteria]
    return decisions
