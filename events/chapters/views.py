"""Belonging to a city, and the desk where staff open chapters and name hosts (spec §7)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from events.chapters import actions
from events.chapters.forms import ChapterForm, HostForm
from events.chapters.models import Chapter
from fans import clock, policy
from fans.accounts.models import Fan, FanRequest, Hosting
from fans.limits import limited


@require_POST
@policy.writers
@limited("settings")
def city_membership(request: FanRequest, slug: str) -> HttpResponse:
    chapter = _chapter(request, slug)
    try:
        is_new = actions.join(chapter=chapter, fan=request.user, at=clock.now())
    except actions.MayNotWrite as refusal:
        messages.error(request, refusal.reason)
    else:
        if is_new:
            messages.success(
                request,
                _("You belong to %(city)s now. Nobody sees who does, only how many.")
                % {"city": chapter.place},
                extra_tags=f"undo:/cities/{chapter.slug}/membership/withdrawal/",
            )
    return redirect(chapter)


@require_POST
@policy.signed_in
@limited("settings")
def city_membership_withdrawal(request: FanRequest, slug: str) -> HttpResponse:
    chapter = _chapter(request, slug)
    if actions.leave(chapter=chapter, fan=request.user):
        messages.success(
            request,
            _("You have left %(city)s.") % {"city": chapter.place},
            extra_tags=f"undo:/cities/{chapter.slug}/membership/",
        )
    return redirect(chapter)


@require_POST
@policy.writers
@limited("settings")
def city_revival(request: FanRequest, slug: str) -> HttpResponse:
    chapter = _chapter(request, slug)
    try:
        actions.wake(chapter=chapter, actor=request.user, at=clock.now())
    except actions.NotAllowed:
        messages.error(request, _("Core fans and hosts can bring a resting city back."))
    return redirect(chapter)


@require_http_methods(["GET", "HEAD", "POST"])
@policy.staff
@limited("staff_write")
def staff_cities(request: FanRequest) -> HttpResponse:
    """Open a chapter; opening it again leads to the same."""
    form = ChapterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        chapter = actions.found_chapter(
            place=form.cleaned_data["place"], actor=request.user, at=clock.now()
        )
        return redirect(chapter)
    status = 422 if form.errors else 200
    return render(request, "chapters/new.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@policy.staff
@limited("staff_write")
def city_hosts(request: FanRequest, slug: str) -> HttpResponse:
    chapter = _chapter(request, slug)
    form = HostForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _named(request, chapter, form):
        return redirect("city_hosts", slug)
    at = clock.now()
    standing = Hosting.objects.standing(at).filter(place=chapter.place_id)
    context = {
        "chapter": chapter,
        "form": form,
        "hostings": standing.select_related("fan__avatar", "fan__standing").order_by("pk"),
    }
    return render(request, "chapters/hosts.html", context, status=422 if form.errors else 200)


def _named(request: FanRequest, chapter: Chapter, form: HostForm) -> bool:
    people = Fan.objects.visible_to(request.user)
    fan = people.filter(handle__iexact=form.cleaned_data["handle"], erased_at=None).first()
    if fan is None or not fan.is_active:
        form.add_error("handle", _("Nobody has this handle."))
        return False
    try:
        actions.name_host(
            chapter=chapter,
            fan=fan,
            actor=request.user,
            at=clock.now(),
            is_deputy=form.cleaned_data["is_deputy"],
        )
    except actions.NotAllowed:
        form.add_error("handle", _("Staff run doors without being hosts. Name a fan."))
    except actions.MayNotWrite as refusal:
        form.add_error("handle", refusal.reason)
    except actions.HostsAlready:
        form.add_error("handle", _("They are host here already."))
    return not form.errors


@require_POST
@policy.staff
@limited("staff_write")
def city_host_end(request: FanRequest, slug: str, pk: int) -> HttpResponse:
    chapter = _chapter(request, slug)
    hosting = get_object_or_404(Hosting.objects.filter(place=chapter.place_id), pk=pk)
    actions.end_hosting(hosting=hosting, actor=request.user, at=clock.now())
    return redirect("city_hosts", slug)


def _chapter(request: HttpRequest, slug: str) -> Chapter:
    return get_object_or_404(
        Chapter.objects.visible_to(request.user).select_related("place"), slug=slug
    )
