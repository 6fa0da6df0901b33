"""Counting threads as read without opening each, and taking that back."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from community.threads import actions
from community.threads.listing import unread_by
from community.threads.models import Thread
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited

_SESSION_KEY = "read_before"


@require_POST
@policy.signed_in
@limited("reaction")
def reading(request: FanRequest) -> HttpResponse:
    fan, at = request.user, clock.now()
    unread = unread_by(fan, Thread.objects.visible_to(fan).listed())
    before = actions.mark_all_read(fan=fan, threads=unread, at=at)
    if before:
        opened = {pk: floor for pk, floor in before.items() if floor}  # most never were
        request.session[_SESSION_KEY] = {"at": at.isoformat(), "floors": opened}
        undo = reverse("threads_reading_withdrawal")
        messages.success(request, _("All threads count as read."), extra_tags=f"undo:{undo}")
    return redirect(reverse("threads") + "?show=unread")


@require_POST
@policy.signed_in
@limited("reaction")
def reading_withdrawal(request: FanRequest) -> HttpResponse:
    if kept := request.session.pop(_SESSION_KEY, None):
        before = {int(pk): floor for pk, floor in kept["floors"].items()}
        at = datetime.fromisoformat(kept["at"])
        actions.undo_mark_all_read(fan=request.user, before=before, at=at)
    return redirect(reverse("threads") + "?show=unread")
