"""Buttons on a post: delete and undo, react, accept an answer."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from community.threads import actions
from community.threads.models import Post, ReactionKind, State, Thread
from community.threads.pages import address_of
from community.threads.views.refusals import in_words
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited


@require_POST
@policy.signed_in
@limited("edit")
def deletion(request: FanRequest, pk: int) -> HttpResponse:
    """One's own words may always be taken back, also by who may not write now."""
    post = _own_post(request, pk)
    try:
        post = actions.delete_post(post=post, author=request.user, at=clock.now())
    except actions.Refusal as refusal:
        messages.error(request, in_words(refusal))
        return redirect(address_of(post.thread, post.floor))
    undo = reverse("post_restoration", args=[post.pk])
    messages.success(request, _("Your post is deleted."), extra_tags=f"undo:{undo}")
    if post.thread.state == State.DELETED:
        return redirect(post.thread.board)
    return redirect(address_of(post.thread, post.floor))


@require_POST
@policy.writers
@limited("edit")
def restoration(request: FanRequest, pk: int) -> HttpResponse:
    post = _own_post(request, pk)
    try:
        post = actions.restore_post(post=post, author=request.user, at=clock.now())
    except actions.Refusal as refusal:
        messages.error(request, in_words(refusal))
        return redirect("threads")
    messages.success(request, _("Your post is back."))
    return redirect(address_of(post.thread, post.floor))


def _own_post(request: FanRequest, pk: int) -> Post:
    """A deleted post is visible to nobody, so its author's are looked up by author."""
    return get_object_or_404(request.user.posts.select_related("thread__board"), pk=pk)


@require_POST
@policy.writers
@limited("reaction")
def reaction(request: FanRequest, pk: int) -> HttpResponse:
    """`kind` is like or helpful."""
    post, kind = _visible_post(request, pk), _kind(request)
    try:
        actions.react(post=post, fan=request.user, kind=kind, at=clock.now())
    except actions.Refusal as refusal:
        messages.error(request, in_words(refusal))
    return redirect(address_of(post.thread, post.floor))


@require_POST
@policy.writers
@limited("reaction")
def reaction_withdrawal(request: FanRequest, pk: int) -> HttpResponse:
    post, kind = _visible_post(request, pk), _kind(request)
    actions.unreact(post=post, fan=request.user, kind=kind, at=clock.now())
    return redirect(address_of(post.thread, post.floor))


def _kind(request: FanRequest) -> ReactionKind:
    kind = request.POST.get("kind", "")
    if kind not in ReactionKind:
        raise Http404
    return ReactionKind(kind)


def _visible_post(request: FanRequest, pk: int) -> Post:
    posts = Post.objects.visible_to(request.user).select_related("thread__board")
    return get_object_or_404(posts, pk=pk)


@require_POST
@policy.writers
@limited("reaction")
def answer(request: FanRequest, pk: int) -> HttpResponse:
    """The asker names the reply that helped, as `post`; naming none takes the mark back."""
    thread = _visible_thread(request, pk)
    number = request.POST.get("post", "")
    if not number:
        return _withdraw_answer(request, thread)
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Http404
    posts = Post.objects.visible_to(request.user).select_related("thread__board")
    post = get_object_or_404(posts, thread=thread, pk=int(number))
    try:
        actions.accept_answer(post=post, fan=request.user, at=clock.now())
    except actions.Refusal as refusal:
        messages.error(request, in_words(refusal))
    else:
        undo = reverse("thread_answer_withdrawal", args=[thread.pk])
        text = _("You marked this as the answer.")
        messages.success(request, text, extra_tags=f"undo:{undo}")
    return redirect(address_of(thread, post.floor))


@require_POST
@policy.writers
@limited("reaction")
def answer_withdrawal(request: FanRequest, pk: int) -> HttpResponse:
    return _withdraw_answer(request, _visible_thread(request, pk))


def _withdraw_answer(request: FanRequest, thread: Thread) -> HttpResponse:
    try:
        actions.withdraw_answer(thread=thread, fan=request.user, at=clock.now())
    except actions.Refusal as refusal:
        messages.error(request, in_words(refusal))
    return redirect(thread)


def _visible_thread(request: FanRequest, pk: int) -> Thread:
    threads = Thread.objects.visible_to(request.user).select_related("board")
    return get_object_or_404(threads, pk=pk)
