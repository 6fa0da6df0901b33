"""Ask for something; tell what was missing; take it back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.feature_requests import actions
from community.feature_requests.forms import RequestForm
from community.feature_requests.models import LIGHTEST_TITLE, FeatureRequest
from community.feature_requests.permissions import casts_votes
from community.feature_requests.similar import similar_to
from community.feature_requests.views.reading import wish_for
from community.feature_requests.views.refusals import in_words
from community.screening.rules import weight
from community.threads import actions as threads
from community.threads.forms import without_controls
from community.threads.models import State
from community.threads.views.refusals import in_words as in_words_of_threads
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited

LONGEST_NEXT = 6000  # characters of an address; a script keeps the rest


@require_http_methods(["GET", "HEAD", "POST"])
@policy.writers
@limited("thread")
def feature_request_new(request: FanRequest) -> HttpResponse:
    if request.method != "POST":
        return _form_page(request, RequestForm(author=request.user, initial=_beginning(request)))
    form = RequestForm(request.POST, author=request.user)
    if "preview" in request.POST:  # «is it there already?»
        return _form_page(request, form, looked=True)
    wish = _filed(request, form) if form.is_valid() else None
    if wish is None:
        return _form_page(request, form, status=422)
    if wish.thread.state == State.WAITING:
        messages.info(
            request,
            _("Your wish is here. A first look comes before everybody sees it: a few minutes."),
        )
    else:
        messages.success(request, _("Your wish is here for everybody to see and vote for."))
    return redirect(wish)


def _filed(request: FanRequest, form: RequestForm) -> FeatureRequest | None:
    clean = form.cleaned_data
    try:
        return actions.file_request(
            author=request.user,
            product=clean["product"],
            title=clean["title"],
            problem=clean["problem"],
            proposal=clean["proposal"],
            stage=clean["stage"],
            tags=clean.get("tags", ()),
            submission_key=clean["submission_key"],
            at=clock.now(),
        )
    except threads.Refusal as refusal:
        form.add_error(None, in_words_of_threads(refusal))
    return None


def _beginning(request: FanRequest) -> dict[str, str]:
    """What another page hands over: «make it a request» in one click."""
    longest = {"title": 120, "problem": 5000, "proposal": 5000}
    return {
        name: without_controls(request.GET.get(name, ""))[:most] for name, most in longest.items()
    }


def _form_page(
    request: FanRequest, form: RequestForm, *, looked: bool = False, status: int = 200
) -> HttpResponse:
    typed = {name: str(form[name].value() or "") for name in ("title", "problem", "proposal")}
    context = {
        "form": form,
        # Who votes without script comes back to what was typed.
        "next": f"{request.path}?{urlencode({k: v for k, v in typed.items() if v})}"[:LONGEST_NEXT],
        **_similar(request, typed["title"], looked=looked),
    }
    return render(request, "feature_requests/form.html", context, status=status)


@require_safe
@policy.signed_in
@limited("similar")
def feature_request_similar(request: FanRequest) -> HttpResponse:
    """What stands beside the title while it is typed (F5)."""
    context = _similar(request, request.GET.get("title", ""))
    return render(request, "feature_requests/_similar.html", context)


def _similar(request: FanRequest, title: str, *, looked: bool = True) -> dict[str, Any]:
    title = without_controls(title).strip()[:120]
    return {
        "similar": similar_to(title, request.user, clock.now()) if title else [],
        "looked": looked and weight(title) >= LIGHTEST_TITLE,
        "may_vote": casts_votes(request.user),
    }


@require_POST
@policy.writers
@limited("reaction")
def feature_request_answer(request: FanRequest, pk: int) -> HttpResponse:
    wish = wish_for(request, pk)
    try:
        actions.answer_question(feature_request=wish, actor=request.user, at=clock.now())
    except actions.Refusal as refusal:
        messages.error(request, in_words(refusal))
    else:
        messages.success(request, _("Thank you: the team looks at it again."))
    return redirect(wish)


@require_POST
@policy.signed_in
@limited("reaction")
def feature_request_withdrawal(request: FanRequest, pk: int) -> HttpResponse:
    wish = wish_for(request, pk)
    try:
        actions.withdraw_request(feature_request=wish, actor=request.user, at=clock.now())
    except actions.Refusal as refusal:
        messages.error(request, in_words(refusal))
    else:
        messages.success(request, _("You took your wish back. It stays readable as withdrawn."))
    return redirect(wish)
