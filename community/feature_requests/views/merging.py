"""Count two wishes that ask for the same together, and take them apart again (F4)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from community.feature_requests import actions
from community.feature_requests.desk import together
from community.feature_requests.desk_forms import MergeForm
from community.feature_requests.models import FeatureRequest
from community.feature_requests.rows import Row, rows_of
from community.feature_requests.similar import found, named_in, similar_to
from community.feature_requests.views.answering import wish_to_sort
from community.feature_requests.views.refusals import in_words
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited

FOUND_SHOWN = 10


@require_http_methods(["GET", "HEAD", "POST"])
@policy.moderators
@limited("staff_write")
def feature_request_merge(request: FanRequest, pk: int) -> HttpResponse:
    wish = wish_to_sort(request, pk)
    if request.method != "POST":
        return _choose(request, wish)
    form = MergeForm(request.POST, actor=request.user)
    if form.is_valid():
        target = form.cleaned_data["target"]
        try:
            actions.merge(
                source=wish,
                target=target,
                actor=request.user,
                at=clock.now(),
                reason=form.cleaned_data["reason"],
            )
        except actions.Refusal as refusal:
            form.add_error(None, in_words(refusal))
        else:
            undo = reverse("feature_request_merge_withdrawal", args=[pk])
            words = _("The two count together now, each fan once.")
            messages.success(request, words, extra_tags=f"undo:{undo}")
            return redirect(target)
    return _choose(request, wish, form)


@require_POST
@policy.moderators
@limited("staff_write")
def feature_request_merge_withdrawal(request: FanRequest, pk: int) -> HttpResponse:
    wish = wish_to_sort(request, pk)
    try:
        actions.undo_merge(source=wish, actor=request.user, at=clock.now())
    except actions.Refusal as refusal:
        messages.error(request, in_words(refusal))
    else:
        messages.success(request, _("Both wishes stand by themselves again, with their votes."))
    return redirect(wish)


def _choose(
    request: FanRequest, wish: FeatureRequest, form: MergeForm | None = None
) -> HttpResponse:
    """Look for the other wish; with one chosen, what the two would count together."""
    wanted = request.GET.get("q", "").strip()[:200]
    number = named_in((form and str(form["target"].value() or "")) or wanted)
    context: dict[str, Any] = {"wish": wish, "q": wanted, "form": form}
    target = _other(request, wish, number)
    if target is not None:
        context |= {
            "target": target,
            "sum": together(wish, target),
            "form": form or MergeForm(actor=request.user, initial={"target": str(target.pk)}),
        }
    else:
        context |= {"is_none": number is not None, "rows": _candidates(request, wish, wanted)}
    return render(request, "feature_requests/merge.html", context, status=422 if form else 200)


def _other(request: FanRequest, wish: FeatureRequest, number: int | None) -> FeatureRequest | None:
    """The wish of that number as it is shown now, unless it is this one."""
    wishes = FeatureRequest.objects.visible_to(request.user)
    named = wishes.filter(pk=number).select_related("shown_as").first() if number else None
    shown = named.shown_as or named if named else None
    return shown if shown is not None and shown.pk != wish.pk and shown.takes_votes else None


def _candidates(request: FanRequest, wish: FeatureRequest, wanted: str) -> list[Row]:
    """By the words that were typed; before that, by the title of the wish itself."""
    if wanted:
        rows = rows_of(found(wanted, request.user)[: FOUND_SHOWN + 1], request.user)
    else:
        rows = similar_to(wish.title, request.user, clock.now())
    return [row for row in rows if row.pk != wish.pk and row.takes_votes][:FOUND_SHOWN]
