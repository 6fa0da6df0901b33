"""Switches for whoever keeps order on a board. A button says which state it wants."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from community.threads import actions
from community.threads.forms import MoveForm
from community.threads.models import PostRevision, Thread
from community.threads.permissions import may_moderate_post, may_steer
from community.threads.views.refusals import in_words
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited

Switch = Callable[..., None]


@require_POST
@policy.moderators
@limited("staff_write")
def feature(request: FanRequest, pk: int) -> HttpResponse:
    done = _("This thread is featured.")
    return _switched(request, pk, actions.feature, done, "thread_feature_withdrawal")


@require_POST
@policy.moderators
@limited("staff_write")
def feature_withdrawal(request: FanRequest, pk: int) -> HttpResponse:
    done = _("This thread is no longer featured.")
    return _switched(request, pk, actions.unfeature, done, "thread_feature")


@require_POST
@policy.moderators
@limited("staff_write")
def pin(request: FanRequest, pk: int) -> HttpResponse:
    done = _("This thread stands at the top of its board.")
    return _switched(request, pk, actions.pin, done, "thread_pin_withdrawal")


@require_POST
@policy.moderators
@limited("staff_write")
def pin_withdrawal(request: FanRequest, pk: int) -> HttpResponse:
    done = _("This thread is no longer pinned.")
    return _switched(request, pk, actions.unpin, done, "thread_pin")


@require_POST
@policy.moderators
@limited("staff_write")
def lock(request: FanRequest, pk: int) -> HttpResponse:
    done = _("This thread is closed: all may read it, nobody can write in it.")
    return _switched(request, pk, actions.lock, done, "thread_lock_withdrawal")


@require_POST
@policy.moderators
@limited("staff_write")
def lock_withdrawal(request: FanRequest, pk: int) -> HttpResponse:
    done = _("This thread is open again.")
    return _switched(request, pk, actions.unlock, done, "thread_lock")


def _switched(
    request: FanRequest, pk: int, switch: Switch, done: str, opposite: str
) -> HttpResponse:
    thread = _thread(request, pk)
    try:
        switch(thread=thread, by=request.user, at=clock.now())
    except actions.Refusal as refusal:
        messages.error(request, in_words(refusal))
    else:
        messages.success(request, done, extra_tags=f"undo:{reverse(opposite, args=[pk])}")
    return redirect(thread)


@require_http_methods(["GET", "HEAD", "POST"])
@policy.moderators
@limited("staff_write")
def moving(request: FanRequest, pk: int) -> HttpResponse:
    """Choose another board for a thread; only those where one keeps order too."""
    thread = _thread(request, pk)
    if not may_steer(request.user, thread):
        messages.error(request, in_words(actions.NotAllowed()))
        return redirect(thread)
    data: Any = request.POST if request.method == "POST" else None
    form = MoveForm(data, mover=request.user, thread=thread)
    if form.is_valid():
        board = form.cleaned_data["board"]
        try:
            actions.move(
                thread=thread,
                board=board,
                by=request.user,
                at=clock.now(),
                reason=form.cleaned_data["reason"],
            )
        except actions.Refusal as refusal:
            form.add_error(None, in_words(refusal))
        else:
            done = _("This thread now stands on “%(board)s”.") % {"board": board}
            messages.success(request, done)
            return redirect(thread)
    status = 422 if form.errors else 200
    return render(request, "threads/move.html", {"thread": thread, "form": form}, status=status)


@require_POST
@policy.moderators
@limited("staff_write")
def revision_hiding(request: FanRequest, pk: int, number: int) -> HttpResponse:
    """Take one earlier wording out of the history, as when it named somebody's address."""
    revisions = PostRevision.objects.visible_to(request.user).select_related("post__thread__board")
    revision = get_object_or_404(revisions, post=pk, number=number)
    if not may_moderate_post(request.user, revision.post):
        messages.error(request, in_words(actions.NotAllowed()))
    else:
        actions.hide_revision(revision=revision, by=request.user, at=clock.now())
        messages.success(request, _("That wording is no longer shown."))
    return redirect("post_history", pk)


def _thread(request: FanRequest, pk: int) -> Thread:
    threads = Thread.objects.visible_to(request.user).select_related("board")
    return get_object_or_404(threads, pk=pk)
