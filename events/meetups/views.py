"""Cities and what happens there; planning a meetup, and the desk that approves it (spec §7)."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.threads import actions as threads
from community.threads.views.refusals import in_words as thread_refusal
from events.chapters.actions import members_needed
from events.chapters.models import Chapter, ChapterState
from events.chapters.permissions import may_wake
from events.meetups import actions
from events.meetups.calendar import entry_of
from events.meetups.forms import MeetupForm, ReasonForm, VenueForm, details_of
from events.meetups.listing import ahead, cities_with, page_of, past
from events.meetups.models import Meetup, MeetupState
from events.meetups.permissions import may_approve, may_organise, may_propose
from events.meetups.refusals import in_words
from fans import clock, policy
from fans.accounts.models import Fan, FanRequest, Hosting
from fans.limits import limited

FORM_METHODS = ["GET", "HEAD", "POST"]
CITIES_AT_ONCE = 200
PAST_SHOWN = 5

# --- Cities ------------------------------------------------------------------------------


@require_safe
@policy.anyone
def cities(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    coming = Count("meetups", filter=Q(meetups__in=ahead(request.user, at).order_by()))
    chapters = Chapter.objects.visible_to(request.user).select_related("place")
    context = {
        "chapters": chapters.annotate(coming=coming).order_by("place__name_en", "pk")[
            :CITIES_AT_ONCE
        ],
        "needed": members_needed(at),
        "is_staff": isinstance(request.user, Fan) and request.user.is_staff,
    }
    return render(request, "chapters/index.html", context)


@require_safe
@policy.anyone
def city(request: HttpRequest, slug: str) -> HttpResponse:
    at, reader = clock.now(), request.user
    chapters = Chapter.objects.visible_to(reader).select_related("place__parent")
    chapter = get_object_or_404(chapters, slug=slug)
    hostings = Hosting.objects.standing(at).filter(place=chapter.place_id)
    context = {
        "chapter": chapter,
        "needed": members_needed(at),
        "is_forming": chapter.state == ChapterState.FORMING,
        "is_dormant": chapter.state == ChapterState.DORMANT,
        "may_wake": may_wake(reader, chapter.place_id, at),
        "is_member": isinstance(reader, Fan)
        and reader.memberships.filter(chapter=chapter).exists(),
        "hostings": hostings.select_related("fan__avatar", "fan__standing").order_by("pk"),
        "ahead": ahead(reader, at).filter(place=chapter.place_id).select_related("place")[:10],
        "past": past(reader).filter(place=chapter.place_id).select_related("recap")[:PAST_SHOWN],
        "may_propose": may_propose(reader, at),
    }
    return render(request, "chapters/detail.html", context)


# --- What happens where ------------------------------------------------------------------


@require_safe
@policy.anyone
def meetups(request: HttpRequest) -> HttpResponse:
    at, reader = clock.now(), request.user
    shows_past = request.GET.get("show") == "past"
    shown = past(reader) if shows_past else ahead(reader, at)
    places = cities_with(shown)
    code = request.GET.get("city", "")
    chosen = next((place for place in places if place.code == code), None)
    if chosen:
        shown = shown.filter(place=chosen)
    page = page_of(shown, request.GET.get("after", ""), newest_first=shows_past)
    context = {
        "rows": page.rows,
        "after": page.after,
        "places": places,
        "chosen": chosen,
        "shows_past": shows_past,
        "may_propose": may_propose(reader, at),
    }
    return render(request, "meetups/index.html", context)


@require_safe
@policy.anyone
def meetup_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    meetup = get_object_or_404(
        Meetup.objects.visible_to(request.user).exclude(thread=None).select_related("place"), pk=pk
    )
    # The exact address is with the ticket; a file is handed on.
    shows_address = not meetup.address_is_for_attendees
    where = ", ".join(filter(None, [meetup.venue, meetup.address if shows_address else ""]))
    entry = entry_of(
        meetup,
        host=urlsplit(settings.SITE_URL).hostname or "localhost",
        url=settings.SITE_URL + meetup.get_absolute_url(),
        where=f"{where}, {meetup.place}",
    )
    answer = HttpResponse(entry, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="meetup-{meetup.pk}.ics"'
    return answer


# --- Planning ----------------------------------------------------------------------------


@require_safe
@policy.signed_in
def my_plans(request: FanRequest) -> HttpResponse:
    """What I plan, and what is planned in the city I host."""
    at = clock.now()
    mine = Q(organiser=request.user) | Q(
        place__in=request.user.hostings.standing(at).values("place")
    )
    plans = Meetup.objects.visible_to(request.user).filter(mine).select_related("place")
    context = {
        "rows": plans.order_by("-starts_at", "-pk")[:50],
        "may_propose": may_propose(request.user, at),
    }
    return render(request, "meetups/plans.html", context)


@require_http_methods(FORM_METHODS)
@policy.writers
@limited("meetup")
def meetup_new(request: FanRequest) -> HttpResponse:
    at = clock.now()
    if not may_propose(request.user, at):
        messages.error(request, _("Core fans, hosts and founding fans propose meetups."))
        return redirect("meetups")
    form = MeetupForm(request.POST or None, planner=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            meetup = actions.propose(
                organiser=request.user,
                details=form.details,
                at=at,
                submission_key=form.cleaned_data["submission_key"],
            )
        except actions.Refusal as refusal:
            form.add_error(None, in_words(refusal))
        else:
            messages.success(request, _("Saved. Look it over, then hand it in."))
            return redirect(meetup)
    return _form_page(request, form, None)


@require_http_methods(FORM_METHODS)
@policy.writers
@limited("meetup")
def meetup_edit(request: FanRequest, pk: int) -> HttpResponse:
    meetup = _mine(request, pk)
    initial = details_of(meetup)
    form = MeetupForm(request.POST or None, planner=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.revise(meetup=meetup, details=form.details, by=request.user, at=clock.now())
        except actions.Refusal as refusal:
            form.add_error(None, in_words(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("meetup", meetup.pk, "-")
    return _form_page(request, form, meetup)


def _form_page(request: FanRequest, form: MeetupForm, meetup: Meetup | None) -> HttpResponse:
    status = 422 if form.errors else 200
    context = {"form": form, "meetup": meetup}
    return render(request, "meetups/form.html", context, status=status)


@require_POST
@policy.writers
@limited("meetup")
def meetup_submission(request: FanRequest, pk: int) -> HttpResponse:
    meetup = _mine(request, pk)
    try:
        actions.submit(meetup=meetup, by=request.user, at=clock.now())
    except actions.Refusal as refusal:
        messages.error(request, in_words(refusal))
    else:
        messages.success(request, _("Handed in. Staff look at it and answer here."))
    return redirect(meetup)


@require_POST
@policy.writers
@limited("meetup")
def meetup_announcement(request: FanRequest, pk: int) -> HttpResponse:
    meetup = _mine(request, pk)
    try:
        actions.announce(meetup=meetup, by=request.user, at=clock.now())
    except actions.Refusal as refusal:
        messages.error(request, in_words(refusal))
    except threads.Refusal as refusal:
        messages.error(request, thread_refusal(refusal))
    else:
        messages.success(request, _("Announced: everybody can reserve a seat now."))
    return redirect(meetup)


# --- When things change ------------------------------------------------------------------


@require_http_methods(FORM_METHODS)
@policy.writers
@limited("meetup")
def meetup_cancellation(request: FanRequest, pk: int) -> HttpResponse:
    return _stopping(request, pk, MeetupState.CANCELLED)


@require_http_methods(FORM_METHODS)
@policy.writers
@limited("meetup")
def meetup_postponement(request: FanRequest, pk: int) -> HttpResponse:
    return _stopping(request, pk, MeetupState.POSTPONED)


def _stopping(request: FanRequest, pk: int, state: MeetupState) -> HttpResponse:
    meetup = _mine(request, pk)
    form = ReasonForm(request.POST or None)
    stop = actions.call_off if state == MeetupState.CANCELLED else actions.postpone
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            stop(meetup=meetup, by=request.user, reason=reason, at=clock.now())
        except actions.Refusal as refusal:
            messages.error(request, in_words(refusal))
        else:
            messages.success(request, _("Done. Everybody with a seat or a wait is told why."))
        return redirect(meetup)
    context = {"form": form, "meetup": meetup, "is_cancelling": state == MeetupState.CANCELLED}
    return render(request, "meetups/stop.html", context, status=422 if form.errors else 200)


@require_http_methods(FORM_METHODS)
@policy.writers
@limited("meetup")
def meetup_venue(request: FanRequest, pk: int) -> HttpResponse:
    meetup = _mine(request, pk)
    initial = {name: getattr(meetup, name) for name in VenueForm.base_fields}
    form = VenueForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_venue(
                meetup=meetup, by=request.user, at=clock.now(), **form.cleaned_data
            )
        except actions.Refusal as refusal:
            messages.error(request, in_words(refusal))
        else:
            messages.success(request, _("Saved. Whoever comes is told once."))
        return redirect(meetup)
    context = {"form": form, "meetup": meetup}
    return render(request, "meetups/venue.html", context, status=422 if form.errors else 200)


def _mine(request: FanRequest, pk: int) -> Meetup:
    """One I may plan and change; anything else is missing."""
    meetup = get_object_or_404(
        Meetup.objects.visible_to(request.user).select_related("place__parent"), pk=pk
    )
    if not may_organise(request.user, meetup, clock.now()):
        raise Http404
    return meetup


# --- The desk ------------------------------------------------------------------------------


@require_safe
@policy.staff
def staff_meetups(request: FanRequest) -> HttpResponse:
    at = clock.now()
    plans = Meetup.objects.visible_to(request.user).select_related("place", "organiser__standing")
    handed_in = list(plans.filter(state=MeetupState.SUBMITTED).order_by("starts_at", "pk")[:50])
    context = {
        "handed_in": [(meetup, may_approve(request.user, meetup, at)) for meetup in handed_in],
        "approved": plans.filter(state=MeetupState.APPROVED).order_by("starts_at", "pk")[:50],
        "ahead": ahead(request.user, at).select_related("place")[:50],
        "form": ReasonForm(),
    }
    return render(request, "meetups/desk.html", context)


@require_POST
@policy.staff
@limited("staff_write")
def staff_meetup_approval(request: FanRequest, pk: int) -> HttpResponse:
    meetup = get_object_or_404(Meetup.objects.visible_to(request.user), pk=pk)
    try:
        actions.approve(meetup=meetup, by=request.user, at=clock.now())
    except actions.Refusal as refusal:
        messages.error(request, in_words(refusal))
    else:
        messages.success(
            request, _("“%(title)s” is approved and can be announced.") % {"title": meetup}
        )
    return redirect("staff_meetups")


@require_POST
@policy.staff
@limited("staff_write")
def staff_meetup_return(request: FanRequest, pk: int) -> HttpResponse:
    meetup = get_object_or_404(Meetup.objects.visible_to(request.user), pk=pk)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        actions.send_back(meetup=meetup, by=request.user, reason=reason, at=clock.now())
    except actions.Refusal as refusal:
        messages.error(request, in_words(refusal))
    else:
        messages.success(request, _("“%(title)s” went back.") % {"title": meetup})
    return redirect("staff_meetups")
