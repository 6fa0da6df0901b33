"""One's own seat, and the seats of everybody for whoever organises (spec §7)."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events.meetups import actions as meetups
from events.meetups.forms import TimesForm
from events.meetups.models import Meetup
from events.meetups.permissions import may_organise, may_run_door
from events.meetups.refusals import in_words as meetup_refusal
from events.rsvps import actions, tickets
from events.rsvps.forms import CapacityForm, ReplyForm
from events.rsvps.models import Rsvp, RsvpState
from events.rsvps.refusals import in_words
from events.rsvps.seating import in_line
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.images.codes import code_picture
from fans.limits import limited

LISTED = 500


@require_POST
@policy.writers
@limited("rsvp")
def meetup_rsvp(request: FanRequest, pk: int) -> HttpResponse:
    meetup = _meetup(request, pk)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        messages.error(request, in_words(actions.TooManyGuests()))
        return redirect(meetup)
    try:
        mine = actions.reserve(
            meetup=meetup,
            fan=request.user,
            at=clock.now(),
            guest_count=form.guests,
            shows_name=form.cleaned_data["shows_name"],
        )
    except actions.Refusal as refusal:
        messages.error(request, in_words(refusal))
    else:
        _say_where_one_stands(request, mine)
    return redirect(meetup)


@require_POST
@policy.writers
@limited("rsvp")
def meetup_rsvp_seat(request: FanRequest, pk: int) -> HttpResponse:
    """Take the seat that is offered, or in the last hours a free one."""
    mine = _mine(request, pk)
    try:
        taken = actions.accept_seat(rsvp=mine, at=clock.now())
    except actions.Refusal as refusal:
        messages.error(request, in_words(refusal))
    else:
        _say_where_one_stands(request, taken)
    return redirect(mine.meetup)


@require_POST
@policy.writers
@limited("rsvp")
def meetup_rsvp_guests(request: FanRequest, pk: int) -> HttpResponse:
    mine = _mine(request, pk)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        messages.error(request, in_words(actions.TooManyGuests()))
        return redirect(mine.meetup)
    actions.show_name(rsvp=mine, shows_name=form.cleaned_data["shows_name"])
    try:
        actions.change_party(rsvp=mine, guest_count=form.guests, at=clock.now())
    except actions.Refusal as refusal:
        messages.error(request, in_words(refusal))
    else:
        messages.success(request, _("Saved."))
    return redirect(mine.meetup)


@require_POST
@policy.signed_in
@limited("rsvp")
def meetup_rsvp_cancellation(request: FanRequest, pk: int) -> HttpResponse:
    mine = _mine(request, pk)
    try:
        actions.cancel(rsvp=mine, at=clock.now())
    except actions.Refusal as refusal:
        messages.error(request, in_words(refusal))
    else:
        messages.success(
            request,
            _("You are not coming. Thank you for saying so."),
            extra_tags=f"undo:/meetups/{pk}/rsvp/cancellation/withdrawal/",
        )
    return redirect(mine.meetup)


@require_POST
@policy.writers
@limited("rsvp")
def meetup_rsvp_cancellation_withdrawal(request: FanRequest, pk: int) -> HttpResponse:
    mine = _mine(request, pk)
    try:
        again = actions.undo_cancellation(rsvp=mine, at=clock.now())
    except actions.Refusal as refusal:
        messages.error(request, in_words(refusal))
    else:
        _say_where_one_stands(request, again)
    return redirect(mine.meetup)


def _say_where_one_stands(request: FanRequest, mine: Rsvp) -> None:
    if mine.state == RsvpState.WAITLISTED:
        messages.warning(
            request, _("No seat is free for you now: you wait in line, and are told of one.")
        )
    else:
        messages.success(request, _("You are in. Your ticket is on this page."))


@require_safe
@policy.signed_in
def meetup_ticket(request: FanRequest, pk: int) -> HttpResponse:
    """One's own, for as long as the seat is (M5)."""
    mine = get_object_or_404(
        Rsvp.objects.visible_to(request.user)
        .filter(state__in=[RsvpState.CONFIRMED, RsvpState.ATTENDED])
        .filter(meetup__in=Meetup.objects.visible_to(request.user))
        .select_related("meetup__place"),
        meetup=pk,
    )
    context = {
        "mine": mine,
        "meetup": mine.meetup,
        "picture": code_picture(tickets.code_of(mine)),
        "short_code": tickets.short_code_of(mine),
    }
    return render(request, "rsvps/ticket.html", context)


