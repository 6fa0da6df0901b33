"""The popcorn ballot: one voice, one item."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.feature_requests.models import FeatureRequest
from community.fridays.actions import balloting, reporting
from community.fridays.actions.balloting import cast_ballot, may_ballot_from
from community.fridays.forms.report import BallotForm
from community.fridays.listing import candidates_for
from community.fridays.models import Ballot, Cycle
from community.fridays.views.weeks import week_in
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited
from fans.templatetags.display import time_words


@require_http_methods(["GET", "HEAD", "POST"])
@policy.signed_in
@limited("ballot")
def ballot(request: FanRequest, product: str, week: str) -> HttpResponse:
    cycle = week_in(request, product, week)
    own = Ballot.objects.visible_to(request.user).filter(cycle=cycle).select_related("item").first()
    candidates = candidates_for(cycle, request.user)
    choices = [(str(item.pk), item.title) for item in candidates]
    if request.method != "POST":
        form = BallotForm(choices=choices, initial={"item": str(own.item_id)} if own else {})
        return _page(request, cycle, form, own)
    form = BallotForm(request.POST, choices=choices)
    if form.is_valid():
        item = next(each for each in candidates if str(each.pk) == form.cleaned_data["item"])
        try:
            cast_ballot(cycle=cycle, fan=request.user, item=item, at=clock.now())
        except reporting.Refusal as refusal:
            form.add_error(None, _in_words(refusal))
        else:
            messages.success(request, _("Your vote goes to “%(item)s”.") % {"item": item.title})
            return redirect("ballot", cycle.product.slug, cycle.week)
    return _page(request, cycle, form, own, status=422)


def _in_words(refusal: reporting.Refusal) -> str:
    if isinstance(refusal, reporting.MayNotWrite):
        return str(refusal)
    if isinstance(refusal, reporting.StaffDoNotReport):
        return _("The award is given by fans. You work here: you see who won with the results.")
    if isinstance(refusal, balloting.AccountTooYoung):
        local = timezone.localtime(refusal.may_from)
        language = get_language() or "en"
        return _("Your account is too young for this ballot. You may vote from %(when)s on.") % {
            "when": time_words(local, language)
        }
    if isinstance(refusal, balloting.NoCandidate):
        return _("This is not one of the candidates any more. Choose another.")
    return _("The ballot is closed. What was chosen stands.")


def _page(
    request: FanRequest, cycle: Cycle, form: BallotForm, own: Ballot | None, status: int = 200
) -> HttpResponse:
    at = clock.now()
    may_from = may_ballot_from(request.user)
    is_open, is_young = cycle.takes_ballots(at), at < may_from
    refusal = request.user.writing_refusal(at)
    context = {
        "cycle": cycle,
        "form": form,
        "own": own,
        "rows": _with_wishes(request, cycle),
        "is_open": is_open,
        "is_before": at < cycle.report_opens_at,
        "may_from": may_from if is_young else None,
        "refusal": refusal,
        "may_vote": is_open and not is_young and not refusal,
    }
    return render(request, "fridays/ballot.html", context, status=status)


def _with_wishes(request: FanRequest, cycle: Cycle) -> list[dict[str, Any]]:
    """Each candidate with the wish it came from, where this reader may see it."""
    candidates = candidates_for(cycle, request.user)
    visible = FeatureRequest.objects.visible_to(request.user).select_related("author")
    wishes = visible.in_bulk([item.feature_request_id for item in candidates])
    return [{"item": item, "wish": wishes.get(item.feature_request_id)} for item in candidates]
