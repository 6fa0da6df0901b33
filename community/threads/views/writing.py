"""Start a thread, answer, edit."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from community.screening.rules import LONGEST_SOURCE
from community.threads import actions
from community.threads.forms import EditForm, ReplyForm, ThreadForm, without_controls
from community.threads.models import Post, State, Thread, ThreadKind
from community.threads.pages import address_of
from community.threads.permissions import may_edit, may_reply
from community.threads.views.composing import (
    as_written,
    drawn,
    filled,
    post_in,
    previewed,
    question_outline,
    reply_form,
)
from community.threads.views.keeping import forget_words, keeps_words, kept_words
from community.threads.views.refusals import in_words
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited

FORM_METHODS = ["GET", "HEAD", "POST"]

# --- A new thread ----------------------------------------------------------------


@require_http_methods(FORM_METHODS)
@keeps_words
@policy.writers
@limited("thread")
def new_thread(request: FanRequest) -> HttpResponse:
    if request.method == "POST":
        return _start_thread(request)
    return _thread_page(request, ThreadForm(author=request.user, initial=_beginning(request)))


def _beginning(request: FanRequest) -> dict[str, object]:
    if kept := kept_words(request):
        return dict(kept)
    kind = request.GET.get("kind", "")
    form = ThreadForm(author=request.user)
    board = form.fields["board"].queryset.filter(slug=request.GET.get("board", ""))  # type: ignore[attr-defined]
    return {
        "board": board.first(),
        "kind": kind if kind in ThreadKind else ThreadKind.DISCUSSION,
        "title": without_controls(request.GET.get("title", ""))[:120],
        "source": question_outline() if kind == ThreadKind.QUESTION else "",
    }


def _start_thread(request: FanRequest) -> HttpResponse:
    form = filled(request, ThreadForm, author=request.user)
    if "preview" in request.POST:
        return _thread_page(request, form, preview=previewed(form))
    if form.is_valid():
        clean = form.cleaned_data
        try:
            thread = actions.start_thread(
                board=clean["board"],
                author=request.user,
                kind=clean["kind"],
                title=clean["title"],
                source=clean["source"],
                submission_key=clean["submission_key"],
                at=clock.now(),
            )
        except actions.Refusal as refusal:
            form.add_error(None, in_words(refusal))
        else:
            forget_words(request)
            _say_if_waiting(request, thread.posts.get(floor=1))
            return redirect(thread)
    return _thread_page(request, form, status=422)


def _thread_page(
    request: FanRequest, form: ThreadForm, *, preview: str | None = None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "preview": preview}
    return render(request, "threads/form.html", context, status=status)


# --- A reply -------------------------------------------------------------------------


@require_http_methods(FORM_METHODS)
@keeps_words
@policy.writers
@limited("reply")
def replies(request: FanRequest, pk: int) -> HttpResponse:
    thread = _thread_to_read(request, pk)
    if request.method == "POST":
        return _reply(request, thread)
    if not may_reply(request.user, thread):
        messages.error(request, in_words(actions.ThreadLocked()))
        return redirect(thread)
    beginning = {"form": ReplyForm(), **reply_form(request, thread)}
    return render(request, "threads/reply.html", {"thread": thread, **beginning})


def _reply(request: FanRequest, thread: Thread) -> HttpResponse:
    form = filled(request, ReplyForm)
    if "preview" in request.POST:
        return _reply_page(request, thread, form, preview=previewed(form))
    if form.is_valid():
        try:
            post = actions.reply(
                thread=thread,
                author=request.user,
                source=form.cleaned_data["source"],
                reply_to=post_in(request, thread, form.cleaned_data["reply_to"]),
                submission_key=form.cleaned_data["submission_key"],
                at=clock.now(),
            )
        except actions.Refusal as refusal:
            form.add_error(None, in_words(refusal))
        else:
            actions.read_own_words(post=post, at=clock.now())
            forget_words(request)
            _say_if_waiting(request, post)
            return redirect(address_of(post.thread, post.floor))
    return _reply_page(request, thread, form, status=422)


def _reply_page(
    request: FanRequest,
    thread: Thread,
    form: ReplyForm,
    *,
    preview: str | None = None,
    status: int = 200,
) -> HttpResponse:
    answered = post_in(request, thread, form["reply_to"].value())
    context = {"thread": thread, "form": form, "answered": answered, "preview": preview}
    return render(request, "threads/reply.html", context, status=status)


def _thread_to_read(request: FanRequest, pk: int) -> Thread:
    threads = Thread.objects.visible_to(request.user).select_related("board", "author")
    return get_object_or_404(threads, pk=pk)


# --- An edit -------------------------------------------------------------------------


@require_http_methods(FORM_METHODS)
@keeps_words
@policy.writers
@limited("edit")
def edit(request: FanRequest, pk: int) -> HttpResponse:
    posts = Post.objects.visible_to(request.user).select_related("thread__board", "author")
    post = get_object_or_404(posts.filter(author=request.user), pk=pk)
    if request.method == "POST":
        return _edit(request, post)
    if not may_edit(request.user, post):
        messages.error(request, _("This post can no longer be changed."))
        return redirect(post.thread)
    form = EditForm(
        post=post, present=as_written(post), initial=kept_words(request) or _as_it_stands(post)
    )
    return _edit_page(request, post, form)


def _as_it_stands(post: Post) -> dict[str, object]:
    return {
        "title": post.thread.latest_title,
        "source": as_written(post),
        "seen": actions.wording_of(post),
    }


def _edit(request: FanRequest, post: Post) -> HttpResponse:
    form = filled(request, EditForm, post=post, present=as_written(post))
    if "preview" in request.POST:
        return _edit_page(request, post, form, preview=previewed(form))
    if form.is_valid():
        try:
            post = actions.edit_post(
                post=post,
                editor=request.user,
                source=form.cleaned_data["source"],
                title=form.cleaned_data.get("title", ""),
                reason=form.cleaned_data["reason"],
                seen=form.cleaned_data["seen"],
                at=clock.now(),
            )
        except actions.EditedMeanwhile as refusal:
            form.add_error(None, in_words(refusal))
            return _conflict_page(request, refusal.post, form)
        except actions.Refusal as refusal:
            form.add_error(None, in_words(refusal))
        else:
            forget_words(request)
            _say_if_waiting(request, post)
            return redirect(address_of(post.thread, post.floor))
    return _edit_page(request, post, form, status=422)


def _conflict_page(request: FanRequest, post: Post, form: EditForm) -> HttpResponse:
    """Both texts: theirs in the form, the other above it. Saving again is based on what is shown."""
    form.data["seen"] = actions.wording_of(post)  # type: ignore[index]
    return _edit_page(request, post, form, meanwhile=post, status=409)


def _edit_page(
    request: FanRequest,
    post: Post,
    form: EditForm,
    *,
    preview: str | None = None,
    meanwhile: Post | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"post": post, "form": form, "preview": preview, "meanwhile": meanwhile}
    return render(request, "threads/edit.html", context, status=status)


# --- For all three -------------------------------------------------------------------


@require_POST
@policy.writers
@limited("preview")
def preview(request: FanRequest) -> HttpResponse:
    """The text as it would look, by the renderer that will write it."""
    source = request.POST.get("source", "")
    context = {"preview": drawn(source), "is_too_long": len(source) > LONGEST_SOURCE}
    return render(request, "threads/_preview.html", context)


def _say_if_waiting(request: FanRequest, post: Post) -> None:
    if post.state != State.WAITING:
        return
    if post.release_at:
        words = _(
            "Only you see this for now. First posts wait a few minutes and then appear by themselves."
        )
    else:
        words = _("Only you see this for now. A moderator looks at it first.")
    messages.info(request, words)
