from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.moderation import actions
from community.moderation.forms import FlagForm
from community.moderation.permissions import flags_as_core
from community.threads.models import Post
from fans import clock, policy
from fans.accounts.models import Fan
from fans.limits import limited


def _row(request: HttpRequest) -> str:
    if not isinstance(request.user, Fan):
        return "guest_flag"
    return "flag_by_core" if flags_as_core(request.user) else "flag"


@require_http_methods(["GET", "HEAD", "POST"])
@policy.anyone
@limited(_row)
def post_flag(request: HttpRequest, pk: int) -> HttpResponse:
    """Report a post; guests too, by the same form."""
    post = get_object_or_404(
        Post.objects.visible_to(request.user).select_related("thread", "author__standing"), pk=pk
    )
    form = FlagForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and _may_file(request, form):
        try:
            actions.flag_post(
                post=post,
                reporter=_reporter(request),
                rule=form.cleaned_data["rule"],
                note=form.cleaned_data["note"],
                at=clock.now(),
            )
        except actions.OwnWords:
            form.add_error(None, _("This post is your own. You can edit or delete it."))
        else:
            return _thanks(request, post.get_absolute_url())
    return render(request, "moderation/flag.html", {"form": form, "post": post})


@require_http_methods(["GET", "HEAD", "POST"])
@policy.anyone
@limited(_row)
def fan_flag(request: HttpRequest, handle: str) -> HttpResponse:
    """Report a person; guests too, by the same form."""
    fan = get_object_or_404(Fan.objects.visible_to(request.user), handle__iexact=handle)
    form = FlagForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and _may_file(request, form):
        try:
            actions.flag_fan(
                fan=fan,
                reporter=_reporter(request),
                rule=form.cleaned_data["rule"],
                note=form.cleaned_data["note"],
                at=clock.now(),
            )
        except actions.OwnWords:
            form.add_error(None, _("You cannot report yourself."))
        else:
            return _thanks(request, fan.get_absolute_url())
    return render(request, "moderation/flag.html", {"form": form, "fan": fan})


def _reporter(request: HttpRequest) -> Fan | None:
    return request.user if isinstance(request.user, Fan) else None


def _may_file(request: HttpRequest, form: FlagForm) -> bool:
    reporter = _reporter(request)
    if reporter is not None and (reason := reporter.writing_refusal(clock.now())):
        form.add_error(None, reason)
    return form.is_valid()


def _thanks(request: HttpRequest, address: str) -> HttpResponse:
    messages.success(request, _("Thank you. A moderator will look at it."))
    return redirect(address)
