"""Out of the weekly letter in one press, without signing in; and the mail room of the staff."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.digests import actions
from fans.digests.models import Delivery, Issue
from fans.digests.tokens import fan_of
from fans.limits import limited

ISSUES_SHOWN = 4  # mail is forgotten after 30 days, and with it what became of it
LETTERS_SHOWN = 50


@csrf_exempt  # the signed token is the proof: mail servers press this button too (RFC 8058)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@policy.anyone
@limited("unsubscribe")
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button and changes nothing; POST stops the letter."""
    fan = fan_of(token)
    if fan is None:
        return render(request, "digests/unknown_token.html", status=404)
    if request.method == "POST":
        actions.stop_weekly(fan=fan)
        if "List-Unsubscribe" in request.POST:  # a server, which follows no redirect
            return HttpResponse(_("Done."), content_type="text/plain; charset=utf-8")
        return redirect("unsubscribe", token=token)
    context = {"token": token, "address": _masked(fan.email), "is_stopped": not fan.wants_weekly}
    return render(request, "digests/unsubscribe.html", context)


@csrf_exempt
@require_POST
@policy.anyone
@limited("unsubscribe")
def unsubscribe_withdrawal(request: HttpRequest, token: str) -> HttpResponse:
    """Undo: the letter comes again."""
    fan = fan_of(token)
    if fan is None:
        return render(request, "digests/unknown_token.html", status=404)
    actions.resume_weekly(fan=fan)
    return redirect("unsubscribe", token=token)


def _masked(address: str) -> str:
    """`l***@example.com`: enough to know one's own by."""
    name, _at, host = address.rpartition("@")
    return f"{name[:1]}***@{host}"


# --- The mail room ---------------------------------------------------------------------


@require_safe
@policy.staff
def staff_digests(request: FanRequest) -> HttpResponse:
    unknown = Delivery.objects.visible_to(request.user).unknown()
    issues = Issue.objects.visible_to(request.user)
    letters = unknown.select_related("issue", "mail", "fan__standing").defer("mail__message")
    context = {
        "issues": issues.with_counts().order_by("-until_at", "-pk")[:ISSUES_SHOWN],
        "letters": letters.order_by("mail__unknown_at", "pk")[:LETTERS_SHOWN],
    }
    return render(request, "digests/room.html", context)


@require_POST
@policy.staff
@limited("staff_write")
def letter_arrival(request: FanRequest, pk: int) -> HttpResponse:
    return _decide(request, pk, actions.note_arrival, _("Noted: it arrived."))


@require_POST
@policy.staff
@limited("staff_write")
def letter_sending(request: FanRequest, pk: int) -> HttpResponse:
    return _decide(request, pk, actions.send_again, _("It goes out again within a minute."))


def _decide(request: FanRequest, pk: int, decide: Callable[..., bool], words: str) -> HttpResponse:
    delivery = get_object_or_404(
        Delivery.objects.visible_to(request.user).select_related("fan"), pk=pk
    )
    if decide(delivery=delivery, actor=request.user, at=clock.now()):
        messages.success(request, words)
    else:
        messages.info(request, _("Nothing to decide any more: somebody was quicker."))
    return redirect("staff_digests")
