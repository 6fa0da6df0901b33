"""Noting something for Tuesday, from a build or from a post."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from community.fridays.actions import reporting
from community.fridays.actions.pinning import NoWeekRuns, TooManyPins, pin_item, pin_post, unpin
from community.fridays.actions.reporting import Refusal
from community.fridays.forms.report import NoteForm
from community.fridays.listing import items_shown_to
from community.fridays.models import Grid, Pin
from community.fridays.pins import running_week
from community.threads.models import Post
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited


@require_POST
@policy.signed_in
@limited("pin")
def item_pin(request: FanRequest, pk: int, grid: str) -> HttpResponse:
    """«Loved» or «not good» beside an item of a build that is out."""
    if grid not in (Grid.LOVED, Grid.NOT_GOOD):
        raise Http404
    at = clock.now()
    item = get_object_or_404(items_shown_to(request.user), pk=pk)
    form = NoteForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    try:
        if item.release.cycle is None:
            raise NoWeekRuns
        pin = pin_item(
            cycle=item.release.cycle, fan=request.user, item=item, grid=grid, note=note, at=at
        )
    except Refusal as refusal:
        messages.error(request, _in_words(refusal))
    else:
        _say_it_waits(request, pin)
    return redirect(item.release.get_absolute_url() + f"#item-{item.pk}")


@require_POST
@policy.signed_in
@limited("pin")
def post_pin(request: FanRequest, pk: int) -> HttpResponse:
    """«Add to my report» below a post."""
    at = clock.now()
    visible = Post.objects.visible_to(request.user).select_related("thread__board__product")
    post = get_object_or_404(visible, pk=pk)
    try:
        cycle = running_week(post.thread.board.product, at)
        if cycle is None:
            raise NoWeekRuns
        pin = pin_post(cycle=cycle, fan=request.user, post=post, at=at)
    except Refusal as refusal:
        messages.error(request, _in_words(refusal))
    else:
        _say_it_waits(request, pin)
    return redirect(post.get_absolute_url())


def _say_it_waits(request: FanRequest, pin: Pin) -> None:
    undo = reverse("pin_withdrawal", args=[pin.pk])
    messages.success(request, _("Noted. It waits in your report."), extra_tags=f"undo:{undo}")


@require_POST
@policy.signed_in
@limited("pin")
def pin_withdrawal(request: FanRequest, pk: int) -> HttpResponse:
    """Take a note off again, and come back to where it was made or read."""
    pins = Pin.objects.visible_to(request.user)
    pin = get_object_or_404(
        pins.select_related("item__release__product", "post", "cycle__product"), pk=pk
    )
    unpin(pin=pin)
    back, again = _places_of(pin)
    messages.success(request, _("The note is off your report."), extra_tags=f"undo:{again}")
    if request.POST.get("from") == "report":
        return redirect("report", pin.cycle.product.slug, pin.cycle.week)
    return redirect(back)


def _places_of(pin: Pin) -> tuple[str, str]:
    """Where it was made, and where pressing again makes it anew."""
    if pin.post is not None:
        return pin.post.get_absolute_url(), reverse("post_pin", args=[pin.post.pk])
    assert pin.item is not None  # noqa: S101
    item = pin.item
    back = item.release.get_absolute_url() + f"#item-{item.pk}"
    return back, reverse("item_pin", args=[item.pk, pin.grid])


def _in_words(refusal: Refusal) -> str:
    if isinstance(refusal, reporting.MayNotWrite):
        return str(refusal)
    if isinstance(refusal, reporting.StaffDoNotReport):
        return _("The report is for fans. You work here: you read what comes of it.")
    if isinstance(refusal, TooManyPins):
        return _("So many notes wait already. Take some off first.")
    return _("Nothing is out now that a report could be about.")
