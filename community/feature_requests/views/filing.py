"""Ask for something; tell what was missing; take it back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from community.feature_requests import actions
from community.feature_requests.forms import RequestForm
from community.feature_requests.models import FeatureRequest
from community.feature_requests.similar import similar_to
from community.feature_requests.views.reading import wish_for
from community.feature_requests.views.refusals import in_words
from community.threads import actions as threads
from community.threads.forms import without_controls
from community.threads.models import State
from community.threads.views.refusals import in_words as in_words_of_threads
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited


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
            submission_key=clean["submission_key"],
            at=clock.now(),
        )
    except threads.Refusal as refusal:
        form.add_error(None, in_words_of_threads(refusal))
    return None


def _beginning(request: FanRequest) -> dict[str, str]:
    """What another page hands over: «make it a request» in one click."""
    given = {name: without_controls(request.GET.get(name, "")) for name in ("title", "problem")}
    return {"title": given["title"][:120], "problem": given["problem"][:5000]}


def _form_page(
    request: FanRequest, form: RequestForm, *, looked: bool = False, status: int = 200
) -> HttpResponse:
    title = str(form["title"].value() or "")[:200]
    context = {"form": form, "looked": looked, "similar": similar_to(title, request.user)}
    return render(request, "feature_requests/form.html", context, status=status)


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
