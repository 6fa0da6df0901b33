"""What machines look for at agreed addresses: robots.txt, security.txt, where to change a password."""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from fans import clock, policy
from fans.site.models import SiteIdentity

SECURITY_TXT_LASTS = timedelta(days=180)

# Personal and changing addresses are nothing for a search engine.
ROBOTS = """\
User-agent: *
Disallow: /accounts/
Disallow: /admin/
Disallow: /me/
Disallow: /moderation/
Disallow: /staff/
Disallow: /welcome/
Disallow: /preview/
Allow: /
"""


@require_safe
@policy.anyone
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")


@require_safe
@policy.anyone
def security(request: HttpRequest) -> HttpResponse:
    """RFC 9116: whom to tell of a hole, in which languages, and until when this holds."""
    # To the day, so that the page is the same for all who ask on one day.
    expires = (clock.now() + SECURITY_TXT_LASTS).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: mailto:{contact_address()}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en, zh",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def contact_address() -> str:
    """The staff's own choice; until there is one, the address mail standards reserve for this."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return SiteIdentity.current().contact_email or f"security@{host}"


@require_safe
@policy.anyone
def change_password(request: HttpRequest) -> HttpResponse:
    return redirect(reverse("account_change_password"))
