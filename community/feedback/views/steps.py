"""What staff do with one item: each button is one action."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from community.feedback import actions
from community.feedback.forms import PublicationForm, StepForm, TriageForm, WishForm
from community.feedback.models import FeedbackItem
from community.feedback.views.desk import item_of, item_page, states_for
from community.threads.actions.refusals import AlreadyPosted, MayNotWrite, SlowMode
from community.threads.actions.refusals import Refusal as ThreadRefusal
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited


@require_POST
@policy.staff
@limited("staff_write")
def staff_feedback_triage(request: FanRequest, pk: int) -> HttpResponse:
    item = item_of(request, pk)
    form = TriageForm(request.POST)
    if not form.is_valid():
        return item_page(request, item, triage=form)
    if actions.triage(item=item, **form.cleaned_data, actor=request.user, at=clock.now()):
        messages.success(request, _("Sorted. Priority, team and due time follow from it."))
    return redirect("staff_feedback_item", pk)


@require_POST
@policy.staff
@limited("staff_write")
def staff_feedback_step(request: FanRequest, pk: int) -> HttpResponse:
    item = item_of(request, pk)
    form = StepForm(request.POST, choices=states_for(item))
    if form.is_valid():
        try:
            is_new = actions.take_step(
                item=item,
                became=form.cleaned_data["became"],
                answer=form.cleaned_data["answer"],
                duplicate_of=_named(request, form.cleaned_data["duplicate_of"]),
                actor=request.user,
                at=clock.now(),
            )
        except actions.AnswerMissing:
            form.add_error("answer", _("Say why: whoever told us reads it."))
        except actions.CannotBeDuplicate:
            form.add_error(
                "duplicate_of", _("Name the number of another item that is no duplicate itself.")
            )
        except actions.NoSuchStep:
            form.add_error("became", _("It moved on meanwhile. Look at it again."))
        else:
            if is_new:
                messages.success(request, _("Saved, and whoever told us is told."))
            return redirect("staff_feedback_item", pk)
    return item_page(request, item, step=form)


def _named(request: FanRequest, number: int | None) -> FeedbackItem | None:
    items = FeedbackItem.objects.visible_to(request.user)
    return items.filter(pk=number).first() if number else None


@require_POST
@policy.staff
@limited("staff_write")
def staff_feedback_request(request: FanRequest, pk: int) -> HttpResponse:
    """«Make it a request», in the name of whoever said it."""
    item = item_of(request, pk)
    form = WishForm(request.POST if "title" in request.POST else {"title": item.title})
    if not form.is_valid() and item.became_request is None:
        return item_page(request, item, wish=form)
    title = form.cleaned_data.get("title", "")
    try:
        wish = actions.make_request(item=item, title=title, actor=request.user, at=clock.now())
    except actions.BecameRequest:
        messages.info(request, _("A wish was made of it already."))
    except actions.KeptFromPublic:
        messages.error(
            request,
            _("They wanted it kept from the public, and a wish is read by all. Ask them first."),
        )
    except actions.NobodyToCredit:
        messages.error(
            request,
            _("Nobody who is online said it: a wish is in the name of a fan, never of staff."),
        )
    except ThreadRefusal as refusal:
        messages.error(request, _why_no_wish(refusal))
    else:
        messages.success(request, _("It is a wish now, in their name."))
        return redirect(wish)
    return redirect("staff_feedback_item", pk)


@require_POST
@policy.staff
@limited("staff_write")
def staff_feedback_publication(request: FanRequest, pk: int) -> HttpResponse:
    """Ask whoever told it in private to let everybody read it."""
    item = item_of(request, pk)
    form = PublicationForm(request.POST)
    if not form.is_valid():
        return item_page(request, item, ask=form)
    try:
        is_new = actions.ask_to_publish(
            item=item, actor=request.user, words=form.cleaned_data["words"], at=clock.now()
        )
    except actions.NobodyToAsk:
        messages.error(request, _("Nobody who is online said it, so nobody can be asked."))
    else:
        if is_new:
            messages.success(request, _("Asked. You see here when they agree."))
    return redirect("staff_feedback_item", pk)


def _why_no_wish(refusal: ThreadRefusal) -> str:
    match refusal:
        case MayNotWrite():
            return _("Its author may not write just now, so no wish was made.")
        case AlreadyPosted() | SlowMode():
            return _("Its author posted a moment ago, so no wish was made. Try again later.")
        case _:
            return _("The board of wishes takes nothing from its author, so no wish was made.")


@require_POST
@policy.staff
@limited("staff_write")
def staff_feedback_confirmation(request: FanRequest, pk: int) -> HttpResponse:
    item = item_of(request, pk)
    try:
        is_new = actions.confirm_bug(item=item, actor=request.user, at=clock.now())
    except actions.NotTheirs:
        messages.error(request, _("Confirm the original, and leave your own to a colleague."))
    else:
        if is_new:
            messages.success(
                request,
                _("Confirmed. Whoever found it has their points."),
                f"undo:/staff/feedback/{pk}/confirmation/withdrawal/",
            )
    return redirect("staff_feedback_item", pk)


@require_POST
@policy.staff
@limited("staff_write")
def staff_feedback_confirmation_withdrawal(request: FanRequest, pk: int) -> HttpResponse:
    item = item_of(request, pk)
    if actions.withdraw_confirmation(item=item, actor=request.user, at=clock.now()):
        messages.success(request, _("No longer confirmed. The points are taken back."))
    return redirect("staff_feedback_item", pk)


@require_POST
@policy.staff
@limited("staff_write")
def staff_feedback_hiding(request: FanRequest, pk: int) -> HttpResponse:
    item = item_of(request, pk)
    if actions.hide(item=item, actor=request.user, at=clock.now()):
        messages.success(
            request,
            _("Only its reporter and the staff see it now."),
            f"undo:/staff/feedback/{pk}/hiding/withdrawal/",
        )
    return redirect("staff_feedback_item", pk)


@require_POST
@policy.staff
@limited("staff_write")
def staff_feedback_hiding_withdrawal(request: FanRequest, pk: int) -> HttpResponse:
    item = item_of(request, pk)
    if actions.show(item=item, actor=request.user, at=clock.now()):
        messages.success(request, _("Everybody can read it now."))
    return redirect("staff_feedback_item", pk)
