"""The inbox, and the settings for what may reach somebody (spec §8)."""

from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fans import clock, policy
from fans.accounts.actions import choose_preferences
from fans.accounts.models import FanRequest
from fans.limits import limited
from fans.notifications import actions, inbox
from fans.notifications.forms import TellingForm
from fans.notifications.kinds import kinds
from fans.notifications.models import MutedKind, Notice, unread_count

_SESSION_KEY = "notices_read_at"


@require_safe
@policy.signed_in
def notices(request: FanRequest) -> HttpResponse:
    show = "unread" if request.GET.get("show") == "unread" else "all"
    mine = Notice.objects.visible_to(request.user)
    page = inbox.page_of(
        mine.unread() if show == "unread" else mine, request.user, request.GET.get("before", "")
    )
    kept = {"show": show} if show == "unread" else {}
    older = f"{request.path}?{urlencode({**kept, 'before': page.older})}" if page.older else ""
    context = {
        "days": page.days,
        "older": older,
        "show": show,
        "has_unread": unread_count(request.user) > 0,
        "is_first": "before" not in request.GET,
    }
    return render(request, "notifications/index.html", context)


@require_POST
@policy.signed_in
@limited("notice")
def notice(request: FanRequest, pk: int) -> HttpResponse:
    """Follow a notice: it is read, and one is where it leads."""
    mine = Notice.objects.visible_to(request.user).select_related("event")
    followed = get_object_or_404(mine, pk=pk)
    actions.mark_read(notice=followed, at=clock.now())
    if not inbox.may_see(request.user, followed):
        messages.info(request, _("What this was about cannot be seen any more."))
        return redirect("inbox")
    return redirect(inbox.line_of(followed).url)


@require_POST
@policy.signed_in
@limited("notice")
def reading(request: FanRequest) -> HttpResponse:
    at = clock.now()
    if actions.mark_all_read(fan=request.user, at=at):
        request.session[_SESSION_KEY] = at.isoformat()
        undo = reverse("inbox_reading_withdrawal")
        messages.success(request, _("All of it counts as read."), extra_tags=f"undo:{undo}")
    return redirect("inbox")


@require_POST
@policy.signed_in
@limited("notice")
def reading_withdrawal(request: FanRequest) -> HttpResponse:
    if kept := request.session.pop(_SESSION_KEY, None):
        actions.undo_mark_all_read(fan=request.user, at=datetime.fromisoformat(kept))
    return redirect("inbox")


@require_http_methods(["GET", "HEAD", "POST"])
@policy.signed_in
@limited("settings")
def settings_notifications(request: FanRequest) -> HttpResponse:
    """A switch for each kind, and the weekly letter."""
    if request.method == "POST":
        form = TellingForm(request.POST)
        if form.is_valid():
            _choose(request, form)
            return redirect("settings_notifications")
    muted = set(MutedKind.objects.visible_to(request.user).values_list("kind", flat=True))
    context = {
        "kinds": [(kind, name not in muted) for name, kind in kinds().items()],
        "form": TellingForm(initial={"wants_weekly": request.user.wants_weekly}),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "notifications/settings.html", context, status=status)


def _choose(request: FanRequest, form: TellingForm) -> None:
    fan, chosen = request.user, form.cleaned_data
    actions.choose_kinds(fan=fan, wanted=chosen["kinds"])
    choose_preferences(
        fan=fan, locale=fan.locale, timezone=fan.timezone, wants_weekly=chosen["wants_weekly"]
    )
    messages.success(request, _("Your choices are saved."))
