"""Typing in paper forms, and accepting what others typed (O10)."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from community.feedback import actions
from community.feedback.forms import BatchForm, FileForm, PaperFormForm, RefusalForm
from community.feedback.models import OfflineBatch
from community.feedback.permissions import may_accept, records_directly
from community.feedback.rules import MOST_FORMS
from community.products.models import Product
from community.threads.actions.refusals import MayNotWrite
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.clock.weeks import platform_date, week_of
from fans.limits import limited

SHOWN = 20
LAST = 5
_FRIDAY = 4


@require_safe
@policy.signed_in
def staff_intake(request: FanRequest) -> HttpResponse:
    today = platform_date(clock.now())
    product = Product.objects.visible_to(request.user).order_by("-is_main", "position", "pk")
    beginning = {
        "product": product.first(),
        "week": week_of(_last_friday(today)),
        "gathered_on": today,
        "place": request.user.place.label if request.user.place else "",
    }
    return _index(request, BatchForm(today=today, initial=beginning))


def _last_friday(today: date) -> date:
    """The forms of a week are named after the Friday its build came out."""
    return today - timedelta(days=(today.weekday() - _FRIDAY) % 7)


def _index(request: FanRequest, form: BatchForm) -> HttpResponse:
    seen = OfflineBatch.objects.visible_to(request.user).select_related(
        "product", "place", "recorder__standing", "recorder__avatar"
    )
    seen = seen.with_form_count().order_by("-recorded_at", "-pk")
    context = {
        "form": form,
        "mine": seen.filter(recorder=request.user.pk)[:SHOWN],
        "to_accept": seen.to_accept().exclude(recorder=request.user.pk)[:SHOWN],
    }
    status = 422 if form.errors else 200
    return render(request, "feedback/intake/index.html", context, status=status)


@require_POST
@policy.writers
@limited("intake")
def staff_intake_creation(request: FanRequest) -> HttpResponse:
    at = clock.now()
    form = BatchForm(request.POST, today=platform_date(at))
    if not form.is_valid():
        return _index(request, form)
    try:
        batch = actions.open_batch(recorder=request.user, at=at, **form.cleaned_data)
    except MayNotWrite as refusal:
        form.add_error(None, refusal.reason)
        return _index(request, form)
    return redirect("staff_intake_batch", batch.pk)


@require_safe
@policy.signed_in
def staff_intake_batch(request: FanRequest, pk: int) -> HttpResponse:
    return batch_page(request, batch_of(request, pk))


def batch_page(
    request: FanRequest,
    batch: OfflineBatch,
    *,
    form: PaperFormForm | None = None,
    refusal: RefusalForm | None = None,
    file: FileForm | None = None,
) -> HttpResponse:
    """While it is typed the last five; whoever accepts it looks at all."""
    at = clock.now()
    may_type = batch.recorder_id == request.user.pk and batch.handed_in_at is None
    count = batch.forms().count()
    shows_all = not may_type or "all" in request.GET
    context = {
        "batch": batch,
        "items": batch.forms().order_by("-pk")[: MOST_FORMS if shows_all else LAST],
        "form_count": count,
        "has_more": not shows_all and count > LAST,
        "next_number": count + 1,
        "form": form or PaperFormForm(recorder=request.user, batch=batch),
        "refusal": refusal or RefusalForm(),
        "file": file or FileForm(),
        "is_mine": batch.recorder_id == request.user.pk,
        "may_type": may_type,
        "may_accept": batch.handed_in_at is not None and may_accept(request.user, batch, at),
        "counts_at_once": records_directly(batch.recorder, batch.place, at),
    }
    is_refused = any(one and one.errors for one in (form, refusal, file))
    status = 422 if is_refused else 200
    return render(request, "feedback/intake/batch.html", context, status=status)


@require_POST
@policy.writers
@limited("intake")
def staff_intake_form(request: FanRequest, pk: int) -> HttpResponse:
    """«Save and next»."""
    batch = batch_of(request, pk)
    form = PaperFormForm(request.POST, recorder=request.user, batch=batch)
    if form.is_valid():
        try:
            actions.record_form(
                batch=batch,
                form=form.paper,
                recorder=request.user,
                at=clock.now(),
                submission_key=form.cleaned_data["submission_key"],
            )
        except actions.BatchFull:
            form.add_error(None, _("This batch is full. Hand it in and begin another."))
        except (actions.NotOpen, actions.NotTheirs):
            form.add_error(None, _("This batch takes no more forms."))
        except MayNotWrite as refusal:
            form.add_error(None, refusal.reason)
        else:
            return redirect("staff_intake_batch", pk)
    return batch_page(request, batch, form=form)


@require_POST
@policy.writers
@limited("intake")
def staff_intake_form_removal(request: FanRequest, pk: int, item: int) -> HttpResponse:
    batch = batch_of(request, pk)
    form = get_object_or_404(batch.items, pk=item)
    try:
        if actions.take_out_form(batch=batch, item=form, recorder=request.user, at=clock.now()):
            undo = f"undo:/staff/intake/{pk}/forms/{item}/removal/withdrawal/"
            messages.success(request, _("Taken out."), undo)
    except (actions.NotOpen, actions.NotTheirs):
        messages.error(request, _("This batch was handed in: its forms stay."))
    except MayNotWrite as refusal:
        messages.error(request, refusal.reason)
    return redirect("staff_intake_batch", pk)


@require_POST
@policy.writers
@limited("intake")
def staff_intake_form_removal_withdrawal(request: FanRequest, pk: int, item: int) -> HttpResponse:
    batch = batch_of(request, pk)
    form = get_object_or_404(batch.items, pk=item)
    try:
        actions.put_back_form(batch=batch, item=form, recorder=request.user, at=clock.now())
    except actions.BatchFull:
        messages.error(request, _("This batch is full. Hand it in and begin another."))
    except (actions.NotOpen, actions.NotTheirs):
        messages.error(request, _("This batch takes no more forms."))
    except MayNotWrite as refusal:
        messages.error(request, refusal.reason)
    return redirect("staff_intake_batch", pk)


@require_POST
@policy.writers
@limited("intake")
def staff_intake_handing_in(request: FanRequest, pk: int) -> HttpResponse:
    batch = batch_of(request, pk)
    try:
        is_new = actions.hand_in(batch=batch, recorder=request.user, at=clock.now())
    except actions.BatchEmpty:
        messages.error(request, _("Type in at least one form first."))
    except actions.NotTheirs:
        messages.error(request, _("Only whoever typed them in hands them in."))
    except MayNotWrite as refusal:
        messages.error(request, refusal.reason)
    else:
        if is_new:
            _say_handed_in(request, batch)
    return redirect("staff_intake_batch", pk)


def _say_handed_in(request: FanRequest, batch: OfflineBatch) -> None:
    count = batch.forms().count()
    words = ngettext("%(count)d form is handed in.", "%(count)d forms are handed in.", count)
    messages.success(request, words % {"count": count})


@require_POST
@policy.writers
@limited("intake")
def staff_intake_acceptance(request: FanRequest, pk: int) -> HttpResponse:
    batch = batch_of(request, pk)
    try:
        if actions.accept_batch(batch=batch, actor=request.user, at=clock.now()):
            messages.success(request, _("Accepted. These voices count beside the figures."))
    except actions.NotTheirs:
        messages.error(request, _not_theirs())
    except actions.NotOpen:
        messages.error(request, _("It is not handed in, or was refused."))
    return redirect("staff_intake_batch", pk)


@require_POST
@policy.writers
@limited("intake")
def staff_intake_refusal(request: FanRequest, pk: int) -> HttpResponse:
    batch = batch_of(request, pk)
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return batch_page(request, batch, refusal=form)
    try:
        actions.refuse_batch(
            batch=batch, actor=request.user, reason=form.cleaned_data["reason"], at=clock.now()
        )
    except actions.NotTheirs:
        messages.error(request, _not_theirs())
    except actions.NotOpen:
        messages.error(request, _("It is not handed in, or counts already."))
    return redirect("staff_intake_batch", pk)


def _not_theirs() -> str:
    return _("A batch is looked at by somebody else: staff, a moderator or a host of that city.")


def batch_of(request: FanRequest, pk: int) -> OfflineBatch:
    batches = OfflineBatch.objects.visible_to(request.user).select_related(
        "product", "place__parent", "recorder__standing", "recorder__avatar"
    )
    return get_object_or_404(batches, pk=pk)
