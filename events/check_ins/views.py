"""The page of a meetup, its door, and what is told of it afterwards (spec §7)."""

from django.contrib import messages
from django.db.models import Avg, Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.feature_requests.models import FeatureRequest
from community.markdown import render as render_markdown
from community.threads import actions as threads
from community.threads.models import Thread
from community.threads.slugs import slug_of
from community.threads.views.refusals import in_words as thread_refusal
from events.check_ins import actions, door
from events.check_ins.forms import DoorForm, RecapForm, SurveyForm
from events.check_ins.refusals import in_words
from events.meetups import actions as meetups
from events.meetups.models import Meetup
from events.meetups.permissions import may_organise, may_run_door
from events.meetups.refusals import in_words as meetup_refusal
from events.meetups.words import ends_local_words, local_words, own_words
from events.rsvps.models import RsvpState
from events.rsvps.steps import step_of
from fans import clock, policy
from fans.accounts.models import Fan, FanRequest, Reader
from fans.limits import limited

FORM_METHODS = ["GET", "HEAD", "POST"]
LEAST_ANSWERS = 5  # below that nobody's answer is hidden among the others
NAMES_SHOWN = 60


@require_safe
@policy.anyone
def meetup(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    rows = Meetup.objects.visible_to(request.user).select_related(
        "place", "chapter", "organiser__standing", "organiser__avatar", "thread"
    )
    found = get_object_or_404(rows, pk=pk)
    if slug != slug_of(found.title):
        return redirect(found, permanent=True)
    return render(request, "meetups/detail.html", _detail_of(request, found))


def _detail_of(request: HttpRequest, meetup: Meetup) -> dict[str, object]:
    at, reader = clock.now(), request.user
    step = step_of(meetup, reader, at)
    organises = may_organise(reader, meetup, at)
    is_seated = step.mine is not None and step.mine.state in {
        RsvpState.CONFIRMED,
        RsvpState.ATTENDED,
    }
    runs_door = may_run_door(reader, meetup, at)
    seats = max(meetup.capacity, 1)
    named = meetup.rsvps.seated().filter(shows_name=True, fan__erased_at=None)
    wishes = FeatureRequest.objects.visible_to(reader).filter(
        pk__in=meetup.agenda.values("feature_request")
    )
    return {
        "meetup": meetup,
        "step": step,
        "starts": local_words(meetup.starts_local, meetup.timezone),
        "ends": ends_local_words(meetup),
        "own_time": own_words(meetup.starts_at, meetup.timezone),
        "seats": {"taken": min(meetup.seats_taken, seats), "all": seats},
        "shows_address": not meetup.address_is_for_attendees or is_seated or organises or runs_door,
        "description": render_markdown(meetup.description).html,
        "named": named.select_related("fan__avatar", "fan__standing").order_by("pk")[:NAMES_SHOWN],
        "wishes": wishes.order_by("pk"),
        "recap": _recap_of(meetup, reader),
        "survey": _survey_of(meetup) if meetup.is_over else None,
        "may_answer": meetup.is_over and step.kind == "was_there",
        "has_answered": meetup.is_over and _has_answered(meetup, reader),
        "organises": organises,
        "door_is_open": runs_door and actions.is_door_open(meetup, at),
    }


def _has_answered(meetup: Meetup, reader: Reader) -> bool:
    return isinstance(reader, Fan) and meetup.survey_answers.filter(fan=reader).exists()


def _recap_of(meetup: Meetup, reader: Reader) -> Thread | None:
    if meetup.recap_id is None:
        return None
    return Thread.objects.visible_to(reader).filter(recap_of=meetup).first()


def _survey_of(meetup: Meetup) -> dict[str, object] | None:
    """Shown from five answers up."""
    sums = meetup.survey_answers.aggregate(count=Count("pk"), mean=Avg("rating"))
    return sums if sums["count"] >= LEAST_ANSWERS else None


# --- The door ------------------------------------------------------------------------------


@require_safe
@policy.signed_in
def meetup_door(request: FanRequest, pk: int) -> HttpResponse:
    return _door_page(request, _at_door(request, pk), DoorForm())


def _door_page(request: FanRequest, meetup: Meetup, form: DoorForm) -> HttpResponse:
    at = clock.now()
    words = request.GET.get("q", "").replace("\0", "").strip()[:60]
    context = {
        "meetup": meetup,
        "form": form,
        "words": words,
        "is_open": actions.is_door_open(meetup, at),
        "opens_at": meetup.starts_at - actions.OPENS_BEFORE,
        "found": door.found(meetup, words),
        "newest": door.newest(meetup),
        "counter": door.counter_of(meetup),
        "free": max(0, meetup.capacity - meetup.seats_taken),
        "starts": local_words(meetup.starts_local, meetup.timezone),
    }
    return render(request, "check_ins/door.html", context, status=422 if form.errors else 200)


@require_POST
@policy.writers
@limited("check_in")
def meetup_check_in(request: FanRequest, pk: int) -> HttpResponse:
    """Let somebody in by their code, or by their handle from the list."""
    meetup = _at_door(request, pk)
    form = DoorForm(request.POST)
    if form.is_valid() and (fan := _meant(form, meetup)):
        way = door.way_of(form.cleaned_data["code"])
        try:
            entry = actions.check_in(
                meetup=meetup, fan=fan, by=request.user, way=way, at=clock.now()
            )
        except actions.Refusal as refusal:
            form.add_error("code", in_words(refusal))
        else:
            _say_who_is_in(request, entry)
            return redirect("meetup_door", pk)
    return _door_page(request, meetup, form)


def _meant(form: DoorForm, meetup: Meetup) -> Fan | None:
    code, handle = form.cleaned_data["code"], form.cleaned_data["fan"]
    if not code:
        fan = door.walk_in_of(handle) if handle else None
        if fan is None:
            form.add_error("code", _("Scan or type a code, or choose somebody from the list."))
        return fan
    try:
        return door.holder_of(code, meetup)
    except door.AnotherMeetup:
        form.add_error("code", _("This ticket is for another meetup."))
    except door.NoLongerGood:
        form.add_error(
            "code", _("This ticket is no longer good: the seat was given back or replaced.")
        )
    except door.Unreadable:
        form.add_error("code", _("This is no ticket of ours. Look for the name on the list."))
    return None


def _say_who_is_in(request: FanRequest, entry: actions.Entry) -> None:
    known = entry.check_in
    if entry.is_new:
        undo = f"undo:/meetups/{known.meetup_id}/door/check-ins/{known.pk}/undo/"
        messages.success(request, _("%(name)s is in.") % {"name": known.fan}, extra_tags=undo)
        return
    messages.warning(
        request,
        _("%(name)s is in already: %(time)s by %(by)s.")
        % {
            "name": known.fan,
            "time": f"{timezone.localtime(known.checked_in_at):%H:%M}",
            "by": known.checked_in_by,
        },
    )


@require_POST
@policy.writers
@limited("check_in")
def meetup_check_in_undo(request: FanRequest, pk: int, check_in: int) -> HttpResponse:
    meetup = _at_door(request, pk)
    known = get_object_or_404(meetup.check_ins.select_related("fan", "meetup"), pk=check_in)
    try:
        actions.undo_check_in(check_in=known, by=request.user, at=clock.now())
    except actions.Refusal as refusal:
        messages.error(request, in_words(refusal))
    else:
        messages.success(request, _("Taken back: %(name)s is not in.") % {"name": known.fan})
    return redirect("meetup_door", pk)


@require_POST
@policy.writers
@limited("check_in")
def meetup_excuse(request: FanRequest, pk: int, rsvp: int) -> HttpResponse:
    """Somebody had a good reason not to come (M7)."""
    meetup = _at_door(request, pk)
    missed = get_object_or_404(meetup.rsvps.select_related("fan"), pk=rsvp)
    try:
        actions.excuse(rsvp=missed, by=request.user, reason="", at=clock.now())
    except actions.Refusal as refusal:
        messages.error(request, in_words(refusal))
    return redirect("meetup_manage", pk)


def _at_door(request: FanRequest, pk: int) -> Meetup:
    visible = Meetup.objects.visible_to(request.user).exclude(thread=None)
    meetup = get_object_or_404(visible.select_related("place"), pk=pk)
    if not may_run_door(request.user, meetup, clock.now()):
        raise Http404
    return meetup


# --- Afterwards ------------------------------------------------------------------------------


@require_http_methods(FORM_METHODS)
@policy.writers
@limited("rsvp")
def meetup_survey(request: FanRequest, pk: int) -> HttpResponse:
    meetup = get_object_or_404(
        Meetup.objects.visible_to(request.user).filter(
            check_ins__fan=request.user, check_ins__undone_at=None
        ),
        pk=pk,
    )
    known = meetup.survey_answers.filter(fan=request.user).first()
    initial = {"rating": known.rating, "words": known.words} if known else {}
    form = SurveyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_survey(
                meetup=meetup, fan=request.user, at=clock.now(), **form.cleaned_data
            )
        except actions.Refusal as refusal:
            messages.error(request, in_words(refusal))
        except meetups.Refusal as refusal:
            messages.error(request, meetup_refusal(refusal))
        else:
            messages.success(request, _("Thank you. Whoever organised it sees no names."))
        return redirect(meetup)
    context = {"meetup": meetup, "form": form}
    return render(request, "check_ins/survey.html", context, status=422 if form.errors else 200)


@require_http_methods(FORM_METHODS)
@policy.writers
@limited("meetup")
def meetup_recap(request: FanRequest, pk: int) -> HttpResponse:
    meetup = get_object_or_404(Meetup.objects.visible_to(request.user), pk=pk)
    if meetup.recap_id or not may_organise(request.user, meetup, clock.now()):
        return redirect(meetup)
    form = RecapForm(request.POST or None, initial={"title": meetup.title})
    if request.method == "POST" and form.is_valid():
        try:
            actions.publish_recap(
                meetup=meetup, author=request.user, at=clock.now(), **form.cleaned_data
            )
        except actions.Refusal as refusal:
            form.add_error(None, in_words(refusal))
        except meetups.Refusal as refusal:
            form.add_error(None, meetup_refusal(refusal))
        except threads.Refusal as refusal:
            form.add_error(None, thread_refusal(refusal))
        else:
            came = meetup.check_ins.filter(undone_at=None).count()
            words = ngettext(
                "Told. %(count)d person was there.", "Told. %(count)d people were there.", came
            )
            messages.success(request, words % {"count": came})
            return redirect(meetup)
    context = {"meetup": meetup, "form": form}
    return render(request, "check_ins/recap.html", context, status=422 if form.errors else 200)
