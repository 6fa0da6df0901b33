from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from community.moderation import actions, desk
from community.moderation.forms import WaitingForm
from community.threads import actions as threads
from community.threads.models import Post
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited

BATCH = 10


@require_http_methods(["GET", "HEAD", "POST"])
@policy.moderators
@limited("staff_write")
def moderation_waiting(request: FanRequest) -> HttpResponse:
    """Posts that wait for a moderator, ten at a time, the oldest first (A1)."""
    waiting = desk.waiting_posts(request.user)
    posts = desk.with_what_to_look_at(list(waiting.order_by("created_at", "pk")[:BATCH]))
    if request.method == "POST":
        wanted = [int(pk) for pk in request.POST.getlist("posts") if pk.isascii() and pk.isdigit()]
        offered = {post.pk: post for post in waiting.filter(pk__in=wanted[:BATCH])}
        form = WaitingForm(request.POST, offered=list(offered))
        if form.is_valid():
            _decide(request, [offered[pk] for pk in form.cleaned_data["posts"]], form)
            return redirect("moderation_waiting")
    else:
        form = WaitingForm(offered=[])
    return render(
        request,
        "moderation/waiting.html",
        {"posts": posts, "form": form, "chosen": request.POST.getlist("posts")},
    )


def _decide(request: FanRequest, posts: list[Post], form: WaitingForm) -> None:
    done_count = sum(_decide_one(request, post, form) for post in posts)
    if done_count < len(posts):
        messages.info(request, _("A colleague has decided about some of these meanwhile."))
    if not done_count:
        return
    if form.cleaned_data["verb"] == "publish":
        words = ngettext("%(count)d post appeared.", "%(count)d posts appeared.", done_count)
    else:
        words = ngettext(
            "%(count)d post was turned down; its author is told why.",
            "%(count)d posts were turned down; their authors are told why.",
            done_count,
        )
    messages.success(request, words % {"count": done_count})


def _decide_one(request: FanRequest, post: Post, form: WaitingForm) -> bool:
    at = clock.now()
    try:
        if form.cleaned_data["verb"] == "publish":
            actions.publish_post(post=post, by=request.user, at=at)
        else:
            actions.reject_post(
                post=post,
                by=request.user,
                rule=form.cleaned_data["rule"],
                note=form.cleaned_data["note"],
                at=at,
            )
    except (threads.NotInThatState, threads.NotAllowed):
        return False
    return True