# --- For whoever organises -----------------------------------------------------------------


@require_safe
@policy.signed_in
def meetup_manage(request: FanRequest, pk: int) -> HttpResponse:
    return _manage_page(request, _organised(request, pk))


def _manage_page(
    request: FanRequest,
    meetup: Meetup,
    capacity_form: CapacityForm | None = None,
    date_form: TimesForm | None = None,
) -> HttpResponse:
    replies = meetup.rsvps.select_related("fan__avatar", "fan__standing")
    waiting = in_line(replies.filter(state=RsvpState.WAITLISTED)[:LISTED])
    context = {
        "meetup": meetup,
        "seated": replies.seated().order_by("state_at", "pk")[:LISTED],
        "waiting": waiting,
        "no_shows": replies.filter(state=RsvpState.NO_SHOW).order_by("pk")[:LISTED],
        "may_run_door": may_run_door(request.user, meetup, clock.now()),
        "capacity_form": capacity_form or CapacityForm(initial={"capacity": meetup.capacity}),
        "date_form": date_form or TimesForm(),
    }
    has_errors = any(form is not None and form.errors for form in (capacity_form, date_form))
    return render(request, "rsvps/manage.html", context, status=422 if has_errors else 200)


@require_POST
@policy.writers
@limited("meetup")
def meetup_capacity(request: FanRequest, pk: int) -> HttpResponse:
    meetup = _organised(request, pk)
    form = CapacityForm(request.POST)
    if form.is_valid():
        try:
            actions.change_capacity(
                meetup=meetup,
                capacity=form.cleaned_data["capacity"],
                by=request.user,
                at=clock.now(),
            )
        except actions.Refusal as refusal:
            form.add_error("capacity", in_words(refusal))
        except meetups.Refusal as refusal:
            form.add_error("capacity", meetup_refusal(refusal))
        else:
            messages.success(request, _("Saved. Who got a seat by it is told."))
            return redirect("meetup_manage", pk)
    return _manage_page(request, meetup, capacity_form=form)


@require_http_methods(["POST"])
@policy.writers
@limited("meetup")
def meetup_date(request: FanRequest, pk: int) -> HttpResponse:
    """A new date for what was postponed."""
    meetup = _organised(request, pk)
    form = TimesForm(request.POST)
    if form.is_valid():
        try:
            actions.reschedule(meetup=meetup, by=request.user, at=clock.now(), **form.cleaned_data)
        except meetups.Refusal as refusal:
            form.add_error(None, meetup_refusal(refusal))
        else:
            messages.success(request, _("Announced. Everybody with a seat is asked again."))
            return redirect("meetup_manage", pk)
    return _manage_page(request, meetup, date_form=form)


def _meetup(request: HttpRequest, pk: int) -> Meetup:
    return get_object_or_404(Meetup.objects.visible_to(request.user), pk=pk)


def _mine(request: FanRequest, pk: int) -> Rsvp:
    _meetup(request, pk)
    mine = Rsvp.objects.visible_to(request.user).select_related("meetup")
    return get_object_or_404(mine, meetup=pk)


def _organised(request: FanRequest, pk: int) -> Meetup:
    visible = Meetup.objects.visible_to(request.user).select_related("place")
    meetup = get_object_or_404(visible, pk=pk)
    if not may_organise(request.user, meetup, clock.now()):
        raise Http404
    return meetup
