"""All mail of a development site, sent or not. The route exists in development only."""

from email import message_from_bytes
from email import policy as email_policy

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from fans import policy
from fans.mail.models import QueuedMail

LISTED = 50
_NOTHING_BUT_STYLE = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@policy.anyone
def mailbox(request: HttpRequest) -> HttpResponse:
    mails = QueuedMail.objects.order_by("-created_at", "-pk").defer("message")[:LISTED]
    return render(request, "mail/mailbox.html", {"mails": mails})


@policy.anyone
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    queued = get_object_or_404(QueuedMail, pk=pk)
    return render(request, "mail/mail.html", {"mail": queued, "text": _part(queued, "plain")})


@policy.anyone
def mail_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML version by itself, where no script runs and nothing is loaded."""
    html = _part(get_object_or_404(QueuedMail, pk=pk), "html")
    return HttpResponse(html, headers={"Content-Security-Policy": _NOTHING_BUT_STYLE})


def _part(queued: QueuedMail, kind: str) -> str:
    parsed = message_from_bytes(bytes(queued.message), policy=email_policy.default)
    body = parsed.get_body((kind,))
    return str(body.get_content()) if body else ""
